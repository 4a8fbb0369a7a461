"""What accounts keep of things that are over goes in time; what is still needed stays, however old."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import (
    AccountCode,
    AccountEvent,
    BindingCode,
    CardBinding,
    CardHelper,
    Case,
    ContactChange,
    Device,
    LossCode,
    LossReport,
    PinReset,
    PinResetCode,
    SignInCode,
    UserSession,
)
from accounts.retention import BINDINGS_KEPT, CASES_KEPT, CHANGES_KEPT, CODES_KEPT, EVENTS_KEPT, SESSIONS_KEPT
from accounts.tasks import forget_ended
from accounts.tests.factories import StaffFactory, UserFactory
from cards.retention import EVENTS_KEPT as EVENTS_OF_CARDS
from cards.tests.factories import CardFactory
from vault.ids import first_id, new_id
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def made(at: datetime) -> UUID:
    """An id as it was made then."""
    return UUID(int=first_id(at).int | (new_id().int & ((1 << 80) - 1)))


def left(model: Any) -> set[UUID]:
    return set(model.objects.values_list("pk", flat=True))


def code_of(model: Any, age: timedelta, **columns: Any) -> Any:
    """A code that ended so long ago; by the clock alone, unless the columns say how."""
    end = timezone.now() - age
    given = {"seed": b"s" * 16, "key_id": "k", "digits": 6, "channel": "sms", "contact_index": new_id()}
    issued = end - 10 * MINUTE
    return model.objects.create(pk=made(issued), issued_at=issued, expires_at=end, **given, **columns)


@pytest.mark.parametrize("model", [SignInCode, LossCode, PinResetCode, AccountCode, BindingCode])
def test_a_code_goes_90_days_after_its_end_however_it_came(model: Any) -> None:
    user, card = {"user": UserFactory.create()}, {"card": CardFactory.create(), "seat": new_id()}
    columns: Any = {
        SignInCode: user,
        LossCode: {**card, "act": "freeze"},
        PinResetCode: card,
        AccountCode: {**user, "act": "close", "seat": new_id()},
        BindingCode: {**card, **user, "whose": "own"},
    }[model]
    then = timezone.now() - CODES_KEPT
    code_of(model, CODES_KEPT + MINUTE, consumed_at=then, **columns)
    code_of(model, CODES_KEPT + MINUTE, superseded_at=then, **columns)
    code_of(model, CODES_KEPT + MINUTE, **columns)  # nobody has marked it
    young = code_of(model, CODES_KEPT - MINUTE, consumed_at=then, **columns)
    assert (forget_ended(), forget_ended()) == (3, 0)
    assert left(model) == {young.pk}


def test_a_new_pin_goes_a_year_after_it_was_settled_and_one_on_its_way_never() -> None:
    now, old = timezone.now(), CHANGES_KEPT + MINUTE

    def reset(age: timedelta, ended: timedelta | None) -> PinReset:
        at = now - age
        end = {} if ended is None else {"ended_at": now - ended, "outcome": "taken"}
        made_then: PinReset = PinReset.objects.create(
            pk=made(at), card=CardFactory.create(), way="old_pin", chosen_at=at, takes_effect_at=at, **end
        )
        return made_then

    reset(old, old)
    kept = {reset(old, CHANGES_KEPT - MINUTE).pk, reset(old, None).pk}
    assert (forget_ended(), forget_ended()) == (1, 0)
    assert left(PinReset) == kept


def test_a_new_contact_goes_a_year_after_it_was_settled_or_given_up_and_one_that_waits_never() -> None:
    now, old = timezone.now(), timezone.now() - CHANGES_KEPT - MINUTE

    def change(**columns: Any) -> UUID:
        given = {"user": UserFactory.create(), "field": "phone", "proof_index": new_id(), "asked_at": old}
        return UUID(str(ContactChange.objects.create(pk=made(old), **given, **columns).pk))

    confirmed = {"old_proved_at": old, "confirmed_at": old, "takes_effect_at": old + MINUTE}
    change(**confirmed, ended_at=old, outcome="applied")
    change()
    kept = {change(**confirmed), change(**confirmed, ended_at=now, outcome="applied")}
    assert (forget_ended(), forget_ended()) == (2, 0)
    assert left(ContactChange) == kept


def test_help_with_a_card_goes_a_year_after_it_ended_and_help_that_goes_on_stays() -> None:
    old = timezone.now() - CHANGES_KEPT - MINUTE
    card = CardFactory.create()

    def help_ended(at: datetime | None, place: int) -> UUID:
        user = UserFactory.create()
        row = CardHelper.objects.create(pk=made(old), user=user, card=card, place=place, since=old, ended_at=at)
        return UUID(str(row.pk))

    help_ended(old, 1)
    kept = {help_ended(old + 2 * MINUTE, 1), help_ended(None, 2)}
    assert (forget_ended(), forget_ended()) == (1, 0)
    assert left(CardHelper) == kept


def test_that_a_card_was_in_an_account_goes_seven_years_after_it_left_and_never_before_its_events() -> None:
    old, card = timezone.now() - BINDINGS_KEPT - MINUTE, CardFactory.create()

    def was_in(ended_at: datetime | None) -> UUID:
        user = UserFactory.create()
        row = CardBinding.objects.create(pk=made(old), user=user, card=card, bound_at=old - MINUTE, ended_at=ended_at)
        return UUID(str(row.pk))

    was_in(old)
    kept = {was_in(old + 2 * MINUTE), was_in(None)}
    assert (forget_ended(), forget_ended()) == (1, 0)
    assert left(CardBinding) == kept
    assert EVENTS_OF_CARDS + timedelta(days=1) < BINDINGS_KEPT


def test_reports_and_cases_go_three_years_after_their_end_and_those_of_lost_cards_stay() -> None:
    now, old = timezone.now(), timezone.now() - CASES_KEPT - MINUTE
    young = now - CASES_KEPT + MINUTE

    def report(**columns: Any) -> UUID:
        given = {"issuer_told_at": now, **columns}
        row = LossReport.objects.create(
            pk=made(old), card=CardFactory.create(), frozen_at=old, changed_at=old, **given
        )
        return UUID(str(row.pk))

    def case(closed_at: datetime | None) -> UUID:
        closed = {"closed_at": closed_at, "closed_by": StaffFactory.create(), "reason": "Done."} if closed_at else {}
        return UUID(str(Case.objects.create(pk=made(old), opened_at=old, **closed).pk))

    report(lifted_at=old)
    kept = {report(lifted_at=young), report(lost_at=old), report(), report(lifted_at=old, issuer_told_at=None)}
    case(old)
    cases = {case(young), case(None)}
    assert (forget_ended(), forget_ended()) == (2, 0)
    assert (left(LossReport), left(Case)) == (kept, cases)


def test_sessions_and_devices_go_a_year_after_they_were_used_and_events_after_seven() -> None:
    user, now = UserFactory.create(), timezone.now()

    def session(age: timedelta) -> tuple[UUID, UUID]:
        at = now - age
        device = Device.objects.create(user=user, cookie_index=new_id(), seen_at=at)
        held = UserSession.objects.create(user=user, device=device, browser="Chrome/Android", began_at=at, seen_at=at)
        return device.pk, held.pk

    session(SESSIONS_KEPT + timedelta(days=2))
    device, held = session(SESSIONS_KEPT - MINUTE)
    for age in (EVENTS_KEPT + MINUTE, EVENTS_KEPT - MINUTE):
        AccountEvent.objects.create(pk=made(now - age), user=user, kind="signed_in", at=now - age)
    assert (forget_ended(), forget_ended()) == (3, 0)
    assert (left(Device), left(UserSession)) == ({device}, {held})
    assert AccountEvent.objects.get().at == now - EVENTS_KEPT + MINUTE


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_take_each_row_once(postgres: str) -> None:
    user = UserFactory.create()
    for _n in range(20):
        code_of(SignInCode, CODES_KEPT + MINUTE, consumed_at=timezone.now(), user=user)
    assert sum(at_once(3, lambda _n: forget_ended())) == 20
