"""Sending what waits in the outbox: soon after it was written, and again by the beat for whatever was missed."""

from celery import shared_task


@shared_task(ignore_result=True)
def deliver_messages(channel: str, urgent: bool) -> None:
    """Send every due message of this channel and urgency."""
