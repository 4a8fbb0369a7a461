from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from messaging import checks

__all__ = ["MessagingConfig", "checks"]


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from messaging import kinds, notices  # noqa: PLC0415 - needs the models, which are not there yet

        for kind in notices.KINDS:
            kinds.register(kind)
