from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from messaging import checks

__all__ = ["MessagingConfig", "checks"]


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")
