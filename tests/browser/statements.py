"""P14 and P19: the statement of a card, alerts, and what one wants to be told of."""

from datetime import UTC, datetime, timedelta

from accounts.tests.factories import CardBindingFactory, UserFactory
from activation.tests.browser import Browser
from cards.models import Card
from cards.tests.factories import CardFactory
from statements.tests.factories import come_in, record, spend
from statements.tests.test_alerts import noon
from tests.browser.signing_in import EMAIL, PHONE

MARCH = datetime(2026, 3, 2, 2, tzinfo=UTC)


def holder() -> tuple[Browser, Card]:
    """A browser whose holder is signed in, and the holder's card."""
    user = UserFactory.create(phone=PHONE, email=EMAIL)
    card = CardFactory.create(number="6200000000002604", state="active")
    CardBindingFactory.create(user=user, card=card)
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    return browser, card


def statement(query: str = "") -> Browser:
    """45 purchases in March, the top-up before them, and one payment in Hong Kong in February."""
    browser, card = holder()
    spend(card, 45, since=MARCH)
    come_in(
        card,
        record(card, MARCH - timedelta(hours=1), 50_000, kind="top_up", description="充值", merchant_name=""),
        record(card, MARCH - timedelta(days=9), -5_00, currency="HKD", country="HK", balance=123_456),
    )
    browser.open(f"/cards/{card.pk}/transactions/{query}")
    return browser


def alerts() -> Browser:
    """One by each of three rules, one of them read."""
    browser, card = holder()
    come_in(card, record(card, noon() - timedelta(hours=3), -1_000_01))
    browser.open("/alerts/")
    browser.fill()
    come_in(card, record(card, noon() - timedelta(hours=1), -20_00, country="JP"), record(card, noon(), -3_000_00))
    browser.open("/alerts/")
    return browser


def opened(address: str) -> Browser:
    browser, _card = holder()
    browser.open(address)
    return browser


WALKS = {
    "statement": statement,
    "statement, what came in": lambda: statement("?month=all&show=in"),
    "statement, nothing in this month": lambda: statement("?month=2025-12"),
    "alerts": alerts,
    "alerts, none yet": lambda: opened("/alerts/"),
    "alert settings": lambda: opened("/alerts/settings/"),
}
WRONG = {
    "alert settings": {"limit": "much"},
}
