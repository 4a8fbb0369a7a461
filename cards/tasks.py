"""What the cards forget by themselves."""

from celery import shared_task
from django.utils import timezone

from cards import retention


@shared_task
def forget_id_numbers() -> int:
    """Forget document numbers 30 days after the activation; how many went."""
    return retention.forget_id_numbers(timezone.now())


@shared_task
def forget_events() -> int:
    """Delete events that are seven years old; how many went."""
    return retention.forget_events(timezone.now())
