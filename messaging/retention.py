"""How long the message log and the raw receipts are kept, and their going, in short steps."""

from datetime import datetime, timedelta

from messaging.models import Message, OperationsNotice, Receipt, ReceiptMention
from vault.sweeping import delete_in_steps

LOG_KEPT = timedelta(days=90)
RECEIPTS_KEPT = timedelta(days=30)


def forget_messages(at: datetime) -> int:
    """Delete messages that are 90 days old; how many went. One that may still be sent stays until its deadline.

    A message names the one that it stands in for by a plain id, which may be gone a little earlier: nothing follows it
    but the desk, for as long as both are there. When receipts spoke of messages is part of the log.
    """
    old = at - LOG_KEPT
    delete_in_steps(ReceiptMention.objects.filter(received_at__lt=old).order_by("received_at"))
    return delete_in_steps(Message.objects.ended_by(at).filter(created_at__lt=old).order_by("created_at"))


def forget_receipts(at: datetime) -> int:
    """Delete raw receipts that are 30 days old, looked at or not: what they said is on the messages; how many went."""
    return delete_in_steps(Receipt.objects.older_than(at - RECEIPTS_KEPT).order_by("received_at"))


def forget_notices(at: datetime) -> int:
    """Delete what staff were told of and has been over for 90 days; how many went."""
    return delete_in_steps(OperationsNotice.objects.filter(until__lt=at - LOG_KEPT).order_by("until"))
