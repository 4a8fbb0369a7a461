from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cards.dimensions import Role, Via
from cards.events import Actor, record_event
from cards.models import CardEvent
from cards.models.card_event import EventKind
from cards.moves import Who
from cards.tests.factories import CardFactory

pytestmark = pytest.mark.django_db


def test_an_event_says_who_did_what_where_and_why() -> None:
    card = CardFactory.create()
    actor = Actor.staff("7", Role.AGENT)
    record_event(
        card_id=card.pk,
        kind=EventKind.CODE_REVOKED,
        actor=actor,
        channel=Via.HOTLINE,
        reason="not_me",
        reference="R-1",
    )
    event = CardEvent.objects.get(card=card)
    assert (event.kind, event.channel, event.reason, event.reference) == ("code_revoked", "HOTLINE", "not_me", "R-1")
    assert (event.actor_kind, event.actor_id, event.actor_role) == ("staff", "7", "agent")
    assert (event.from_state, event.to_state) == ("", "")


def test_an_event_is_never_changed() -> None:
    event = record_event(
        card_id=CardFactory.create().pk, kind=EventKind.IMPORTED, actor=Actor.issuer(), channel=Via.API
    )
    event.reason = "another"
    with pytest.raises(TypeError):
        event.save()
    assert CardEvent.objects.get().reason == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"from_state": "terminated", "to_state": "active"},
        {"from_state": "", "to_state": "active"},
        {"from_state": "active", "to_state": ""},
        {"from_state": "active", "to_state": "active"},
        {"reason": "other", "comment": ""},
        {"kind": "rumour"},
        {"channel": "PIGEON"},
    ],
)
def test_the_database_refuses_an_event_of_what_cannot_happen(wrong: dict[str, str]) -> None:
    card = CardFactory.create()
    right: dict[str, Any] = {"card_id": card.pk, "kind": EventKind.MOVED, "actor": Actor.issuer(), "channel": Via.API}
    with pytest.raises(IntegrityError), transaction.atomic():
        record_event(**{**right, **wrong})
    record_event(**right, from_state="", to_state="pending_activation")


def test_an_operator_acts_with_the_rights_of_the_issuer() -> None:
    assert Actor.staff("9", Role.OPERATOR).who == Who.ISSUER
    assert Actor.staff("8", Role.SUPERVISOR).who == Who.SUPERVISOR
    assert Actor.cardholder().who == Who.CARDHOLDER
