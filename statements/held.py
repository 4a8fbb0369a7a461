"""What this room holds about somebody."""

from django.utils.translation import gettext_lazy as _

from accounts.held.holdings import CHUNK, Holding, register
from accounts.held.rows import Rows, own_cards, read
from accounts.models import User
from pages.money import plain
from statements.countries import country_told
from statements.models import Alert, AlertSettings, Balance, MonthTotal, Transaction
from statements.models.alerts import Rule


def transactions(user: User) -> Rows:
    """All of the cards in the account, in the order in which they are kept."""
    columns = ("at", "amount", "currency", "kind", "description", "merchant_name", "merchant_category", "country")
    mine = Transaction.objects.filter(card__in=own_cards(user)).order_by("card", "at", "id")
    for row in _with_amounts(read(mine, "card__number_tail", "issuer_id", *columns), "amount"):
        yield {**row, "country": country_told(row["country"])}


def balances(user: User) -> Rows:
    mine = Balance.objects.filter(card__in=own_cards(user)).order_by("pk")
    return _with_amounts(read(mine, "card__number_tail", "amount", "currency", "as_of"), "amount")


def alerts(user: User) -> Rows:
    mine = Alert.objects.filter(user=user).order_by("pk")
    for alert in mine.select_related("transaction").iterator(chunk_size=CHUNK):
        of_money = alert.rule == Rule.AMOUNT
        yield {
            "transaction": alert.transaction.issuer_id,
            "rule": alert.get_rule_display(),
            "compared_with": plain(alert.measure, alert.transaction.currency) if of_money else alert.measure,
            "read_at": alert.read_at,
        }


def settings(user: User) -> Rows:
    mine = AlertSettings.objects.filter(user=user)
    return _with_amounts(read(mine, "limit", "currency", "night_from", "night_until", "repeats", "told"), "limit")


def _with_amounts(rows: Rows, name: str) -> Rows:
    """The rows with their amount of smallest units written as people do: "-12.50", beside its currency."""
    for row in rows:
        yield {**row, name: plain(row[name], row["currency"])}


def register_all() -> None:
    """Have it told."""
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
            _("To tell you of payments that fall under your alert settings"),
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
