"""Staff say which card takes another one's place: of the same person, looked at first, and taken back in time."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cards import replacements
from cards.dimensions import State
from cards.masks import mask_name
from cards.models import Card, CardEvent
from cards.replacements import retire_replaced
from cards.tests.factories import CardFactory, ProgrammeFactory
from desk.tests.conftest import SignIn
from desk.tests.pages import page_of

pytestmark = pytest.mark.django_db
NOT_OPEN = "No open card of this programme has this number"
NOT_THEIRS = "registered for another identity document"


def act(client: Client, card: Card, slug: str = "name-replacement", **given: str) -> Any:
    address = reverse("admin:cards_card_act", args=[card.pk, slug])
    return client.post(address, {"reason": "damaged", "comment": "", **given})


def pair(state: State = State.PENDING_ACTIVATION, **more: Any) -> tuple[Card, Card]:
    """A card in use and another one of the same person."""
    old: Card = CardFactory.create(state=State.ACTIVE)
    new: Card = CardFactory.create(**{"id_number": old.id_number, "state": state, "holder_name": "欧阳小明", **more})
    return old, new


def now(card: Card) -> Card:
    return Card.objects.get(pk=card.pk)


def test_the_card_of_the_number_is_shown_first_and_the_tick_counts_for_that_card_only(signed_in: SignIn) -> None:
    old, new = pair()
    _other, third = pair(id_number=old.id_number)
    client = signed_in("operator")
    spelled = f"{new.number[:4]} {new.number[4:]}"
    shown = act(client, old, number=spelled, sure="on").text
    assert f"{new.number_tail}, {mask_name(new.holder_name)}, Not activated." in shown
    assert "This card is closed for good when the new one is activated. Until then you can take this back." in shown
    assert f'value="{new.pk}"' in shown and "checked" not in shown
    act(client, old, number=third.number, sure=str(new.pk))
    assert now(old).replaced_by_id is None
    assert act(client, old, number=spelled, sure=str(new.pk)).status_code == 303
    assert (now(old).replaced_by_id, now(old).state) == (new.pk, State.ACTIVE)
    assert "Another card takes its place already" in act(client, old, number=third.number).text


def test_where_the_new_card_is_in_use_the_page_says_that_the_old_one_ends_at_once_and_the_event_by_whom(
    signed_in: SignIn,
) -> None:
    old, new = pair(State.ACTIVE)
    client = signed_in("operator")
    assert "this card is closed for good at once. This cannot be undone." in act(client, old, number=new.number).text
    answer = act(client, old, number=new.number, sure=str(new.pk))
    assert "This one is closed for good." in client.get(answer["Location"]).text
    assert now(old).state == State.TERMINATED
    for event in CardEvent.objects.filter(card=old):
        assert (event.actor_role, event.actor_id) == ("operator", client.session["_auth_user_id"])
    named = CardEvent.objects.get(card=old, kind="replacement_named")
    assert (named.reason, named.reference) == ("damaged", new.number_tail)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "another person": ({"id_number": "110105194912310021"}, NOT_THEIRS),
    "another kind of document": ({"id_type": "passport"}, NOT_THEIRS),
    "closed": ({"state": State.TERMINATED}, NOT_OPEN),
    "another programme": ({"programme": "bank"}, NOT_OPEN),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_card_that_cannot_take_the_place_is_refused_with_a_sentence(signed_in: SignIn, why: str) -> None:
    changes, sentence = REFUSED[why]
    if "programme" in changes:
        changes = {"programme": ProgrammeFactory.create(code="bank")}
    old, new = pair(**changes)
    for number in (new.number, old.number, "6299999999999999", ""):
        page = act(signed_in("operator"), old, number=number, sure=str(new.pk)).text
        if number:
            assert (sentence if number == new.number else NOT_OPEN) in page
    assert now(old).replaced_by_id is None
    assert now(old).state == State.ACTIVE


def test_the_service_itself_names_no_other_persons_card(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page that does not look is the twin: it must not get further."""
    old, new = pair(id_number="110105194912310021")
    monkeypatch.setattr("desk.actions.replacements.new_card_for", lambda _card, _number: new)
    page = act(signed_in("operator"), old, number=new.number, sure=str(new.pk))
    assert "The card changed in the meantime. Nothing was done" in page.text
    assert now(old).replaced_by_id is None


def test_both_cards_lead_to_each_other_and_the_naming_is_taken_back_by_the_same_role(signed_in: SignIn) -> None:
    old, new = pair()
    client, agent = signed_in("operator"), signed_in("agent")
    act(client, old, number=new.number, sure=str(new.pk))
    assert page_of(new) in client.get(page_of(old)).text
    assert page_of(old) in client.get(page_of(new)).text
    assert act(agent, old, "take-back-replacement", reason="wrong_card").status_code == 403
    assert act(client, old, "take-back-replacement", reason="wrong_card").status_code == 303
    assert now(old).replaced_by_id is None
    assert not retire_replaced(by=new.pk)
    event = CardEvent.objects.latest("pk")
    assert (event.kind, event.reason, event.actor_role) == ("replacement_unnamed", "wrong_card", "operator")
    assert "No new card is named for this one." in act(client, old, "take-back-replacement").text


def test_a_card_that_is_closed_already_is_said_to_stay_so(signed_in: SignIn) -> None:
    address = "admin:cards_card_act"
    old, new = pair()
    Card.objects.filter(pk=old.pk).update(replaced_by=new)
    client, warned = signed_in("operator"), "does not close this one any more"
    assert warned in client.get(reverse(address, args=[old.pk, "take-back-replacement"])).text
    Card.objects.filter(pk=old.pk).update(state=State.TERMINATED, terminated_at=timezone.now())
    page = client.get(reverse(address, args=[old.pk, "take-back-replacement"])).text
    assert "This card stays closed." in page and warned not in page


def test_it_is_too_late_to_take_back_once_the_new_card_is_activated(signed_in: SignIn) -> None:
    old, new = pair(State.ACTIVE)
    client = signed_in("operator")
    act(client, old, number=new.number, sure=str(new.pk))
    assert "cannot be taken back any more" in act(client, old, "take-back-replacement", reason="wrong_card").text
    given: Any = {"actor": replacements.REPLACEMENT, "channel": "system", "reason": "wrong_card"}
    assert not replacements.unname_replacement(card_id=old.pk, **given)
    assert now(old).replaced_by_id == new.pk
