"""What a worker does with submitted attempts, in the test's own process."""

from django.utils import timezone

from activation.verification import claim_awaiting, verify


def verify_all() -> None:
    for attempt_id in claim_awaiting(timezone.now()):
        verify(attempt_id)
