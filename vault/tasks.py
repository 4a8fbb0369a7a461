"""What the vault forgets by itself."""

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from vault.limits import forget_spent_counters
from vault.sweeping import delete_in_steps


@shared_task
def forget_counters() -> int:
    """Delete the counters that no limit can still look at; how many went."""
    return forget_spent_counters(timezone.now())


@shared_task
def forget_ended_sessions() -> int:
    """Delete the rows of sessions that have ended; how many went. The clock ended them already."""
    return delete_in_steps(Session.objects.filter(expire_date__lt=timezone.now()).order_by("expire_date"))
