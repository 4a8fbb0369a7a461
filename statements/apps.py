from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatementsConfig(AppConfig):
    name = "statements"
    verbose_name = _("Statements")

    def ready(self) -> None:
        from accounts import beside_cards  # noqa: PLC0415 - models can be imported only now
        from statements import my_cards  # noqa: PLC0415

        beside_cards.register_beside(my_cards.beside_cards)
