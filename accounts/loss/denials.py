"""What "it was not me" does to a card or an account, inside the caller's transaction."""

from datetime import datetime
from uuid import UUID

from accounts import account_events
from accounts.loss import reporting as loss
from accounts.models import Case, LossReport
from accounts.models.cases import Done
from accounts.own_account import closing
from accounts.signing_in import sessions
from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.models.card_event import EventKind


def stop_card(case: Case, at: datetime, undone: list[Done] | None = None) -> None:
    """Stop what is under way for the case's card, freeze it if it is active, and keep in the case what was done."""
    done = [Done(one) for one in case.done] + list(undone or [])
    if case.card_id is not None:
        told_before = LossReport.objects.filter(reference=case.reference).exists()
        _report, stopped = loss.freeze(
            card_id=case.card_id,
            actor=Actor.cardholder(),
            channel=Via.WEB,
            reason="requested",
            at=at,
            reference="" if told_before else case.reference,  # page and notice of one press tell one
        )
        done += stopped
        if case.opened_at == at or len(done) > len(case.done):  # a doubled press tells nothing new
            record_event(
                card_id=case.card_id,
                kind=EventKind.DENIED,
                actor=Actor.cardholder(),
                channel=Via.WEB,
                reason=case.notice,
                reference=case.reference,
            )
    case.done = list(dict.fromkeys(done))
    Case.objects.filter(pk=case.pk).update(done=case.done)


def stop_account(case: Case, user_id: UUID, at: datetime) -> None:
    """Sign everybody out of the case's account, end the codes that get into it, and keep in the case what was done."""
    done = [Done(one) for one in case.done]
    if sessions.end_all(user_id, at):
        done.append(Done.SIGNED_OUT)
    if closing.end_codes(user_id, at):
        done.append(Done.CODES_REVOKED)
    account_events.record(user_id=user_id, kind="denied", reference=case.reference)
    case.done = list(dict.fromkeys(done))
    Case.objects.filter(pk=case.pk).update(done=case.done)


def open_case(card_id: UUID, at: datetime) -> Case:
    """The card's open case of the printed short address, or a new one: a unique index lets there be one.

    It is locked, so that whoever presses again adds to what was done, after the first.
    """
    Case.objects.bulk_create([Case(card_id=card_id, opened_at=at)], ignore_conflicts=True)
    ours = Case.objects.open().filter(card_id=card_id, notice="").select_for_update().first()
    return ours or open_case(card_id, at)  # closed by staff in between
