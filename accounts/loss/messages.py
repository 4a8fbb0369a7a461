"""What is said about a loss: the code, and the notices to every registered contact."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts.binding.notices import helpers_by_account
from accounts.card_notices import address_notice, contact_of
from accounts.code_purposes import OF_LOSSES
from accounts.fallback import next_way, send_instead
from accounts.loss.not_me import Notice, register, start_of
from accounts.loss.reporting import forbid_lifting
from accounts.messages import CodeEnvelopes
from accounts.models import LossCode, LossReport
from accounts.models.loss_codes import Act
from accounts.sending_limits import for_losses
from cards.dimensions import ActorKind, State
from cards.models import CardEvent
from messaging import kinds
from messaging.kinds import CODE_CHANNELS, Envelope, Kind
from messaging.models import Message

MOMENTS = {
    "card_frozen": "frozen_at",
    "card_unfrozen": "lifted_at",
    "card_lost": "lost_at",
    "card_liftable": "extended_until",
}
UNDO = {"card_liftable": forbid_lifting}


def register_kinds() -> None:
    """Make the messages known, and which card each notice is about."""
    label = pgettext_lazy("message", "Security code, to freeze or unfreeze")
    kinds.register(
        Kind(
            "loss_code",
            build_loss_code,
            channels=CODE_CHANNELS,
            instead=loss_code_instead,
            used=used_codes,
            label=label,
        )
    )
    labels: dict[str, Any] = {
        "card_frozen": pgettext_lazy("message", "Card is frozen"),
        "card_unfrozen": pgettext_lazy("message", "Card works again"),
        "card_lost": pgettext_lazy("message", "Card reported lost"),
        "card_liftable": pgettext_lazy("message", "Card can be unfrozen once more"),
    }
    for name, words in labels.items():
        kinds.register(Kind(name, build_notice, label=words))
        register(name, Notice(card_of_report, UNDO.get(name)))


def build_loss_code(message: Message) -> Envelope | None:
    """Address the code to the registered contact it was asked for; None once it has ended or the contact changed."""
    code = LossCode.objects.live(timezone.now()).filter(pk=message.subject_id).select_related("card").first()
    to = contact_of(code.card, message) if code else ""
    if code is None or not to:
        return None
    return CodeEnvelopes().address(code, to, message, purpose=str(OF_LOSSES[Act(code.act)]))


def build_notice(message: Message) -> Envelope | None:
    """Tell what happened to the card, when, under which reference, and where to say that it was somebody else."""
    report = (
        LossReport.objects.filter(pk=message.subject_id).select_related("card__programme", "card__replaced_by").first()
    )
    moment = getattr(report, MOMENTS[message.kind]) if report else None
    if report is None or moment is None:
        return None
    moments = {"at": moment, "until": report.liftable_until}
    found = f"{start_of(report.card.programme)}found/"
    new = report.card.replaced_by
    return address_notice(
        message,
        report.card,
        moments,
        reference=report.reference,
        found=found,
        new_tail=new.number_tail if new else "",
        helper=helper_who_froze(report) if message.kind == "card_frozen" else "",
    )


def helper_who_froze(report: LossReport) -> str:
    """The mask of the helper who froze the card; "" where nobody else than its holder did."""
    frozen = CardEvent.objects.filter(card=report.card_id, reference=report.reference, to_state=State.SUSPENDED)
    event = frozen.filter(actor_kind=ActorKind.CARDHOLDER).exclude(actor_id="").first()
    return helpers_by_account([report.card_id]).get((report.card_id, event.actor_id), "") if event else ""


def loss_code_instead(message: Message) -> bool:
    """The same code to the same contact by another way: it acts for whoever reads that one contact."""
    live = LossCode.objects.live(timezone.now()).filter(pk=message.subject_id)
    code = live.select_related("card__programme").first()
    if code is None:
        return False
    contacts = [to for to in code.card.registered_contacts() if to.index == message.contact_index]
    way = next_way(message, contacts, code.card.programme)
    return way is not None and send_instead(message, way, counted_for=for_losses(way.address))


def card_of_report(report_id: UUID) -> UUID | None:
    """The card of a report."""
    return LossReport.objects.filter(pk=report_id).values_list("card_id", flat=True).first()


def used_codes(codes: Collection[UUID]) -> int:
    """How many of these codes have done what they were for."""
    return LossCode.objects.filter(pk__in=codes, consumed_at__isnull=False).count()
