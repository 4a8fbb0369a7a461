"""How long accounts keep what is over: codes, new PINs, losses, cases, sessions, events; its going, in short steps."""

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import (
    AccountCode,
    AccountEvent,
    BindingCode,
    CardBinding,
    CardHelper,
    Case,
    ContactChange,
    Device,
    LossCode,
    LossReport,
    PinReset,
    PinResetCode,
    SignInCode,
    UserSession,
)
from accounts.models.contact_changes import UNCONFIRMED
from vault.ids import first_id
from vault.sweeping import delete_in_steps

CODES_KEPT = timedelta(days=90)
"""After their end: as long as the log of the messages that carried them."""
CHANGES_KEPT = timedelta(days=365)
"""New PINs, new contacts, and help with a card, after their end. That there was one stays among the events."""
SESSIONS_KEPT = timedelta(days=365)
"""After they were last active; a device a day longer, because they point to it. Then it counts as new again."""
EVENTS_KEPT = timedelta(days=7 * 365 + 2)
"""Seven years, as the events of cards."""
BINDINGS_KEPT = EVENTS_KEPT + timedelta(days=2)
"""After a card has left an account. Longer than the events of cards, of which it says whose they are: without it the
next account would be told what happened to the card in this one."""
CASES_KEPT = timedelta(days=3 * 365 + 1)
"""After their end: three years, as long as somebody can object before a court."""


def forget_codes(at: datetime) -> int:
    """Delete codes whose end was 90 days ago, however it came; how many went.

    All sets here lie in the order of their ids, as they were made, so that no index by age is needed.
    """
    old = at - CODES_KEPT
    return sum(
        delete_in_steps(codes.objects.filter(pk__lt=first_id(old), expires_at__lt=old).order_by("pk"))
        for codes in (SignInCode, LossCode, PinResetCode, AccountCode, BindingCode)
    )


def forget_changes(at: datetime) -> int:
    """Delete new PINs and contacts that were settled, or given up, and help that ended, a year ago; how many went. One
    on its way stays, and so does help that goes on."""
    old = at - CHANGES_KEPT
    pins = PinReset.objects.filter(pk__lt=first_id(old), ended_at__lt=old)
    over = Q(ended_at__lt=old) | Q(UNCONFIRMED, asked_at__lt=old)
    contacts = ContactChange.objects.filter(over, pk__lt=first_id(old))
    helped = CardHelper.objects.filter(pk__lt=first_id(old), ended_at__lt=old)
    return sum(delete_in_steps(rows.order_by("pk")) for rows in (pins, contacts, helped))


def forget_losses(at: datetime) -> int:
    """Delete reports of cards that were unfrozen three years ago, and cases closed as long ago; how many went.

    The report of a card that was lost for good says so as long as there is the card.
    """
    old = at - CASES_KEPT
    lifted = LossReport.objects.filter(pk__lt=first_id(old), lifted_at__lt=old, issuer_told_at__isnull=False)
    closed = Case.objects.filter(pk__lt=first_id(old), closed_at__lt=old)
    return delete_in_steps(lifted.order_by("pk")) + delete_in_steps(closed.order_by("pk"))


def forget_sessions(at: datetime) -> int:
    """Delete where accounts were signed in a year ago, and the devices they have not been used on since; how many."""
    old = at - SESSIONS_KEPT
    sessions = delete_in_steps(UserSession.objects.filter(seen_at__lt=old).order_by("seen_at"))
    unused = Device.objects.filter(seen_at__lt=old - timedelta(days=1))
    return sessions + delete_in_steps(unused.order_by("seen_at"))


def forget_events(at: datetime) -> int:
    """Delete events of accounts that are seven years old; how many went."""
    oldest = at - EVENTS_KEPT
    return delete_in_steps(AccountEvent.objects.filter(pk__lt=first_id(oldest), at__lt=oldest).order_by("pk"))


def forget_bindings(at: datetime) -> int:
    """Delete that a card was in an account, seven years after it left; how many went."""
    old = at - BINDINGS_KEPT
    return delete_in_steps(CardBinding.objects.filter(pk__lt=first_id(old), ended_at__lt=old).order_by("pk"))


EVERYTHING = (forget_codes, forget_changes, forget_losses, forget_sessions, forget_events, forget_bindings)
