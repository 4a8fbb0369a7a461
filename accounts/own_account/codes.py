"""Codes to change an account: what one is asked for, sending it in answer, and writing down which have expired."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from accounts.contacts import channel_of, index_of, mask
from accounts.models import AccountCode, CodeRequest, ContactChange, User
from accounts.models.account_codes import AccountCodeQuerySet, Proof
from cards.code_rules import SHORT
from messaging.services import queue_message
from vault.blind_index import blind_index
from vault.sweeping import update_in_steps

PURPOSE = "account_code"
CHANGE_CODE, CLOSE_CODE, TAKEN = "contact_change_code", "close_account_code", "contact_taken"


@dataclass(frozen=True)
class Asked:
    """Which contact is to be proved, for what, in whose account, and the secret of the browser's session."""

    act: str
    user: str
    contact: str
    secret: str
    change: str = ""

    @property
    def subject(self) -> str:
        """What tries are counted for, whether a code went out or not."""
        return f"{self.user}|{self.act}|{self.contact}"

    @property
    def seat(self) -> uuid.UUID:
        """What the code knows its browser by."""
        return blind_index("account_seat", f"{self.secret}|{self.subject}|{self.change}")

    def body(self, programme: str) -> dict[str, str]:
        """The sealed request."""
        return {**asdict(self), "programme": programme}

    def codes(self) -> AccountCodeQuerySet:
        """The codes that went out for exactly this."""
        codes: AccountCodeQuerySet = AccountCode.objects.filter(
            user=uuid.UUID(self.user), act=self.act, seat=self.seat, contact_index=index_of(self.contact)
        )
        return codes


def answer(body: dict[str, Any], request: CodeRequest) -> None:
    """Send a code to the contact. A new contact that another account has gets a message instead, which says so."""
    programme: str = body.pop("programme")
    asked, at = Asked(**body), timezone.now()
    index, channel = index_of(asked.contact), channel_of(asked.contact)
    user = User.objects.cardholders().filter(pk=asked.user).select_for_update().first()
    if user is None or not _may_be_asked(asked, user, index):
        return
    owner = owner_of(index, but=user.pk) if asked.act == Proof.NEW else None
    kind, subject, deadline = TAKEN, uuid.UUID(asked.change or asked.user), at + SHORT.lifetime
    if owner is None:
        AccountCode.objects.filter(user=user, act=asked.act).exclude(seat=asked.seat).supersede(at)
        code = AccountCode.issue(
            rule=SHORT,
            channel=channel,
            contact_index=index,
            at=at,
            user=user,
            act=asked.act,
            facts={"seat": asked.seat, "change_id": asked.change or None},
        )
        kind = CLOSE_CODE if asked.act == Proof.CLOSE else CHANGE_CODE
        subject, deadline = code.pk, code.expires_at
    queue_message(
        kind=kind,
        channel=channel,
        subject_id=subject,
        contact_index=index,
        to_masked=mask(asked.contact),
        language=(owner or user).language,
        deadline=deadline,
        programme_code=programme,
        idempotency_key=f"{PURPOSE}:{request.pk}",
    )


def owner_of(index: uuid.UUID, *, but: uuid.UUID) -> User | None:
    """The other account that has this contact; one that its owner has closed gives it away."""
    return User.objects.holding_contact(index).filter(closed_at=None).exclude(pk=but).first()


def mark_expired() -> int:
    """Mark codes that the clock has ended, step by step; how many."""
    at = timezone.now()
    return update_in_steps(AccountCode.objects.stale(at).order_by("expires_at"), {"expired_at": at})


def _may_be_asked(asked: Asked, user: User, index: uuid.UUID) -> bool:
    """Whether the contact is the account's, or the new one of a change whose old one is proved."""
    if asked.act != Proof.NEW:
        return index in (user.phone_index, user.email_index)
    wanted = ContactChange.objects.provable(timezone.now()).filter(pk=asked.change, user=user, new_index=index)
    return wanted.filter(old_proved_at__isnull=False).exists()
