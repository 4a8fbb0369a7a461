"""Closing an account, by a code to one of its contacts; and by staff, who open it again, too, for whoever calls."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.own_account import closing
from accounts.own_account.codes import Asked
from accounts.services.prove_contact import prove_contact
from cards.dimensions import Via
from cards.events import Actor


def close_account(*, asked: Asked, otp: str, address: str, press: str = "") -> None:
    """Try the code and close the account. Raises what `prove_contact` raises."""
    user_id = UUID(asked.user)
    prove_contact(asked=asked, otp=otp, address=address, press=press, then=lambda _at: closing.close(user_id))


def close_account_by_staff(*, user_id: UUID, actor: Actor, channel: Via, reason: str, comment: str = "") -> bool:
    """Close a cardholder's account; False when it is closed already. Every contact is told."""
    with transaction.atomic(durable=True):
        return closing.close(user_id, actor=actor, channel=channel, reason=reason, comment=comment)


def reopen_account_by_staff(*, user_id: UUID, actor: Actor, channel: Via, reason: str, comment: str = "") -> bool:
    """Open a closed account again, as the link of its notice does, for its owner who got no link; False when it is
    open, or no longer can be opened. Every contact is told."""
    with transaction.atomic(durable=True):
        return closing.reopen(user_id, timezone.now(), actor=actor, channel=channel, reason=reason, comment=comment)
