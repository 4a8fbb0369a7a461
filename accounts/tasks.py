"""What accounts does later, or again."""

from celery import shared_task
from django.utils import timezone

from accounts import code_requests, retention
from accounts.binding import codes
from accounts.loss import codes as loss_codes
from accounts.loss import telling_issuers
from accounts.own_account import closing, contact_settling
from accounts.own_account import codes as account_codes
from accounts.pins import codes as pin_codes
from accounts.pins import settling as pin_settling
from accounts.signing_in import codes as sign_in_codes


@shared_task
def answer_code_requests(request_id: str) -> None:
    """Answer one request for a code, right after it was written."""
    code_requests.answer_one(request_id)


@shared_task
def sweep_code_requests() -> int:
    """Answer the requests whose quick task was lost, for the beat every few seconds; how many were claimed."""
    return code_requests.answer_waiting()


@shared_task
def forget_code_requests() -> int:
    """Delete requests that are a day old, for the beat once an hour; how many went."""
    return code_requests.forget_stale()


@shared_task
def expire_sign_in_codes() -> int:
    """Write down which sign-in codes the clock has ended, for the beat; how many were marked."""
    return sign_in_codes.mark_expired()


@shared_task
def expire_loss_codes() -> int:
    """Write down which codes to freeze or unfreeze the clock has ended, for the beat; how many were marked."""
    return loss_codes.mark_expired()


@shared_task
def expire_binding_codes() -> int:
    """Write down which codes to add a card the clock has ended, for the beat; how many were marked."""
    return codes.mark_expired()


@shared_task
def tell_issuers() -> int:
    """Tell issuers how reported cards stand, right after a report and on the beat; how many were looked at."""
    return telling_issuers.tell_waiting()


@shared_task
def expire_pin_reset_codes() -> int:
    """Write down which PIN reset codes the clock has ended, for the beat; how many were marked."""
    return pin_codes.mark_expired()


@shared_task
def settle_pin_reset(reset_id: str) -> None:
    """Ask the issuer host about one new PIN, right after it was chosen."""
    pin_settling.settle_one(reset_id)


@shared_task
def sweep_pin_resets() -> int:
    """Settle new PINs whose delay is over or whose quick task was lost, for the beat; how many were looked at."""
    return pin_settling.settle_waiting()


@shared_task
def expire_account_codes() -> int:
    """Write down which codes to change an account the clock has ended, for the beat; how many were marked."""
    return account_codes.mark_expired()


@shared_task
def settle_contact_changes() -> int:
    """Put contacts into effect whose 24 hours are over, for the beat; how many were looked at."""
    return contact_settling.settle_due()


@shared_task
def forget_contacts() -> int:
    """Delete contacts of closed accounts and ended changes a week after, for the beat; how many rows."""
    return closing.forget_contacts() + contact_settling.forget_contacts()


@shared_task
def forget_ended() -> int:
    """Delete what accounts keep of things that are long over, for the beat; how many rows went."""
    now = timezone.now()
    return sum(forget(now) for forget in retention.EVERYTHING)
