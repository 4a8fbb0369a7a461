"""What an alert says on its page: one sentence that names the rule by which it is told."""

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pages.markup import digits
from pages.money import money
from pages.times import moment_told
from statements.countries import country_told
from statements.models import Alert
from statements.models.alerts import Rule


def sentence(alert: Alert) -> SafeString:
    """Say what was paid, where, and which rule named it. Reads the alert's transaction."""
    paid = alert.transaction
    words = {
        Rule.AMOUNT: _("%(amount)s at %(merchant)s is above your limit of %(limit)s"),
        Rule.ABROAD: _("%(amount)s at %(merchant)s was paid abroad (%(country)s)"),
        Rule.NIGHT: _("%(amount)s at %(merchant)s was paid at night, between %(hour)s:00 and %(hour)s:59"),
        Rule.REPEATS: _("%(amount)s at %(merchant)s was payment number %(n)s within 10 minutes"),
        Rule.FIRST: _("%(amount)s at %(merchant)s was your first payment at this kind of merchant"),
    }[Rule(alert.rule)]
    return SafeString(
        escape(words)
        % {
            "amount": digits(money(abs(paid.amount), paid.currency)),
            "merchant": escape(paid.merchant_name or paid.description or _("an unnamed place")),
            "limit": digits(money(alert.measure, paid.currency)),
            "country": escape(country_told(paid.country)),
            "hour": alert.measure,
            "n": alert.measure,
        }
    )


def when(alert: Alert) -> str:
    """Tell the moment of the payment by the programme's clock."""
    with timezone.override(alert.transaction.card.programme.zone):
        return moment_told(alert.transaction.at)
