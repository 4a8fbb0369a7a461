"""It was not me: stopping everything by the link of a notice, and closing the case that it opens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.loss import denials
from accounts.loss.not_me import notice_of
from accounts.models import Case
from accounts.refusals import CaseClosed
from accounts.tasks import tell_issuers
from messaging.enqueue import enqueue
from messaging.models import Message


def deny(*, message: Message) -> Case:
    """Revoke live codes, stop a pending activation or the fresh change, freeze an active card or sign everybody out of
    the account, and open a case.

    Once for each message: pressed again, it gives the same case. `message` is one that `not_me.message_of` gave.
    """
    with transaction.atomic(durable=True):
        case, is_new = _case_of(message, timezone.now())
        if is_new:
            enqueue(tell_issuers, queue="codes")
    return case


def _case_of(message: Message, at: datetime) -> tuple[Case, bool]:
    notice = notice_of(message.kind)
    assert notice is not None  # noqa: S101 - `message_of` gives no other
    card_id = notice.card_of(message.subject_id) if notice.card_of else None
    user_id = notice.account_of(message.subject_id) if notice.account_of else None
    new = Case(card_id=card_id, user_id=user_id, notice=message.kind, message_id=message.pk, opened_at=at)
    Case.objects.bulk_create([new], ignore_conflicts=True)
    case = Case.objects.get(message_id=message.pk)
    if case.pk != new.pk:
        return case, False
    undone = list(notice.undo(message.subject_id, at)) if notice.undo else []
    denials.stop_card(case, at, undone)
    if user_id:
        denials.stop_account(case, user_id, at)
    return case, True


def close_case(*, case_id: UUID, by: UUID, reason: str) -> None:
    """Close an open case with words that say how it ended. Raises CaseClosed."""
    with transaction.atomic(durable=True):
        ours = Case.objects.open().filter(pk=case_id)
        closed = ours.update(closed_at=timezone.now(), closed_by=by, reason=reason)
    if not closed:
        raise CaseClosed
