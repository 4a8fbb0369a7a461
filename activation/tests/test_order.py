"""Every page by GET and POST from every state, by the seat's browser and a stranger: nothing out of order."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from activation.models import ActivationAttempt, ContactCode
from activation.seats import SEATS
from activation.steps import JOURNEY
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.worker import verify_all
from cards.models import Card, CardEvent, Pin
from cards.tests.factories import CardFactory
from messaging.models import Message

pytestmark = pytest.mark.django_db

STATES = (
    "opened",
    "identified",
    "code sent",
    "contact confirmed",
    "pin chosen",
    "submitted",
    "passed",
    "refused",
    "closed",
)
PAGES = (
    "confirm-identity/",
    "confirm-contact/",
    "confirm-contact/code/",
    "choose-pin/",
    "submit/",
    "wait/",
    "wait/status/",
    "done/",
    "problem/",
    "confirm-identity/document/",
    "enter-code/",
    "nothing/",
)
MOMENTS = ("identity_confirmed_at", "contact_confirmed_at", "pin_chosen_at", "submitted_at", "closed_at")


def bring_to(state: str, browser: Browser, card: Card) -> ActivationAttempt:
    """Play the journey with a code from a letter up to `state`."""
    browser.open("/activate/enter-code/")
    browser.fill(card_number=card.number, code=issue(card, "letter").derive())
    attempt = ActivationAttempt.objects.get()
    base, far = f"/activate/{attempt.reference}/", STATES.index(state) if state != "closed" else 4
    name = card.holder_name if state != "refused" else "李四"
    if far >= 1:
        browser.send(f"{base}confirm-identity/", name=name, idno=card.id_number)
    if far >= 2:
        browser.send(f"{base}confirm-contact/", phone=card.phone, email="", via="sms")
    if far >= 3:
        browser.send(f"{base}confirm-contact/code/", otp=ContactCode.objects.get().derive())
    if far >= 4:
        browser.send(f"{base}choose-pin/", pin="739146", pin2="739146")
    if far >= 5:
        browser.send(f"{base}submit/", agree="on")
    if far >= 6:
        verify_all()
    if state == "closed":
        ActivationAttempt.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    return ActivationAttempt.objects.get()


def answers_for(page: str, card: Card) -> dict[str, str]:
    code = ContactCode.objects.first()
    return {
        "confirm-identity/": {"name": card.holder_name, "idno": card.id_number},
        "confirm-contact/": {"phone": card.phone, "via": "sms"},
        "confirm-contact/code/": {"otp": code.derive() if code else "123456"},
        "choose-pin/": {"pin": "739146", "pin2": "739146"},
        "submit/": {"agree": "on"},
    }.get(page, {})


def facts(card: Card) -> dict[str, Any]:
    """Everything that a page out of order could change."""
    return {
        "attempts": list(ActivationAttempt.objects.order_by("pk").values(*MOMENTS, "verdict", "seat_hash")),
        "card": Card.objects.values("state", "pin_status").get(pk=card.pk),
        "pins": list(Pin.objects.values("stage", "chosen_at")),
        "codes": list(ContactCode.objects.values("pk", "consumed_at")),
        "events": CardEvent.objects.count(),
        "messages": Message.objects.count(),
    }


def may_change(state: str, page: str) -> bool:
    """Whether this page, posted with right answers, is in order: its step is done or the first undone one."""
    order = ("confirm-identity/", "confirm-contact/", "confirm-contact/code/", "choose-pin/", "submit/")
    if state == "refused":
        return page == "problem/"
    if state in ("submitted", "passed", "closed") or page not in order:
        return False
    if page == "confirm-contact/code/":
        return state == "code sent"
    step, reached = order.index(page), STATES.index(state)
    return step <= reached if reached < 2 else page != "confirm-contact/code/" and step <= max(reached, 1)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("state", STATES)
def test_no_page_changes_anything_out_of_order(state: str, page: str) -> None:
    card, browser = CardFactory.create(), Browser()
    attempt = bring_to(state, browser, card)
    before, address = facts(card), f"/activate/{attempt.reference}/{page}"
    if page == "enter-code/":
        address = f"/activate/{attempt.reference}/enter-code/"

    assert browser.open(address).status_code in (200, 404)
    assert facts(card) == before, "a GET changed something"

    stranger = Browser()
    for method in (stranger.open, stranger.send):
        assert method(address, **(answers_for(page, card) if method == stranger.send else {})).status_code in (
            200,
            404,
        )
    assert facts(card) == before, "a stranger changed something"

    assert browser.send(address, **answers_for(page, card)).status_code in (200, 403, 404, 405)
    if not may_change(state, page):
        assert facts(card) == before, "a POST out of order changed something"


def test_the_table_would_tell_a_journey_that_lets_a_later_step_be_posted_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin: without the order in the view and in the row, a PIN can be chosen before anything else."""
    card, browser = CardFactory.create(), Browser()
    attempt = bring_to("opened", browser, card)
    before = facts(card)
    monkeypatch.setattr("activation.views.journey.may_open", lambda *_args: True)
    browser.send(f"/activate/{attempt.reference}/choose-pin/", **answers_for("choose-pin/", card))
    assert facts(card) != before


def test_a_stranger_with_a_forged_seat_is_told_nothing() -> None:
    card, browser, stranger = CardFactory.create(), Browser(), Browser()
    attempt = bring_to("identified", browser, card)
    stranger.open("/activate/enter-code/")
    session = stranger.client.session
    session[SEATS] = {attempt.reference: ["a guess", int(time.time())]}
    session.save()
    stranger.client.cookies["sessionid"] = session.session_key or ""
    before = facts(card)
    for step in JOURNEY[1:]:
        stranger.open(f"/activate/{attempt.reference}/{step.slug}/")
        assert card.holder_name not in stranger.text
        stranger.send(f"/activate/{attempt.reference}/{step.slug}/", **answers_for(f"{step.slug}/", card))
    assert facts(card) == before
    assert "somewhere else" in stranger.text
