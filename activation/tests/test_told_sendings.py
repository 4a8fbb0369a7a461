"""Where the journey says what became of a message, and where it must not."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from accounts import code_requests
from activation.models import ActivationCode
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.journey import at_contact_code, at_wait
from activation.tests.worker import verify_all
from cards.models import Card
from cards.tests.factories import CardFactory
from messaging.gateways.gateway import Outcome
from messaging.models import Message
from messaging.outcomes import mark
from messaging.tallies import TallySheet

pytestmark = pytest.mark.django_db
AT = re.compile(r"\d\d:\d\d(?::\d\d)?")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """A page names the day, too, of a moment that is not today's: none of these days ends."""
    with time_machine.travel("2026-03-02 12:00:00+08:00"):
        yield


@pytest.fixture
def card(settings: Settings) -> Card:
    settings.VOICE_URL = "console:"
    return CardFactory.create(
        phone="+8613800138000", email="zhang@qq.com", language="en", programme__code_fallback=["voice", "email"]
    )


def sent(kind: str) -> Message:
    """The newest waiting message of this kind has been taken by a gateway."""
    message = Message.objects.waiting().filter(kind=kind).latest("pk")
    Message.objects.filter(pk=message.pk).update(sent_at=timezone.now(), gateway="http", provider_id=str(message.pk))
    return Message.objects.get(pk=message.pk)


def became(message: Message, state: Any) -> None:
    mark(message, Outcome(state), gateway="http", provider_id=message.provider_id, sheet=TallySheet())


def seen(browser: Browser) -> str:
    """The words of the page's main part, its moments as (moment)."""
    main = browser.text[browser.text.index("<main") : browser.text.index("</main>")]
    words = re.sub(r"<[^>]+>", "", re.sub(r'<span class="vh">.*?</span>', "", main.replace("</p>", " </p>")))
    return AT.sub("(moment)", " ".join(words.split()))


def test_the_page_of_the_security_code_says_what_became_of_it(card: Card) -> None:
    browser = at_contact_code(card)
    assert "We sent a security code to 138 **** 8000. A text message can take a minute or two." in seen(browser)
    message = sent("contact_code")
    browser.open(browser.at)
    assert "Sent to 138 **** 8000 at (moment). A text message can take a minute or two." in seen(browser)
    became(message, "undelivered")
    browser.open(browser.at)
    assert (
        "Sent to 138 **** 8000 at (moment); not delivered. We are calling 138 **** 8000. "
        "Use another number or email address" in seen(browser)
    )
    call = sent("contact_code")
    became(call, "undelivered")
    browser.open(browser.at)
    assert "We called 138 **** 8000 at (moment); nobody answered." in seen(browser)
    assert "z***@qq.com" not in browser.text, "which the person has not given"
    became(message, "delivered")
    browser.open(browser.at)
    assert "Delivered to 138 **** 8000 at (moment)." in seen(browser)


def test_the_done_page_says_whom_it_told(card: Card) -> None:
    browser = at_wait(card)
    verify_all()
    browser.open(browser.at.replace("wait", "done"))
    assert "We are sending a message to 138 **** 8000. We are sending a message to z***@qq.com." in seen(browser)
    for state in ("undelivered", "delivered"):
        became(sent("card_active"), state)
    browser.open(browser.at)
    assert "Sent to z***@qq.com at (moment); not delivered." in seen(browser)
    assert "Delivered to 138 **** 8000 at (moment)." in seen(browser)


def test_who_enters_an_older_code_is_told_where_the_current_one_went(card: Card) -> None:
    older = issue(card, superseded_at=timezone.now())
    browser = Browser()
    browser.open("/code/new/")
    browser.fill(card_number=card.number, contact=card.phone)
    code_requests.answer_waiting()
    became(sent("activation_code"), "undelivered")
    became(sent("activation_code"), "undelivered")  # the call
    browser.open("/activate/enter-code/")
    browser.fill(card_number=card.number, code=older.derive())
    assert (
        "That is an older code. A newer one was issued at (moment) "
        "Sent to 138 **** 8000 at (moment); not delivered. "
        "We called 138 **** 8000 at (moment); nobody answered. We are sending it to z***@qq.com as well."
        in seen(browser)
    )


@pytest.mark.parametrize("asking", ["known", "unknown"])
def test_after_asking_for_a_code_nothing_is_told_whatever_became_of_it(card: Card, asking: str) -> None:
    """A stranger may ask for any card: N3 is all there is, before and after the message was lost."""
    browser = Browser()
    browser.open("/code/new/")
    browser.fill(card_number=card.number, contact=card.phone if asking == "known" else "13900139000")
    pages = ["/code/new/sent/", "/activate/enter-code/", "/code/new/"]
    before = [seen_at(browser, page) for page in pages]
    code_requests.answer_waiting()
    if asking == "known":
        became(sent("activation_code"), "undelivered")
        assert Message.objects.filter(in_place_of__isnull=False).exists()
    assert [seen_at(browser, page) for page in pages] == before
    assert not any("not delivered" in words or "138 ****" in words for words in before)


def seen_at(browser: Browser, page: str) -> str:
    browser.open(page)
    return seen(browser)


def test_a_card_that_somebody_else_s_code_was_sent_for_tells_nothing(card: Card) -> None:
    issue(card, channel="sms", at=timezone.now() - timedelta(minutes=1))
    browser = Browser()
    browser.open("/activate/enter-code/")
    wrong = f"{(int(ActivationCode.objects.get().derive()) + 1) % 10**6:06d}"
    browser.fill(card_number=card.number, code=wrong)
    assert "138 ****" not in browser.text
