from importlib import import_module

from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "cards"

    def ready(self) -> None:
        """Hook up the system checks."""
        import_module("cards.checks")
