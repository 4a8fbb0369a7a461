"""What is said about new PINs: the code, and the notices to every registered contact."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts.card_notices import address_notice, contact_of
from accounts.fallback import next_way, send_instead
from accounts.loss.not_me import Notice, register
from accounts.messages import CodeEnvelopes
from accounts.models import PinReset, PinResetCode
from accounts.pins.codes import PURPOSE, sent_for
from cards.dimensions import PinStatus
from cards.models import CardEvent
from messaging import kinds
from messaging.kinds import CODE_CHANNELS, Envelope, Kind
from messaging.models import Message

WANTED = {
    "pin_reset_begun": (PinReset.Outcome.NONE,),
    "pin_changed": (PinReset.Outcome.TAKEN,),
    "pin_kept": (PinReset.Outcome.REFUSED, PinReset.Outcome.STOPPED),
}
"""Which outcomes a notice is true for; where the change has gone on meanwhile, the next notice says so."""


def register_kinds() -> None:
    """Make the messages known."""
    code = pgettext_lazy("message", "Security code, to choose a new PIN")
    kinds.register(
        Kind(PURPOSE, build_code, channels=CODE_CHANNELS, instead=code_instead, used=used_codes, label=code)
    )
    labels: dict[str, Any] = {
        "pin_reset_begun": pgettext_lazy("message", "New PIN chosen, not in effect yet"),
        "pin_changed": pgettext_lazy("message", "PIN changed"),
        "pin_kept": pgettext_lazy("message", "PIN not changed"),
    }
    for name, label in labels.items():
        kinds.register(Kind(name, build_notice, label=label))
        register(name, Notice(card_of_reset))
    kinds.register(Kind("pin_locked", build_locked, label=pgettext_lazy("message", "PIN locked")))
    register("pin_locked", Notice(card_of_event))


def build_code(message: Message) -> Envelope | None:
    """Address the code to the registered contact it is for; None once it has ended or the contact has changed."""
    code = PinResetCode.objects.live(timezone.now()).filter(pk=message.subject_id).select_related("card").first()
    to = contact_of(code.card, message) if code else ""
    return CodeEnvelopes().address(code, to, message, tail=code.card.number_tail) if code and to else None


def build_notice(message: Message) -> Envelope | None:
    """Tell what became of a new PIN and when; never the PIN."""
    reset = PinReset.objects.filter(pk=message.subject_id).select_related("card__programme").first()
    if reset is None or reset.outcome not in WANTED[message.kind]:
        return None
    return address_notice(message, reset.card, {"at": reset.ended_at or reset.takes_effect_at})


def build_locked(message: Message) -> Envelope | None:
    """Tell when wrong PINs have locked the PIN; where a new one has unlocked it meanwhile, its own notice says so."""
    event = CardEvent.objects.filter(pk=message.subject_id).select_related("card__programme").first()
    if event is None or event.card.pin_status != PinStatus.BLOCKED:
        return None
    return address_notice(message, event.card, {"at": event.at})


def code_instead(message: Message) -> bool:
    """The same code by the next way of the policy, to a registered contact: each of them alone is as good a proof."""
    code = PinResetCode.objects.live(timezone.now()).filter(pk=message.subject_id)
    found = code.select_related("card__programme").first()
    if found is None:
        return False
    way = next_way(message, found.card.registered_contacts(), found.card.programme)
    return way is not None and send_instead(message, way, counted_for=sent_for(found.card))


def card_of_reset(reset_id: UUID) -> UUID | None:
    """The card of a new PIN."""
    return PinReset.objects.filter(pk=reset_id).values_list("card_id", flat=True).first()


def card_of_event(event_id: UUID) -> UUID | None:
    """The card that something happened to."""
    return CardEvent.objects.filter(pk=event_id).values_list("card_id", flat=True).first()


def used_codes(codes: Collection[UUID]) -> int:
    """How many of these codes have been used."""
    return PinResetCode.objects.filter(pk__in=codes, consumed_at__isnull=False).count()
