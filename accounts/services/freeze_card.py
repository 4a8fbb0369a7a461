"""Freezing a card, lifting that, and reporting it lost: by its owner, by staff, or by whoever a code has proved."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.loss import reporting as loss
from accounts.models import LossReport
from accounts.refusals import CannotBeUnfrozen, NothingToReport
from accounts.tasks import tell_issuers
from cards.dimensions import Via
from cards.events import Actor
from cards.replacements import name_replacement, unname_replacement
from messaging.enqueue import enqueue
from vault.fields import sealed


def freeze_card(*, card_id: UUID, actor: Actor, channel: Via, reason: str, comment: str = "") -> LossReport | None:
    """Freeze an active card at once; None when it was not active, and then its codes are revoked and its activation
    is stopped. Raises states.MoveNotAllowed for a reason that this actor cannot give."""
    with transaction.atomic(durable=True):
        report, _done = loss.freeze(
            card_id=card_id, actor=actor, channel=channel, reason=reason, comment=comment, at=timezone.now()
        )
        if report is not None:
            enqueue(tell_issuers, queue="codes")
    return report


def unfreeze_card(*, card_id: UUID, actor: Actor, channel: Via, reason: str) -> LossReport:
    """Make a frozen card active again within seven days. Raises CannotBeUnfrozen."""
    with transaction.atomic(durable=True):
        report = loss.lift(card_id=card_id, actor=actor, channel=channel, reason=reason, at=timezone.now())
        if report is None:
            transaction.set_rollback(True)
        else:
            enqueue(tell_issuers, queue="codes")
    if report is None:
        raise CannotBeUnfrozen
    return report


def allow_unfreezing(*, card_id: UUID, actor: Actor, channel: Via, reason: str, comment: str = "") -> LossReport:
    """Let the cardholder of a card that has been frozen for more than seven days unfreeze it by a code for a day.

    Raises CannotBeUnfrozen when the card is not frozen, or need not be allowed to.
    """
    with transaction.atomic(durable=True):
        report = loss.allow_lifting(
            card_id=card_id, actor=actor, channel=channel, reason=reason, comment=comment, at=timezone.now()
        )
    if report is None:
        raise CannotBeUnfrozen
    return report


def note_last_use(*, report_id: UUID, said: str) -> bool:
    """Keep in the cardholder's own words when they last used the card, until its report ends; False after that."""
    words = sealed(LossReport, "last_used", report_id, said)
    return bool(LossReport.objects.open().filter(pk=report_id).update(last_used=words))


def report_lost(*, card_id: UUID, actor: Actor, channel: Via, reason: str = "lost", comment: str = "") -> LossReport:
    """Close a lost card for good and ask for a new one. Raises NothingToReport when it is closed already."""
    with transaction.atomic(durable=True):
        report = loss.end_for_loss(
            card_id=card_id, actor=actor, channel=channel, reason=reason, comment=comment, at=timezone.now()
        )
        if report is not None:
            enqueue(tell_issuers, queue="codes")
    if report is None:
        raise NothingToReport
    return report


def replace_card(
    *, card_id: UUID, replacement_id: UUID, actor: Actor, channel: Via, reason: str = "", comment: str = ""
) -> bool:
    """Write down which card of the same programme and document takes this one's place; False when it cannot."""
    with transaction.atomic(durable=True):
        return name_replacement(
            card_id=card_id,
            replacement_id=replacement_id,
            actor=actor,
            channel=channel,
            reason=reason,
            comment=comment,
        )


def take_back_replacement(*, card_id: UUID, actor: Actor, channel: Via, reason: str, comment: str = "") -> bool:
    """Take that back before the new card is activated; False when it is too late, or none is named."""
    with transaction.atomic(durable=True):
        return unname_replacement(card_id=card_id, actor=actor, channel=channel, reason=reason, comment=comment)
