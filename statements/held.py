"""What this room holds about somebody."""

from django.utils.translation import gettext_lazy as _

from accounts.held_rows import Rows, own_cards, read
from accounts.holdings import Holding, register
from accounts.models import User
from statements.models import Alert, AlertSettings, Balance, MonthTotal, Transaction


def transactions(user: User) -> Rows:
    """All of the cards in the account, in the order in which they are kept."""
    columns = ("at", "amount", "currency", "kind", "description", "merchant_name", "merchant_category", "country")
    mine = Transaction.objects.filter(card__in=own_cards(user)).order_by("card", "at", "id")
    return read(mine, "card__number_tail", "issuer_id", *columns)


def balances(user: User) -> Rows:
    mine = Balance.objects.filter(card__in=own_cards(user)).order_by("pk")
    return read(mine, "card__number_tail", "amount", "currency", "as_of")


def alerts(user: User) -> Rows:
    mine = Alert.objects.filter(user=user).order_by("pk")
    return read(mine, "rule", "measure", "read_at", "transaction__issuer_id")


def settings(user: User) -> Rows:
    mine = AlertSettings.objects.filter(user=user)
    return read(mine, "limit", "currency", "night_from", "night_until", "repeats", "told")


def register_all() -> None:
    """Have it told. Amounts are in the smallest units of their currency."""
    for holding in (
        Holding(
            "transactions",
            _("Transactions of your cards"),
            _("To show you your statement"),
            _("three years"),
            transactions,
            (Transaction, MonthTotal),
        ),
        Holding(
            "balances",
            _("Balances of your cards"),
            _("To show you your statement"),
            _("until the issuer tells a newer one"),
            balances,
            (Balance,),
        ),
        Holding(
            "alerts",
            _("Alerts about your payments"),
            _("To tell you of what you asked to be told"),
            _("one year"),
            alerts,
            (Alert,),
        ),
        Holding(
            "alert_settings",
            _("Your alert settings"),
            _("To tell you of what you asked to be told"),
            _("as long as the account is open"),
            settings,
            (AlertSettings,),
        ),
    ):
        register(holding)
