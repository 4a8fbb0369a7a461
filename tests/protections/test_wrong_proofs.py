"""What is proved wrongly has no effect, whatever the flow: asked of the database. And the right proof has one.

One row is one flow and one thing that is wrong with its proof; everything else in it is right.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone

from accounts.models import LossCode, LossReport, PinResetCode, SignInCode
from accounts.models.loss_codes import Act
from accounts.pins import settling as pin_settling
from accounts.tests import contacts, losing, pins
from accounts.tests.codes import ask_for_code
from accounts.tests.factories import UserFactory
from cards.dimensions import State
from cards.models import Card
from tests.protections import account_flows, flows
from tests.protections.flows import Flow
from vault.models import Counter

pytestmark = pytest.mark.django_db

Wrong = Callable[[Any], str]
"""Makes one thing wrong, and gives the digits that are typed then."""


def wrong_digits(flow: Flow) -> str:
    return f"{(int(flow.digits) + 1) % 10**6:06d}"


def no_digits(flow: Flow) -> str:
    return ""


def never_sent(flow: Flow) -> str:
    digits = flow.digits
    type(flow.code)._default_manager.filter(pk=flow.code.pk).delete()
    return digits


def ended(column: str) -> Wrong:
    def wrong(flow: Flow) -> str:
        type(flow.code)._default_manager.filter(pk=flow.code.pk).update(**{column: timezone.now()})
        return flow.digits

    wrong.__name__ = column.removesuffix("_at")
    return wrong


def expired(flow: Flow) -> str:
    ago = F("expires_at") - F("issued_at") + timedelta(seconds=1)
    codes = type(flow.code)._default_manager.filter(pk=flow.code.pk)
    codes.update(issued_at=F("issued_at") - ago, expires_at=F("expires_at") - ago)
    return flow.digits


def after_five_wrong_ones(flow: Flow) -> str:
    for _try in range(5):
        flow.tries(wrong_digits(flow))
    return flow.digits


def of_another_purpose(flow: Flow) -> str:
    """Six right digits, sent to a phone of ours for something else."""
    UserFactory.create(phone="+8613700137000")
    ask_for_code("+8613700137000")
    if isinstance(flow, account_flows.SignIn):
        pins.code_for(pins.without_account(pins.card_with_pin()))
        return PinResetCode.objects.latest("issued_at").derive()
    return SignInCode.objects.latest("issued_at").derive()


def card_is(state: State) -> Wrong:
    def wrong(flow: Flow) -> str:
        at = timezone.now()
        ends = {"terminated_at": at} if state == State.TERMINATED else {}
        Card.objects.filter(pk=flow.card.pk).update(state=state, activated_at=at, **ends)
        return flow.digits

    wrong.__name__ = f"card is {state}"
    return wrong


def eight_days_later(flow: Flow) -> str:
    LossReport.objects.update(frozen_at=timezone.now() - timedelta(days=8))
    return flow.digits


def by(name: str) -> Wrong:
    """What only this flow can have wrong."""

    def wrong(flow: Flow) -> str:
        getattr(flow, name)()
        return flow.digits

    wrong.__name__ = name
    return wrong


USED, SUPERSEDED, REVOKED = (ended(f"{how}_at") for how in ("consumed", "superseded", "revoked"))
ANY_CODE: list[Wrong] = [
    *(wrong_digits, no_digits, never_sent, USED, expired, SUPERSEDED, REVOKED),
    *(after_five_wrong_ones, of_another_purpose),
]
SUSPENDED, LOST, BLOCKED = (card_is(state) for state in (State.SUSPENDED, State.TERMINATED, State.BLOCKED))
NO_PIN: list[Wrong] = [SUSPENDED, LOST, BLOCKED, card_is(State.PENDING_ACTIVATION)]
NEW_CONTACT: list[Wrong] = [wrong_digits, by("by_the_code_to_the_new_contact"), by("to_the_new_contact")]
ADDING: list[Wrong] = [
    *(*ANY_CODE, LOST, card_is(State.PENDING_ACTIVATION)),
    *(by("from_another_session"), by("for_another_contact"), by("for_another_card"), by("for_another_person")),
    *(by("as_somebody_elses"), by("went_to_a_contact_that_is_the_cards_no_more")),
]

TABLE: dict[type[Flow], list[Wrong]] = {
    flows.ResetSignedIn: [
        *(*ANY_CODE, *NO_PIN, by("from_another_session"), by("for_another_contact")),
        *(by("for_another_card"), by("for_another_person")),
    ],
    flows.ResetForgotten: [
        *(*ANY_CODE, *NO_PIN, by("from_another_session")),
        *(by("for_another_card"), by("with_another_id_number")),
    ],
    flows.ResetSignedInAfterContactChange: NEW_CONTACT,
    flows.ResetForgottenAfterContactChange: NEW_CONTACT,
    flows.ChangePin: [wrong_digits, no_digits, *NO_PIN, by("is_locked")],
    flows.Freeze: [
        *(*ANY_CODE, by("from_another_session"), by("for_another_contact")),
        *(by("for_another_card"), by("for_another_act")),
    ],
    flows.FreezeByIdNumber: [
        *(*ANY_CODE, by("from_another_session"), by("for_another_contact")),
        *(by("for_another_card"), by("for_another_act"), by("by_the_last_digits")),
    ],
    flows.Unfreeze: [
        *(*ANY_CODE, by("from_another_session"), by("for_another_contact")),
        *(by("for_another_card"), by("for_another_act"), eight_days_later),
    ],
    flows.NotMe: [
        *(*ANY_CODE, by("from_another_session"), by("for_another_contact")),
        *(by("for_another_card"), by("for_another_act")),
    ],
    account_flows.SignIn: [*ANY_CODE, by("for_another_contact"), by("for_another_person"), by("is_disabled")],
    account_flows.Activate: [
        *ANY_CODE,
        LOST,
        card_is(State.ACTIVE),
        by("for_another_card"),
        by("is_of_an_older_record"),
    ],
    account_flows.ProveOldContact: [
        *(*ANY_CODE, by("from_another_session"), by("for_another_contact"), by("for_another_person")),
    ],
    account_flows.ProveNewContact: [
        *(*ANY_CODE, by("from_another_session"), by("for_another_contact"), by("for_another_person")),
        *(by("by_the_code_to_the_old_contact"), by("without_the_old_contact")),
    ],
    account_flows.CloseAccount: [
        *(*ANY_CODE, by("from_another_session"), by("for_another_contact"), by("for_another_person")),
    ],
    account_flows.AddCard: ADDING,
    account_flows.Help: ADDING,
    account_flows.ConfirmContact: [
        *(*ANY_CODE, by("from_another_session"), by("for_another_contact"), by("for_another_card"), by("is_stopped")),
    ],
}
ROWS = [
    pytest.param(flow, wrong, id=f"{flow.__name__}: {wrong.__name__}".replace("_", " "))
    for flow, wrongs in TABLE.items()
    for wrong in wrongs
]


def test_the_table_has_at_least_sixty_rows() -> None:
    assert len(ROWS) >= 60
    assert len({row.id for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("flow", "wrong"), ROWS)
def test_a_wrong_proof_has_no_effect(flow: type[Flow], wrong: Wrong) -> None:
    situation = flow()
    digits = wrong(situation)
    if isinstance(situation, flows.Loss):
        situation.before = situation.seen()  # what made it wrong does not count
    assert situation.effects() == 0
    situation.tries(digits)
    assert situation.effects() == 0


@pytest.mark.parametrize("flow", TABLE, ids=lambda flow: flow.__name__)
def test_the_right_proof_has_its_effect(flow: type[Flow]) -> None:
    situation = flow()
    assert situation.effects() == 0
    situation.prove(situation.digits)
    assert situation.effects() > 0


def test_inside_the_delay_the_old_pin_stays() -> None:
    flow = flows.ResetForgotten()
    flow.prove(flow.digits)
    pin_settling.settle_waiting()
    assert pins.pin_of(flow.card) == pins.OLD
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        pin_settling.settle_waiting()
    assert pins.pin_of(flow.card) == pins.NEW


def sign_in_by(contact: str) -> int:
    ask_for_code(contact)
    return SignInCode.objects.count()


def act_by(act: Act) -> Callable[[str], int]:
    def codes(contact: str) -> int:
        losing.asked(act, tail="2604", contact=contact)
        return LossCode.objects.count()

    return codes


@pytest.mark.parametrize(
    "codes", [sign_in_by, act_by(Act.FREEZE), act_by(Act.NOT_ME)], ids=["sign in", "freeze", "not me"]
)
def test_no_code_goes_to_a_contact_that_was_changed_less_than_24_hours_ago(codes: Callable[[str], int]) -> None:
    user = contacts.person()
    contacts.card_of(user, number=losing.NUMBER)
    change = contacts.confirms(user)
    Counter.objects.all().delete()
    assert codes(contacts.NEW_PHONE) == 0
    contacts.a_day_passes(change)
    Counter.objects.all().delete()
    assert codes(contacts.NEW_PHONE) == 1
