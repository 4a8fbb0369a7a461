"""What is said about adding cards and about helpers: the two codes, and the notices to both sides."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import account_events
from accounts.binding import ending
from accounts.binding.codes import KINDS
from accounts.binding.notices import contacts_of, mask_of
from accounts.code_purposes import ADD_CARD
from accounts.fallback import next_way, send_instead
from accounts.loss.not_me import Notice, link_of, register
from accounts.messages import CodeEnvelopes, Letterhead
from accounts.models import BindingCode, CardBinding, CardHelper
from accounts.models.cases import Done
from cards.dimensions import Via
from cards.events import Actor
from cards.models.card import Contact
from messaging import kinds
from messaging.kinds import CODE_CHANNELS, Envelope, Kind
from messaging.models import Message
from pages.times import clock

LABELS: dict[str, Any] = {
    "binding_code": pgettext_lazy("message", "Security code, to add a card"),
    "consent_code": pgettext_lazy("message", "Security code, to let somebody help"),
    "card_bound": pgettext_lazy("message", "Card added to an account"),
    "card_unbound": pgettext_lazy("message", "Card removed from an account"),
    "card_reassigned": pgettext_lazy("message", "Card registered for somebody else"),
    "helper_added": pgettext_lazy("message", "Somebody may help with the card"),
    "helper_ended": pgettext_lazy("message", "Somebody helps no longer"),
    "helping_begun": pgettext_lazy("message", "You can help with a card"),
    "helping_ended": pgettext_lazy("message", "You no longer help with a card"),
}
EVENTS: dict[str, Any] = {
    "helping_begun": _("You can help with the card ending in %(tail)s"),
    "helping_ended": _("You no longer help with the card ending in %(tail)s"),
    "help_begun": _("%(helper)s may help with your card ending in %(tail)s"),
    "help_ended": _("%(helper)s helps no longer with your card ending in %(tail)s"),
}
OF_BINDINGS = {"card_bound": "bound_at", "card_unbound": "ended_at", "card_reassigned": "ended_at"}
OF_HELPERS = {
    "helper_added": "since",
    "helping_begun": "since",
    "helper_ended": "ended_at",
    "helping_ended": "ended_at",
}


def register_kinds() -> None:
    """Make the messages known, and how each notice is answered by "it was not me"."""
    for name in KINDS.values():
        kinds.register(
            Kind(
                name,
                build_code,
                channels=CODE_CHANNELS,
                instead=code_instead,
                used=used_codes,
                label=LABELS[name],
            )
        )
    for name in (*OF_BINDINGS, *OF_HELPERS):
        kinds.register(Kind(name, build_notice, label=LABELS[name]))
    for name, sentence in EVENTS.items():
        account_events.register(name, sentence)
    register("card_bound", Notice(card_of_binding, undo_binding))
    register("card_unbound", Notice(card_of_binding))
    register("helper_added", Notice(card_of_helper, undo_help))
    register("helper_ended", Notice(card_of_helper))
    register("helping_begun", Notice(account_of=account_of_helper, undo=undo_help))  # the card is not the helper's


def build_code(message: Message) -> Envelope | None:
    """Address the code to the registered contact it was asked for; None once it has ended or the contact changed.

    It says who asks by the mask of their own contact: the holder knows that number, or does not.
    """
    live = BindingCode.objects.live(timezone.now()).filter(pk=message.subject_id)
    code = live.select_related("card", "user").first()
    to = _address(code.card.registered_contacts(), message) if code else ""
    if code is None or not to:
        return None
    told = {"tail": code.card.number_tail, "helper": mask_of(code.user), "purpose": str(ADD_CARD)}
    return CodeEnvelopes().address(code, to, message, **told)


def build_notice(message: Message) -> Envelope | None:
    """Tell what happened, when, and where to say that it was somebody else (but not of what the issuer did)."""
    rows: Any = CardBinding.objects if message.kind in OF_BINDINGS else CardHelper.objects
    row = rows.filter(pk=message.subject_id).select_related("card__programme", "user").first()
    moment: datetime | None = row and getattr(row, (OF_BINDINGS | OF_HELPERS)[message.kind])
    if row is None or moment is None:
        return None
    card, programme = row.card, row.card.programme
    to = _address([*card.registered_contacts(), *contacts_of(row.user)], message)
    if not to:
        return None
    head = Letterhead.of(programme, message.channel)
    with timezone.override(programme.zone):
        at = clock(moment)
    return Envelope(
        to=to,
        language=message.language,
        params={
            "tail": card.number_tail,
            "at": at,
            "helper": mask_of(row.user),
            "hotline": head.hotline,
            "not_me": link_of(message, programme),
        },
        sender=head.sender,
        service=head.service,
        fixed_text=head.fixed_text,
    )


def code_instead(message: Message) -> bool:
    """The same code to the same contact by another way: it speaks for whoever reads that one contact."""
    live = BindingCode.objects.live(timezone.now()).filter(pk=message.subject_id)
    code = live.select_related("card__programme").first()
    if code is None:
        return False
    contacts = [to for to in code.card.registered_contacts() if to.index == message.contact_index]
    way = next_way(message, contacts, code.card.programme)
    return way is not None and send_instead(message, way, counted_for=way.address)


def used_codes(codes: Collection[UUID]) -> int:
    """How many of these codes have done what they were for."""
    return BindingCode.objects.filter(pk__in=codes, consumed_at__isnull=False).count()


def card_of_binding(binding_id: UUID) -> UUID | None:
    """The card of a binding."""
    return CardBinding.objects.filter(pk=binding_id).values_list("card_id", flat=True).first()


def card_of_helper(helper_id: UUID) -> UUID | None:
    """The card that somebody helps with."""
    return CardHelper.objects.filter(pk=helper_id).values_list("card_id", flat=True).first()


def account_of_helper(helper_id: UUID) -> UUID | None:
    """The account that helps."""
    return CardHelper.objects.filter(pk=helper_id).values_list("user_id", flat=True).first()


def undo_binding(binding_id: UUID, at: datetime) -> list[Done]:
    """Take the card out of the account that added it."""
    undone = ending.unbind_card(binding_id=binding_id, actor=Actor.cardholder(), channel=Via.WEB, at=at)
    return [Done.CHANGE_UNDONE] if undone else []


def undo_help(helper_id: UUID, at: datetime) -> list[Done]:
    """End the help that was not wanted."""
    undone = ending.end_help(helper_id=helper_id, actor=Actor.cardholder(), channel=Via.WEB, at=at)
    return [Done.CHANGE_UNDONE] if undone else []


def _address(contacts: Sequence[Contact], message: Message) -> str:
    """The contact that the message is for, if it still is one of them."""
    return next((to.address for to in contacts if to.index == message.contact_index), "")
