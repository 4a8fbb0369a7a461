"""What the page of a code that somebody signed in has asked for says of its message: what is true of the last one."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts import code_requests
from accounts.models import AccountCode, LossCode, PinResetCode
from accounts.tests.codes import another
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.pins import card_with_pin
from cards.dimensions import State
from cards.models import Card
from messaging.models import Message
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db

SENDING, SENT = "We are sending a security code to", "Sent to"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-03-02 12:00:00+08:00", tick=False) as traveller:
        yield traveller


def said(browser: Browser) -> set[str]:
    return {words for words in (SENDING, SENT) if f"<p>{words} " in browser.text}


@pytest.mark.parametrize(
    ("page", "via", "codes", "more"),
    [
        ("/cards/{card}/found/", "sms", LossCode, {}),
        ("/cards/{card}/pin/", "sms", PinResetCode, {"pin": "820537", "pin2": "820537"}),
        ("/account/close/", "phone", AccountCode, {}),
    ],
    ids=["unfreezing", "a new PIN", "closing the account"],
)
def test_it_says_sending_until_the_message_is_sent_and_then_when_also_after_a_wrong_code(
    clock: Any, page: str, via: str, codes: Any, more: dict[str, str]
) -> None:
    card = card_with_pin(phone="+8613800138000", email="")
    user = CardBindingFactory.create(card=card, user=UserFactory.create(phone=card.phone)).user
    if "found" in page:
        Card.objects.filter(pk=card.pk).update(state=State.SUSPENDED)
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    browser.open(page.format(card=card.pk))
    browser.fill(via=via)
    for _time in range(2):
        code_requests.answer_waiting()
        browser.open(browser.at)
        assert said(browser) == {SENDING}
        clock.shift(5)
        Message.objects.waiting().update(sent_at=timezone.now(), gateway="http")
        browser.fill(otp=another(codes.objects.latest("issued_at").derive()), **more)
        assert "That code is not correct" in browser.text and said(browser) == {SENT}
        clock.shift(60)
        browser.fill(resend="1")  # the first message is not the one to wait for now
        assert said(browser) == {SENDING}
