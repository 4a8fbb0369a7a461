"""What was paid with cards, what is on them, and what cardholders were told to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cards.masks import mask_card
from desk.reading import ReadOnlyAdmin, link_to
from desk.search import by_card
from pages.money import money
from statements.models import Alert, Transaction


@admin.register(Transaction)
class TransactionAdmin(ReadOnlyAdmin):
    """Every transaction, the last to come in first."""

    list_display = ("at", "card_link", "kind", "told", "merchant_name", "country")
    fields = (
        "at",
        "card_link",
        "kind",
        "told",
        "description",
        "merchant_name",
        "merchant_category",
        "country",
        "issuer_id",
    )
    related = ("card",)
    find_by = by_card("card__")

    @admin.display(description=_("Amount"))
    def told(self, transaction: Transaction) -> str:
        """The amount with its currency and its sign."""
        return money(transaction.amount, transaction.currency)

    @admin.display(description=_("Card"))
    def card_link(self, transaction: Transaction) -> str:
        """The card, by its last digits."""
        return link_to(transaction.card, mask_card(transaction.card.number_tail))


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    """What cardholders were told of."""

    list_display = ("transaction_link", "rule", "card_link", "account_link", "read_at")
    fields = ("transaction_link", "rule", "card_link", "account_link", "read_at")
    related = ("transaction__card", "user")
    find_by = by_card("transaction__card__")

    @admin.display(description=_("Transaction"))
    def transaction_link(self, alert: Alert) -> str:
        """The transaction, by its moment."""
        return link_to(alert.transaction, f"{alert.transaction.at:%Y-%m-%d %H:%M}")

    @admin.display(description=_("Card"))
    def card_link(self, alert: Alert) -> str:
        """The card, by its last digits."""
        return link_to(alert.transaction.card, mask_card(alert.transaction.card.number_tail))

    @admin.display(description=_("Account"))
    def account_link(self, alert: Alert) -> str:
        """The account."""
        return link_to(alert.user, alert.user)
