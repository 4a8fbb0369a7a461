from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "vault"

    def ready(self) -> None:
        from vault import key_samples  # noqa: F401, PLC0415 - a check; models can be imported only now
