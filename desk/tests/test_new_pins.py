"""Staff stop a new PIN that a caller does not want; they set none, and see none."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import PinReset
from accounts.pins import settling as pin_settling
from accounts.tests.pins import NEW, OLD, code_for, own_card, pin_of, reset, without_account
from cards.models import Card, CardEvent
from cards.models.pin import Pin
from desk.tests.conftest import SignIn
from desk.tests.pages import page_of
from messaging.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    """A new PIN was chosen for it by somebody without an account, and waits for its day."""
    _user, card = own_card()
    asked = without_account(card)
    reset(asked, code_for(asked), NEW)
    return card


def stop(client: Any, card: Card, **given: str) -> Any:
    address = reverse("admin:cards_card_act", args=[card.pk, "stop-new-pin"])
    return client.post(address, {"reason": "other", "comment": "She did not ask for it", **given})


def test_an_agent_stops_it_and_every_contact_is_told(signed_in: SignIn, card: Card) -> None:
    answer = stop(signed_in("agent"), card)
    assert [str(said) for said in get_messages(answer.wsgi_request)] == [
        "The new PIN was dropped. The old one works on."
    ]
    assert (PinReset.objects.get().outcome, pin_of(card)) == ("stopped", OLD)
    assert not Pin.objects.pending().exists()
    event = CardEvent.objects.get(kind="pin_reset_ended")
    assert (event.actor_role, event.channel, event.reason, event.comment) == (
        "agent",
        "ADMIN",
        "other",
        "She did not ask for it",
    )
    assert Message.objects.filter(kind="pin_kept").count() == 2


def test_what_works_already_is_not_stopped(signed_in: SignIn, card: Card) -> None:
    made = PinReset.objects.get()
    PinReset.objects.update(takes_effect_at=made.chosen_at, next_try_at=made.chosen_at)
    pin_settling.settle_waiting()
    assert "No new PIN is on its way" in stop(signed_in("agent"), card).content.decode()
    assert pin_of(card) == NEW


def test_the_page_of_the_card_and_that_of_the_new_pin_tell_the_way_and_never_the_pin(
    signed_in: SignIn, card: Card
) -> None:
    client = signed_in("agent")
    for address in (page_of(card), page_of(PinReset.objects.get())):
        text = client.get(address).content.decode()
        assert "Without an account, with a code and the ID number" in text
        assert NEW not in text and OLD not in text
