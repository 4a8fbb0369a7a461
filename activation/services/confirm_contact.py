"""Show that the person reads the contact which the issuer registered: compare, send six digits, compare those."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.code_tries import locked_until
from accounts.sending_limits import count_send
from activation.issuing import issue_contact_code
from activation.limits import CONTACT_TRIES, SECURITY_CODE_TRIES
from activation.models import ActivationAttempt, ContactCode
from activation.progress import hold_open, record_fact, sealed
from activation.refusals import (
    ContactNotRegistered,
    NotSentThere,
    Refusal,
    SecurityCodeExpired,
    SecurityCodeLocked,
    SecurityCodeNotAccepted,
    SendTooEarly,
    StepNotReached,
    TooManyTries,
)
from messaging.budgets import is_closed
from messaging.destinations import known_destinations
from vault import limits
from vault.blind_index import blind_index


def give_contact(*, attempt: ActivationAttempt, phone: str, email: str, via: str) -> bool:
    """Keep the registered contact the code shall go to and send it. Says False when it was confirmed already.

    `phone` is E.164 and `email` normalised, either may be empty; `via` is "sms" or "email".
    Raises ContactNotRegistered naming the fields, NotSentThere, TooManyTries, SecurityCodeLocked, TooManySends,
    SendTooEarly, AttemptClosed, AlreadySubmitted.
    """
    at = timezone.now()
    card, subject = attempt.card, str(attempt.card_id)
    foreign = [
        field
        for field, given, registered in (("phone", phone, card.phone_index), ("email", email, card.email_index))
        if given and blind_index(field, given) != registered
    ]
    if foreign:
        counted = limits.count(CONTACT_TRIES, subject)
        raise ContactNotRegistered(*foreign) if counted.allowed else TooManyTries(until=counted.until or at)
    known = limits.peek(CONTACT_TRIES, subject)
    if not known.allowed:
        raise TooManyTries(until=known.until or at)
    if via == "sms" and is_closed(phone, known_destinations()):
        raise NotSentThere
    contact, kind = (phone, "phone") if via == "sms" else (email, "email")
    index = blind_index(kind, contact)
    if attempt.contact_confirmed_at and attempt.contact_index == index:
        return False
    with transaction.atomic(durable=True):
        refusal = record_fact(
            attempt,
            at,
            contact=sealed(attempt, "contact", contact),
            contact_channel=via,
            contact_index=index,
            contact_confirmed_at=None,
        )
        if refusal is None:
            attempt.refresh_from_db()
            refusal = _send(attempt, at)
        if isinstance(refusal, SendTooEarly) and ContactCode.objects.live(at).filter(
            attempt=attempt, contact_index=index
        ):
            refusal = None  # the same contact given twice: the code that went to it a moment ago still works
    if refusal is not None:
        raise refusal
    return True


def resend_contact_code(*, attempt: ActivationAttempt) -> None:
    """Send the code again: the same digits in the first half of its life. Raises SecurityCodeLocked, SendTooEarly,
    TooManySends, and the reasons why an attempt cannot change."""
    at = timezone.now()
    with transaction.atomic(durable=True):
        refusal = hold_open(attempt, at) or _send(attempt, at)
    if refusal is not None:
        raise refusal


def confirm_contact(*, attempt: ActivationAttempt, otp: str, press: str = "") -> None:
    """Try the six digits. Raises SecurityCodeLocked, SecurityCodeNotAccepted, SecurityCodeExpired (a new one was
    sent), and the reasons why an attempt cannot change."""
    at = timezone.now()
    with transaction.atomic(durable=True):
        refusal = _try(attempt, otp, press, at)
    if refusal is not None:
        raise refusal


def security_code_locked_until(*, attempt: ActivationAttempt) -> datetime | None:
    """Until when no security code is tried for the attempt's card; None while one may be."""
    return locked_until((SECURITY_CODE_TRIES,), str(attempt.card_id))


def _send(attempt: ActivationAttempt, at: datetime) -> Refusal | None:
    if not attempt.contact:
        return StepNotReached()
    if until := security_code_locked_until(attempt=attempt):
        return SecurityCodeLocked(until=until)
    refusal = count_send(str(attempt.card_id))
    if refusal is None:
        issue_contact_code(attempt, at)
    return refusal


def _try(attempt: ActivationAttempt, otp: str, press: str, at: datetime) -> Refusal | None:
    subject = str(attempt.card_id)
    counted = limits.count(SECURITY_CODE_TRIES, subject, once=press)
    if not counted.allowed:
        return SecurityCodeLocked(until=counted.until or at)
    codes = ContactCode.objects.filter(attempt=attempt, contact_index=attempt.contact_index)
    sent = codes.order_by("-issued_at").first()
    if sent is None or sent.revoked_at or sent.superseded_at or not sent.matches(otp):
        if counted.until:
            return SecurityCodeLocked(until=counted.until)
        return SecurityCodeNotAccepted(tries_left=counted.left)
    limits.give_back(SECURITY_CODE_TRIES, subject)  # right digits cost nothing
    if codes.filter(pk=sent.pk).live(at).update(consumed_at=at):
        return record_fact(attempt, at, contact_confirmed_at=at)
    if sent.consumed_at and _is_confirmed(attempt):
        return None  # pressed twice: the first press has done it
    return _send(attempt, at) or SecurityCodeExpired()


def _is_confirmed(attempt: ActivationAttempt) -> bool:
    """Whether the contact of this attempt has been confirmed meanwhile."""
    same = ActivationAttempt.objects.filter(pk=attempt.pk, contact_index=attempt.contact_index)
    return same.filter(contact_confirmed_at__isnull=False).exists()
