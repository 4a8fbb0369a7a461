"""What is said about an account: the codes to change it, and the notices to every contact it has, had or gets."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import pgettext, pgettext_lazy

from accounts.account_events import register as register_event
from accounts.contacts import index_of, mask
from accounts.fallback import next_way, send_instead
from accounts.loss.not_me import Notice, link_of, register, start_of
from accounts.messages import CodeEnvelopes, Letterhead
from accounts.models import AccountCode, ContactChange, User
from accounts.models.account_codes import Proof
from accounts.models.cases import Done
from accounts.own_account import closing, contact_changes
from accounts.own_account.codes import CHANGE_CODE, CLOSE_CODE, TAKEN
from cards.dimensions import Channel
from cards.models.card import Contact
from cards.programmes import programme_by_code
from messaging import kinds
from messaging.kinds import CODE_CHANNELS, Envelope, Kind
from messaging.models import Message
from pages.times import clock

WANTED = {
    contact_changes.BEGUN: (ContactChange.Outcome.NONE,),
    contact_changes.CHANGED: (ContactChange.Outcome.APPLIED,),
    contact_changes.KEPT: (
        ContactChange.Outcome.STOPPED,
        ContactChange.Outcome.IMPOSSIBLE,
        ContactChange.Outcome.UNDONE,
    ),
}
"""Which outcomes a notice is true for; where the change has gone on meanwhile, the next notice says so."""


def register_kinds() -> None:
    """Make the messages and the events known."""
    codes = {
        CHANGE_CODE: pgettext_lazy("message", "Security code, to change a contact"),
        CLOSE_CODE: pgettext_lazy("message", "Security code, to close an account"),
    }
    for name, label in codes.items():
        kinds.register(
            Kind(name, build_code, channels=CODE_CHANNELS, instead=code_instead, used=used_codes, label=label)
        )
    notices: dict[str, tuple[Any, Any]] = {
        contact_changes.BEGUN: (build_change, pgettext_lazy("message", "Contact will change in 24 hours")),
        contact_changes.CHANGED: (build_change, pgettext_lazy("message", "Contact changed")),
        contact_changes.KEPT: (build_change, pgettext_lazy("message", "Contact not changed")),
        TAKEN: (build_taken, pgettext_lazy("message", "Contact is in another account")),
        closing.CLOSED: (build_closed, pgettext_lazy("message", "Account closed")),
        closing.REOPENED: (build_reopened, pgettext_lazy("message", "Account open again")),
    }
    for name, (build, label) in notices.items():
        kinds.register(Kind(name, build, label=label))
    of_change = Notice(undo=undo_change, account_of=account_of_change)
    register(contact_changes.BEGUN, of_change)
    register(contact_changes.CHANGED, of_change)
    register(closing.CLOSED, Notice(undo=undo_closing, account_of=lambda user_id: user_id))
    events = {
        contact_changes.BEGUN: pgettext_lazy("event", "You asked for %(contact)s as a contact of your account"),
        contact_changes.CHANGED: pgettext_lazy("event", "%(contact)s became a contact of your account"),
        contact_changes.KEPT: pgettext_lazy("event", "%(contact)s did not become a contact of your account"),
        contact_changes.UNDONE: pgettext_lazy("event", "%(contact)s is no longer a contact of your account"),
        closing.CLOSED: pgettext_lazy("event", "You closed your account"),
        closing.CLOSED_BY_STAFF: pgettext_lazy("event", "Your account was closed"),
        **dict.fromkeys(
            (closing.REOPENED, closing.REOPENED_BY_STAFF),
            pgettext_lazy("event", "Your account was opened again. Help with cards stays ended"),
        ),
        "data_downloaded": pgettext_lazy("event", "You downloaded what we hold about you"),
    }
    for kind, sentence in events.items():
        register_event(kind, sentence)


def build_code(message: Message) -> Envelope | None:
    """Address the code to the contact it proves; None once it has ended."""
    code, to = _code_and_contact(message)
    return CodeEnvelopes().address(code, to, message) if code and to else None


def code_instead(message: Message) -> bool:
    """The same code to the same contact by another way: it proves that one contact."""
    code, to = _code_and_contact(message)
    if code is None or not to:
        return False
    contact = Contact(Channel(code.channel), to, index_of(to))
    way = next_way(message, [contact], programme_by_code(message.programme_code))
    return way is not None and send_instead(message, way, counted_for=to)


def build_change(message: Message) -> Envelope | None:
    """Tell that a contact changes, from when, to what (masked), and where to say that it was somebody else."""
    change = ContactChange.objects.filter(pk=message.subject_id).select_related("user").first()
    if change is None or change.outcome not in WANTED[message.kind]:
        return None
    to = _addressed(message, contact_changes.contacts_told(change))
    at = change.ended_at or change.takes_effect_at
    return _envelope(message, to, at, contact=mask(change.new), means=_means(change)) if to and at else None


def build_taken(message: Message) -> Envelope | None:
    """Tell who reads the contact that another account has it."""
    change = ContactChange.objects.filter(pk=message.subject_id, ended_at=None).first()
    to = _addressed(message, [change.new]) if change else ""
    return _envelope(message, to, timezone.now(), means=_means(change)) if change and to else None


def build_closed(message: Message) -> Envelope | None:
    """Tell that the account is closed; None once it is open again."""
    user = User.objects.closed().filter(pk=message.subject_id).first()
    to = _addressed(message, [user.phone, user.email]) if user else ""
    return _envelope(message, to, user.closed_at) if user and user.closed_at and to else None


def build_reopened(message: Message) -> Envelope | None:
    """Tell that the account is open again, and where to sign in; None once it is closed anew."""
    user = User.objects.cardholders().filter(pk=message.subject_id, closed_at=None).first()
    to = _addressed(message, [user.phone, user.email]) if user else ""
    link = f"{start_of(programme_by_code(message.programme_code))}account/sign-in/"
    return _envelope(message, to, message.created_at, link=link) if to else None


def used_codes(codes: Collection[UUID]) -> int:
    """How many of these codes have been used."""
    return AccountCode.objects.filter(pk__in=codes, consumed_at__isnull=False).count()


def account_of_change(change_id: UUID) -> UUID | None:
    """The account of a change."""
    return ContactChange.objects.filter(pk=change_id).values_list("user_id", flat=True).first()


def undo_change(change_id: UUID, at: datetime) -> Collection[Done]:
    """Stop the change, or bring the old contact back."""
    return [Done.CHANGE_UNDONE] if contact_changes.undo(change_id, at) else []


def undo_closing(user_id: UUID, at: datetime) -> Collection[Done]:
    """Open the account again."""
    return [Done.ACCOUNT_REOPENED] if closing.reopen(user_id, at) else []


def _code_and_contact(message: Message) -> tuple[AccountCode | None, str]:
    live = AccountCode.objects.live(timezone.now()).filter(pk=message.subject_id)
    code = live.select_related("user", "change").first()
    if code is None:
        return None, ""
    contacts = [code.change.new] if code.act == Proof.NEW and code.change else [code.user.phone, code.user.email]
    return code, _addressed(message, contacts)


def _addressed(message: Message, contacts: Iterable[str]) -> str:
    """The contact that the message is for, while it still is one of these."""
    return next((one for one in contacts if one and index_of(one) == message.contact_index), "")


def _means(change: ContactChange) -> str:
    return pgettext("in a message", "mobile number") if change.field == "phone" else pgettext("in a message", "email")


def _envelope(message: Message, to: str, at: datetime, **more: str) -> Envelope:
    programme = programme_by_code(message.programme_code)
    head = Letterhead.of(programme, message.channel)
    with timezone.override(head.zone):
        told = clock(at)
    return Envelope(
        to=to,
        language=message.language,
        params={"at": told, "hotline": head.hotline, "not_me": link_of(message, programme), **more},
        sender=head.sender,
        service=head.service,
        fixed_text=head.fixed_text,
    )
