"""What only a server with many connections can show. Each protection has a naive twin that must fail."""

from collections.abc import Callable, Sequence
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import services
from accounts.card_notices import tell_contacts
from accounts.models import Case, LossReport
from accounts.models.loss_codes import Act
from accounts.refusals import CannotBeUnfrozen, CodeUsed, NothingToReport, TooManyTries
from accounts.tests.codes import ADDRESS
from accounts.tests.losing import a_card, asked, digits_of, state_of
from cards import states
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card, CardEvent
from cards.replacements import name_replacement, retire_replaced
from messaging.models import Message
from vault.tests.concurrency import at_once, meanwhile

pytestmark = pytest.mark.django_db(transaction=True)
HOLDER: dict[str, Any] = {"actor": Actor.cardholder(), "channel": Via.WEB}
ISSUER: dict[str, Any] = {"actor": Actor.issuer("file"), "channel": Via.API}


def moved_to(card: Card, state: State) -> int:
    return CardEvent.objects.filter(card=card, to_state=state).count()


def freeze(card: Card) -> bool:
    return services.freeze_card(card_id=card.pk, reason="lost", **HOLDER) is not None


def unfreeze(card: Card) -> bool:
    try:
        services.unfreeze_card(card_id=card.pk, reason="found", **HOLDER)
    except CannotBeUnfrozen:
        return False
    return True


def report(card: Card) -> bool:
    try:
        services.report_lost(card_id=card.pk, **HOLDER)
    except NothingToReport:
        return False
    return True


def test_of_twenty_freezes_at_once_one_counts_and_tells_everybody_once(postgres: str) -> None:
    card = a_card()
    assert sum(at_once(20, lambda _n: freeze(card))) == 1
    assert LossReport.objects.filter(card=card).count() == moved_to(card, State.SUSPENDED) == 1
    assert Message.objects.filter(kind="card_frozen").count() == 2


def test_reading_the_state_first_would_tell_more_often(postgres: str) -> None:
    card = a_card()
    looked = Barrier(20)

    def naive(_number: int) -> bool:
        state = Card.objects.get(pk=card.pk).state
        looked.wait(timeout=30)
        if state != State.ACTIVE:
            return False
        with transaction.atomic():
            Card.objects.filter(pk=card.pk).update(state=State.SUSPENDED)
            found = LossReport.objects.filter(card=card).first()
            told = found or LossReport(card=card, frozen_at=timezone.now(), changed_at=timezone.now())
            tell_contacts(card_id=card.pk, kind="card_frozen", subject_id=told.pk, at=timezone.now())
        return True

    assert sum(at_once(20, naive)) == 20
    assert Message.objects.filter(kind="card_frozen").count() == 40


def test_one_code_posted_twenty_times_acts_once(postgres: str) -> None:
    card = a_card()
    typed = asked()
    digits = digits_of(card)

    def press(_number: int) -> bool:
        try:
            return bool(services.act_by_code(asked=typed, otp=digits, address=ADDRESS))
        except (CodeUsed, TooManyTries):
            return False

    assert sum(at_once(20, press)) == 1
    assert moved_to(card, State.SUSPENDED) == 1


@pytest.mark.parametrize("round_", range(4))
def test_reported_and_unfrozen_at_once_it_ends_closed_and_the_story_joins_up(postgres: str, round_: int) -> None:
    card = a_card()
    freeze(card)
    ways = [report, unfreeze] * 4
    outcomes = at_once(8, lambda number: ways[number](card))
    assert sum(outcomes[0::2]) == 1  # one report counts, whether the freeze was lifted before it or not
    assert sum(outcomes[1::2]) <= 1
    assert state_of(card) == State.TERMINATED
    last = CardEvent.objects.filter(card=card).exclude(to_state="").latest("pk")
    assert last.to_state == State.TERMINATED
    assert LossReport.objects.filter(card=card, lost_at__isnull=False).count() == 1
    assert not LossReport.objects.open().filter(card=card).exists()


def test_an_unfreezing_that_reads_first_would_bring_a_lost_card_back(postgres: str) -> None:
    card = a_card()
    freeze(card)
    read = Card.objects.get(pk=card.pk)
    assert meanwhile(lambda: report(card))
    if read.state == State.SUSPENDED:
        read.state = State.ACTIVE
        read.save()
    assert moved_to(card, State.TERMINATED) == 1
    assert state_of(card) == State.ACTIVE


def two_cards(serial: int = 0) -> tuple[Card, Card]:
    """One in use, and one of the same person that is being activated."""
    old = a_card(number=f"62000000{serial:04d}2604")
    return old, a_card(State.ACTIVATING, number=f"62000000{serial:04d}7777", id_number=old.id_number)


def name(old: Card, new: Card) -> bool:
    with transaction.atomic():
        return name_replacement(card_id=old.pk, replacement_id=new.pk, **ISSUER)


def _nth(ways: Sequence[Callable[[], bool]], number: int) -> bool:
    return ways[number]()


def replaced() -> tuple[Card, Card]:
    old, new = two_cards()
    assert name(old, new)
    return old, new


def activate(new: Card) -> bool:
    with transaction.atomic():
        moved = states.move(
            card_id=new.pk, to=State.ACTIVE, actor=Actor.system(), channel=Via.SYSTEM, reason="verified"
        )
        if moved:
            retire_replaced(by=new.pk)
    return moved


@pytest.mark.parametrize("round_", range(4))
def test_activating_the_new_card_while_the_old_one_is_reported_ends_the_old_one_once(
    postgres: str, round_: int
) -> None:
    old, new = replaced()
    ways = [lambda: activate(new), lambda: report(old)] * 4
    at_once(8, lambda number: ways[number]())
    assert (state_of(old), state_of(new)) == (State.TERMINATED, State.ACTIVE)
    assert moved_to(old, State.TERMINATED) == moved_to(new, State.ACTIVE) == 1


def test_naming_the_new_card_while_it_is_activated_never_leaves_both_cards_alive(postgres: str) -> None:
    for serial in range(5):
        old, new = two_cards(serial)
        ways = [partial(name, old, new), partial(activate, new)]
        at_once(2, partial(_nth, ways))
        assert (state_of(old), state_of(new)) == (State.TERMINATED, State.ACTIVE)


def test_without_the_lock_on_the_new_card_both_would_live(postgres: str) -> None:
    """The twin looks whether the new card is in use, and only then names it."""
    old, new = two_cards()
    in_use = Card.objects.get(pk=new.pk).state == State.ACTIVE
    assert meanwhile(lambda: activate(new))
    Card.objects.filter(pk=old.pk).update(replaced_by=new)
    assert not (in_use and retire_replaced(by=new.pk))
    assert (state_of(old), state_of(new)) == (State.ACTIVE, State.ACTIVE)


def test_a_notice_denied_from_many_browsers_opens_one_case(postgres: str) -> None:
    card = a_card()
    freeze(card)
    notice = Message.objects.filter(kind="card_frozen").latest("pk")
    cases = at_once(12, lambda _n: services.deny(message=notice).pk)
    assert len(set(cases)) == 1
    assert Case.objects.count() == 1


def two_alike() -> Card:
    """One of two cards with the same last digits and the same contact, of which a person has to choose one."""
    a_card(number="6200000010002604")
    return a_card()


def test_which_card_pressed_twice_opens_one_case_and_tells_once(postgres: str) -> None:
    card = two_alike()

    def press(_number: int) -> bool:
        services.act_on_card(act=Act.NOT_ME, card_id=card.pk)
        return True

    assert all(at_once(8, press))
    case = Case.objects.get()
    assert case.done == ["card_frozen"]
    assert CardEvent.objects.filter(card=card, kind="denied").count() == 1
    assert Message.objects.filter(kind="card_frozen").count() == 2


def test_looking_for_the_case_first_would_lose_one_of_two_presses(postgres: str) -> None:
    """The twin looks, waits until the other has looked, and writes: the unique index refuses one of them."""
    card, both_have_looked = two_alike(), Barrier(2)

    def naive(_number: int) -> bool:
        known = Case.objects.open().filter(card=card, notice="").first()
        both_have_looked.wait(10)
        try:
            known or Case.objects.create(card=card, opened_at=timezone.now())
        except IntegrityError:
            return False
        return True

    assert sorted(at_once(2, naive)) == [False, True]
