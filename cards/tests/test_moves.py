"""The table of the domain, told once more in the test, against every from, to and actor there is."""

from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from cards.dimensions import PinStatus, Role, State, Via
from cards.events import Actor
from cards.models import Card, CardEvent
from cards.moves import reasons
from cards.states import MoveNotAllowed, move
from cards.tests.factories import CardFactory
from vault.fields import EncryptedTextField

pytestmark = pytest.mark.django_db

ACTORS = {
    "cardholder": Actor.cardholder("a1"),
    "agent": Actor.staff("7", Role.AGENT),
    "supervisor": Actor.staff("8", Role.SUPERVISOR),
    "operator": Actor.staff("9", Role.OPERATOR),
    "issuer": Actor.issuer("file"),
    "system": Actor.system("task"),
}
COLUMNS = [field.name for field in Card._meta.fields if not isinstance(field, EncryptedTextField)]
LIVE = ["pending_fulfilment", "pending_activation", "activating", "active", "suspended", "blocked"]
UNBLOCKED = LIVE[:-1]
LEGAL: dict[tuple[str, str], dict[str, str]] = {
    ("pending_fulfilment", "pending_activation"): dict.fromkeys(("system", "issuer", "operator"), "delivered"),
    ("pending_activation", "activating"): {"cardholder": "submitted"},
    ("activating", "active"): {"system": "verified"},
    ("activating", "pending_activation"): {"system": "name_differs"},
    ("active", "suspended"): dict.fromkeys(("cardholder", "agent", "supervisor"), "lost"),
    ("suspended", "active"): dict.fromkeys(("cardholder", "agent", "supervisor"), "found"),
    **{(start, "blocked"): dict.fromkeys(("issuer", "operator", "system"), "fraud") for start in UNBLOCKED},
    ("blocked", "active"): {"supervisor": "reviewed"},
    **{(start, "terminated"): dict.fromkeys(("cardholder", "issuer", "operator"), "stolen") for start in LIVE},
    ("active", "expired"): {"system": "expiry_date"},
}
for waiting in ("pending_fulfilment", "pending_activation"):
    LEGAL[waiting, "terminated"]["system"] = "never_activated"
ANY_REASON = ["delivered", "submitted", "verified", "lost", "found", "fraud", "reviewed", "never_activated"]
ANY_REASON += ["expiry_date", "damaged", "name_differs"]


@pytest.mark.parametrize(("start", "to"), list(product(State.values, State.values)))
def test_every_actor_can_bring_about_the_legal_moves_and_no_other(start: str, to: str) -> None:
    card = CardFactory.create(state=start, activated_at=timezone.now())
    for name, actor in ACTORS.items():
        reason = LEGAL.get((start, to), {}).get(name)
        for tried in [reason] if reason else ANY_REASON:
            before = Card.objects.values(*COLUMNS).get(pk=card.pk)
            assert _moved(card, to, actor, tried) is (reason is not None), (name, tried)
            if reason:
                event = CardEvent.objects.get(card=card)
                assert (event.from_state, event.to_state, event.reason) == (start, to, reason)
                assert (event.actor_kind, event.actor_id, event.actor_role) == (
                    actor.kind,
                    actor.id,
                    actor.role or "",
                )
                assert Card.objects.get(pk=card.pk).state == to
            else:
                assert not CardEvent.objects.exists()
                assert Card.objects.values(*COLUMNS).get(pk=card.pk) == before
            CardEvent.objects.all().delete()
            _put_back(card, start)


def _moved(card: Card, to: str, actor: Actor, reason: str) -> bool:
    try:
        return move(card_id=card.pk, to=State(to), actor=actor, channel=Via.WEB, reason=reason)
    except MoveNotAllowed:
        return False


def _put_back(card: Card, state: str) -> None:
    ended = timezone.now() if state == State.TERMINATED else None
    Card.objects.filter(pk=card.pk).update(state=state, terminated_at=ended, pin_status=PinStatus.NOT_SET)


@pytest.mark.parametrize(("start", "to"), list(LEGAL))
def test_a_form_offers_only_reasons_that_the_move_takes(start: str, to: str) -> None:
    for name in LEGAL[start, to]:
        offered = reasons(start=State(start), to=State(to), who=ACTORS[name].who)
        assert LEGAL[start, to][name] in offered or LEGAL[start, to][name] == "name_differs"
        for reason in offered:
            card = CardFactory.create(state=start, activated_at=timezone.now())
            how: dict[str, Any] = {"actor": ACTORS[name], "channel": Via.ADMIN, "reason": reason, "comment": "as told"}
            assert move(card_id=card.pk, to=State(to), **how)


def test_a_form_offers_no_reason_for_a_move_that_is_not_legal() -> None:
    for start, to, (name, actor) in product(State, State, ACTORS.items()):
        if name not in LEGAL.get((start, to), {}):
            assert reasons(start=start, to=to, who=actor.who) == []
