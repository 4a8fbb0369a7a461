"""What the journey does later, or again. A task gets an id, claims, looks, acts outside the lock, records."""

from celery import shared_task
from django.utils import timezone

from activation import closing, letters, reminders, retention, tidying, verification
from messaging.enqueue import publish
from messaging.tasks import HINT_EXPIRES


@shared_task
def verify_attempt(attempt_id: str) -> None:
    """Ask the issuer host about one submitted attempt, unless another worker does."""
    if verification.claim_one(attempt_id):
        verification.verify(attempt_id)


@shared_task
def sweep_attempts() -> int:
    """Verify what the quick task missed: a lost broker, a killed worker, a host that was away. Where the host is
    quick there may be more: let the next task look."""
    looked_at = verification.verify_waiting()
    if looked_at >= verification.QUICK:
        publish(sweep_attempts, queue="codes", expires=HINT_EXPIRES)
    return looked_at


@shared_task
def expire_stale_codes() -> int:
    return tidying.mark_expired(timezone.now())


@shared_task
def close_stale_attempts() -> int:
    return closing.close_stale(timezone.now())


@shared_task
def remind_of_codes() -> int:
    return reminders.remind(timezone.now())


@shared_task
def forget_answers() -> int:
    """Forget what was answered in attempts that ended 30 days ago; how many."""
    return retention.forget_answers(timezone.now())


@shared_task
def drop_late_letters() -> int:
    return letters.drop_late_letters(timezone.now())
