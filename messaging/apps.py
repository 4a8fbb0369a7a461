from django.apps import AppConfig

from messaging import checks

__all__ = ["MessagingConfig", "checks"]


class MessagingConfig(AppConfig):
    name = "messaging"
