"""The statements of the door that are written in SQL say what the ORM says."""

from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from activation.models import ActivationAttempt, ActivationCode
from activation.seats import attempt_of_seat, seat_hash, take_seat
from activation.tests.factories import issue
from cards.dimensions import State
from cards.models import Card, Programme
from cards.tests.factories import CardFactory
from vault.sessions import SessionStore
from vault.tests.concurrency import at_once

AT = timezone.now()
AGO, AHEAD = AT - timedelta(hours=1), AT + timedelta(hours=1)
UNTIL = AT + timedelta(hours=24)
ENDED = AT - timedelta(minutes=11)  # a code by text message lives 10 minutes

STEPS = ("identity_confirmed_at", "contact_confirmed_at", "pin_chosen_at", "agreed_at")
SUBMITTED = dict.fromkeys((*STEPS, "submitted_at"), AGO)
CODES: list[tuple[bool, dict[str, Any]]] = [
    (True, {"at": AT}),
    (True, {"at": AT, "reserved_until": AHEAD}),
    (True, {"at": AT, "reserved_until": AGO}),
    (True, {"at": ENDED, "reserved_until": AHEAD}),
    (False, {"at": ENDED}),
    (False, {"at": ENDED, "reserved_until": AGO}),
    *[(False, {"at": AT, end: AT}) for end in ("consumed_at", "superseded_at", "revoked_at", "expired_at")],
]
CARDS: list[tuple[bool, dict[str, Any]]] = [
    *[(state in (State.PENDING_ACTIVATION, State.ACTIVATING), {"state": state}) for state in State],
    (False, {"record_version": 2}),
]


def reserved(code: ActivationCode) -> bool:
    live = ActivationCode.objects.filter(pk=code.pk).live(AT).enterable(AT).exists()
    done = ActivationCode.objects.reserve_for_attempt(code.pk, AT, UNTIL)
    assert done == live
    before = code.reserved_until
    code.refresh_from_db()
    if done:
        assert code.reserved_until == (before if before == AHEAD else UNTIL)
    else:
        assert code.reserved_until == before
    return done


@pytest.mark.django_db
@pytest.mark.parametrize(("good", "changes"), CODES)
def test_a_code_is_reserved_exactly_when_it_is_live(good: bool, changes: dict[str, Any]) -> None:
    assert reserved(issue(CardFactory.create(), "sms", **changes)) is good


@pytest.mark.django_db
@pytest.mark.parametrize(("good", "changes"), CARDS)
def test_a_code_is_reserved_exactly_while_its_card_can_be_activated(good: bool, changes: dict[str, Any]) -> None:
    code = issue(CardFactory.create(), "sms", at=AT)
    facts = {"activated_at": AT, "terminated_at": AT if changes.get("state") == State.TERMINATED else None}
    Card.objects.filter(pk=code.card_id).update(**facts, **changes)
    assert reserved(code) is good


OPENED: list[tuple[bool, dict[str, Any]]] = [
    (True, {"opens_on": AT}),
    (True, {"opens_on": AGO, "closes_on": AHEAD}),
    (False, {"opens_on": AHEAD}),
    (False, {"opens_on": AGO, "closes_on": AT}),
]
BEGUN: list[tuple[bool, dict[str, Any]]] = [
    (True, {"closes_at": AHEAD}),
    (True, {"closes_at": AGO, **SUBMITTED}),
    (False, {"closes_at": AT}),
    (False, {"closes_at": AHEAD, "closed_at": AGO}),
]


@pytest.mark.django_db
def test_a_code_is_reserved_exactly_in_its_programmes_time_or_to_go_on() -> None:
    for good, times in OPENED:
        code = issue(CardFactory.create(), "sms", at=AT)
        Programme.objects.filter(pk=code.card.programme_id).update(**{"opens_on": None, "closes_on": None, **times})
        assert reserved(code) is good, times
    for good, attempt in BEGUN:  # the programme is closed now
        code = issue(CardFactory.create(), "sms", at=AT)
        opening(code, "one", **attempt).save(force_insert=True)
        assert reserved(code) is good, attempt
    assert reserved(issue(CardFactory.create(), "sms", at=AT, reserved_until=AHEAD))
    assert not reserved(issue(CardFactory.create(), "sms", at=AT, reserved_until=AGO))


def opening(code: ActivationCode, seat: str, **facts: Any) -> ActivationAttempt:
    times = {"opened_at": AT, "closes_at": UNTIL}
    return ActivationAttempt(card=code.card, code=code, seat_hash=seat, language="en", **{**times, **facts})


@pytest.mark.django_db
def test_an_open_attempt_keeps_everything_but_its_seat_code_and_language() -> None:
    code = issue(CardFactory.create(), "sms")
    first = ActivationAttempt.objects.open_or_seat(opening(code, "one", contact="+8613800138000"))
    again = ActivationAttempt.objects.open_or_seat(opening(code, "two", contact="+8613900139000"))
    held = ActivationAttempt.objects.get()
    assert again.pk == first.pk == held.pk
    assert (again.reference, again.contact, again.opened_at) == (first.reference, "+8613800138000", AT)
    assert (held.seat_hash, held.seats_given, held.contact) == ("two", 2, "+8613800138000")


@pytest.mark.django_db
def test_an_attempt_whose_time_is_over_is_closed_and_keeps_its_seat() -> None:
    code = issue(CardFactory.create(), "sms")
    over = opening(code, "one")
    over.closes_at = AT
    ActivationAttempt.objects.open_or_seat(over)
    following = ActivationAttempt.objects.open_or_seat(opening(code, "two"))
    over.refresh_from_db()
    assert following.pk != over.pk
    assert (over.closed_at, over.seat_hash, over.seats_given) == (AT, "one", 1)
    assert ActivationAttempt.objects.get(closed_at=None) == following


@pytest.mark.django_db
def test_what_a_page_of_the_journey_reads_is_what_the_orm_reads() -> None:
    code = issue(CardFactory.create(), "sms", reserved_until=AHEAD)
    opened = ActivationAttempt.objects.open_or_seat(
        opening(code, seat_hash("token"), contact="+8613800138000", functions=["pay"])
    )
    session = SessionStore()
    take_seat(session, opened.reference, "token")
    seen = attempt_of_seat(session, opened.reference)
    asked = ActivationAttempt.objects.select_related("card", "code").get()
    for one, other in ((opened, asked), (seen, asked), (seen.card, asked.card), (seen.code, asked.code)):
        for field in other._meta.concrete_fields:
            read, known = getattr(one, field.attname), getattr(other, field.attname)
            assert (read, type(read)) == (known, type(known)), field.name
    assert (seen.functions, seen.contact) == (["pay"], "+8613800138000")
    seen.language = "zh-hans"
    seen.save()
    assert ActivationAttempt.objects.get().language == "zh-hans"


@pytest.mark.django_db(transaction=True)
def test_openings_at_once_without_the_counted_try_open_one_and_give_its_seat_to_the_others(postgres: str) -> None:
    code = issue(CardFactory.create(), "sms")

    def act(number: int) -> str:
        with transaction.atomic():
            return ActivationAttempt.objects.open_or_seat(opening(code, str(number))).reference

    assert len(set(at_once(40, act))) == 1
    assert ActivationAttempt.objects.get().seats_given == 40


@pytest.mark.django_db(transaction=True)
def test_seating_and_then_opening_would_break_without_the_counted_try(postgres: str) -> None:
    code = issue(CardFactory.create(), "sms")
    all_have_looked = Barrier(40)

    def naive(number: int) -> bool:
        try:
            with transaction.atomic():
                if not ActivationAttempt.objects.filter(card=code.card, closed_at=None).update(seat_hash=str(number)):
                    all_have_looked.wait(timeout=30)
                    opening(code, str(number)).save(force_insert=True)
        except IntegrityError:
            return False
        return True

    assert sum(at_once(40, naive)) == 1
