"""Freezing a card, lifting that, and ending it for good. All run inside the caller's transaction.

Each is decided by the conditional move of the card's state; its report is written after that, under the card's lock.
"""

from datetime import datetime
from uuid import UUID

from accounts import stops
from accounts.card_notices import tell_contacts
from accounts.models import LossReport
from accounts.models.cases import Done
from accounts.models.loss_reports import ALLOWED
from cards import states
from cards.dimensions import State, Via
from cards.events import Actor, record_event
from cards.models import Card
from cards.models.card_event import EventKind
from vault.references import new_reference


def freeze(
    *, card_id: UUID, actor: Actor, channel: Via, reason: str, at: datetime, comment: str = "", reference: str = ""
) -> tuple[LossReport | None, list[Done]]:
    """Stop what is under way for the card and freeze it if it is active: its new report, and what was stopped.

    No report where it was not active: it is frozen already, was never activated, or is closed. Stops come first, so
    that an activation which ends while we wait for it is found active, and frozen. `reference`: that of the case, if
    no report has it yet.
    """
    done = stops.stop_all(card_id, at)
    reference = reference or new_reference()
    frozen = states.move(
        card_id=card_id,
        to=State.SUSPENDED,
        actor=actor,
        channel=channel,
        reason=reason,
        comment=comment,
        reference=reference,
    )
    if not frozen:
        return None, done
    # A report whose card came back another way (by staff) ends here: the new freeze has days of its own.
    LossReport.objects.open().filter(card_id=card_id).update(lifted_at=at)
    report = LossReport.objects.create(card_id=card_id, reference=reference, frozen_at=at, changed_at=at)
    tell_contacts(card_id=card_id, kind="card_frozen", subject_id=report.pk, at=at)
    return report, [Done.CARD_FROZEN, *done]


def lift(*, card_id: UUID, actor: Actor, channel: Via, reason: str, at: datetime) -> LossReport | None:
    """Make a frozen card active again, within seven days; None, and nothing may be kept, when that cannot be."""
    if not states.move(card_id=card_id, to=State.ACTIVE, actor=actor, channel=channel, reason=reason):
        return None
    ours = LossReport.objects.filter(card_id=card_id)
    report = ours.liftable(at).first()
    if report is None or not ours.open().filter(pk=report.pk).update(**_changed(at, lifted_at=at)):
        return None
    tell_contacts(card_id=card_id, kind="card_unfrozen", subject_id=report.pk, at=at)
    return report


def allow_lifting(
    *, card_id: UUID, actor: Actor, channel: Via, reason: str, at: datetime, comment: str = ""
) -> LossReport | None:
    """Let a code lift the freeze once more, for a day; None where the card is not frozen or a code lifts it anyhow."""
    frozen = Card.objects.select_for_update().filter(pk=card_id, state=State.SUSPENDED).first()
    report = LossReport.objects.open().filter(card_id=card_id).first() if frozen else None
    if report is None or report.can_be_lifted(at):
        return None
    report.extended_until = at + ALLOWED
    report.save(update_fields=["extended_until"])
    record_event(
        card_id=card_id,
        kind=EventKind.UNFREEZING_ALLOWED,
        actor=actor,
        channel=channel,
        reason=reason,
        comment=comment,
        reference=report.reference,
    )
    tell_contacts(card_id=card_id, kind="card_liftable", subject_id=report.pk, at=at)
    return report


def forbid_lifting(report_id: UUID, at: datetime) -> list[Done]:
    """Take that back: it was not the cardholder who asked for it."""
    allowed = LossReport.objects.open().filter(pk=report_id, extended_until__gt=at)
    return [Done.CHANGE_UNDONE] if allowed.update(extended_until=at) else []


def end_for_loss(
    *, card_id: UUID, actor: Actor, channel: Via, reason: str, at: datetime, comment: str = ""
) -> LossReport | None:
    """Close the card for good because it is lost or stolen, and ask for another unless one is named; None when it was
    closed already."""
    stops.stop_all(card_id, at)
    open_report = LossReport.objects.open().filter(card_id=card_id).first()
    reference = open_report.reference if open_report else new_reference()
    ended = states.move(
        card_id=card_id,
        to=State.TERMINATED,
        actor=actor,
        channel=channel,
        reason=reason,
        comment=comment,
        reference=reference,
    )
    if not ended:
        return None
    reports = LossReport.objects.open().filter(card_id=card_id)  # looked at again under the card's lock
    report = reports.first()
    if report is None:
        report = LossReport.objects.create(
            card_id=card_id, reference=new_reference(), frozen_at=at, changed_at=at, lost_at=at
        )
    else:
        reports.update(**_changed(at, lost_at=at))
    if Card.objects.filter(pk=card_id, replaced_by=None).exists():
        record_event(
            card_id=card_id,
            kind=EventKind.REPLACEMENT_ASKED,
            actor=actor,
            channel=channel,
            reference=report.reference,
        )
    tell_contacts(card_id=card_id, kind="card_lost", subject_id=report.pk, at=at)
    return report


def _changed(at: datetime, **moment: datetime) -> dict[str, object]:
    """The issuer is told anew, at once."""
    return {**moment, "changed_at": at, "issuer_told_at": None, "next_try_at": at, "leased_until": None, "tries": 0}
