from django.apps import AppConfig

from portal import checks

__all__ = ["PortalConfig", "checks"]


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import sweeps  # noqa: F401, PLC0415 - it listens; models can be imported only now
