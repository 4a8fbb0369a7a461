"""The door of the journey: a card number and an activation code, tried in one short transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.address_limits import count_check
from accounts.code_tries import locked_until
from accounts.contacts import mask
from activation.limits import CODE_TRIES, CODE_TRIES_A_DAY
from activation.models import ActivationAttempt, ActivationCode
from activation.models.codes import OPENABLE
from activation.refusals import (
    AlreadyActive,
    CodeExpired,
    CodeNotAccepted,
    OlderCode,
    ProgrammeClosed,
    Refusal,
    TooManyTries,
)
from activation.seats import seat_hash
from cards.dimensions import State, Via
from cards.events import Actor, record_event
from cards.models import Card, Programme
from cards.models.card_event import EventKind
from vault import limits
from vault.blind_index import blind_index

ATTEMPT_OPEN = timedelta(hours=24)
LOCKS = (CODE_TRIES, CODE_TRIES_A_DAY)
CODES_LOOKED_AT = 3  # always as many derivations, so that a known card takes no longer than an unknown one


def enter_code(
    *,
    card_number: str,
    code: str,
    seat: str,
    address: str,
    language: str,
    press: str = "",
    programme: Programme | None = None,
) -> ActivationAttempt:
    """Try an activation code; open the attempt, or give its seat to this browser.

    `card_number` and `code` are folded already; `press` tells a doubled press of one button from two tries.
    Raises TooManyChecks, TooManyTries, CodeNotAccepted, OlderCode, CodeExpired, AlreadyActive, ProgrammeClosed, all
    after the commit, so that the counted try stays counted.
    """
    at = timezone.now()
    count_check(address)
    with transaction.atomic(durable=True):
        outcome = _try_code(at, card_number, code, seat, language, press, programme)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def door_locked_until(*, card_number: str) -> datetime | None:
    """Until when no activation code is tried for what was typed; None while one may be."""
    return locked_until(LOCKS, card_number)


def _try_code(
    at: datetime, card_number: str, code: str, seat: str, language: str, press: str, programme: Programme | None
) -> ActivationAttempt | Refusal:
    tried = [(limit, card_number) for limit in LOCKS]
    counts = limits.count_all(tried, once=press)
    for count in counts:
        if not count.allowed:
            return TooManyTries(until=count.until or at)
    locks = [count.until for count in counts if count.until]
    tries_left = min(count.left for count in counts)
    wrong = TooManyTries(until=max(locks)) if locks else CodeNotAccepted(tries_left=tries_left)

    right = _matching_code(card_number, code, programme)
    if right is None or right.revoked_at or not right.of_this_record:
        return wrong
    refusal = _why_not(right, at)
    if isinstance(refusal, CodeNotAccepted):
        return wrong
    limits.give_back_all(tried)  # a right entry costs nothing
    if isinstance(refusal, AlreadyActive):
        return refusal
    if refusal is None and _reserve(right, at):
        return _open_attempt(right, at, seat, language)
    if not ActivationCode.objects.enterable(at).filter(pk=right.pk).exists():
        return ProgrammeClosed(right.card.programme)  # whatever else is wrong with it: a new code is of no use either
    return refusal or CodeExpired(expired_at=right.expires_at)


def _matching_code(card_number: str, code: str, programme: Programme | None) -> ActivationCode | None:
    """Compare with the newest codes of the card, and with others up to the same number."""
    newest = ActivationCode.objects.newest_of(
        blind_index("card_number", card_number), programme.pk if programme else None, CODES_LOOKED_AT
    )
    right = None
    for candidate in reversed(newest):
        if candidate.matches(code) and candidate.of_this_card:
            right = candidate
    for _dummy in range(CODES_LOOKED_AT - len(newest)):  # in a portal that has hardly any codes
        ActivationCode.dummy(len(code)).matches(code)
    return right


def _why_not(code: ActivationCode, at: datetime) -> Refusal | None:
    """What the right digits of a code are told when they do not open the journey."""
    if code.card_state == State.ACTIVE:
        return AlreadyActive()
    if code.card_state not in OPENABLE or code.consumed_at:
        return CodeNotAccepted(tries_left=0)
    if code.superseded_at:
        current = ActivationCode.objects.filter(card=code.card_id).live(at).first()
        if current is not None:
            return OlderCode(
                sent_at=current.issued_at, sent_to=_masked_contact(code.card, current), code_id=str(current.pk)
            )
        return CodeExpired(expired_at=code.superseded_at)
    if code.expired_at:
        return CodeExpired(expired_at=code.expires_at)
    return None


def _masked_contact(card: Card, code: ActivationCode) -> str:
    return next((mask(to.address) for to in card.registered_contacts() if to.index == code.contact_index), "")


def _reserve(code: ActivationCode, at: datetime) -> bool:
    """Keep the code good for the attempt's 24 hours. One conditional statement decides whether it still can be."""
    return ActivationCode.objects.reserve_for_attempt(code.pk, at, at + ATTEMPT_OPEN)


def _open_attempt(code: ActivationCode, at: datetime, seat: str, language: str) -> ActivationAttempt:
    """Open the card's attempt, or give the seat of the open one to this browser."""
    new = ActivationAttempt(
        card_id=code.card_id,
        code=code,
        seat_hash=seat_hash(seat),
        language=language,
        opened_at=at,
        closes_at=code.reserved_until if code.reserved_until and code.reserved_until > at else at + ATTEMPT_OPEN,
    )
    if code.contact_index:  # the code itself came through it: nothing more to show
        for contact in Card.objects.contacts_of(code.card_id):
            if contact.index == code.contact_index:
                new.contact, new.contact_channel = contact.address, contact.channel
                new.contact_index, new.contact_confirmed_at = contact.index, at
    attempt = ActivationAttempt.objects.open_or_seat(new)
    attempt.code = code
    if attempt.pk == new.pk:
        record_event(
            card_id=code.card_id,
            kind=EventKind.ATTEMPT_OPENED,
            actor=Actor.cardholder(),
            channel=Via.WEB,
            reference=attempt.reference,
        )
    return attempt
