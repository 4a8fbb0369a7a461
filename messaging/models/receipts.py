"""What gateways tell us afterwards: kept as it came, looked at later."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.leases import Leased
from vault.fields import EncryptedTextField
from vault.ids import new_id


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def waiting(self) -> Self:
        """Receipts that nobody has looked at yet, or whose message was not known yet."""
        return self.filter(handled_at=None)

    def older_than(self, moment: datetime) -> Self:
        return self.filter(received_at__lt=moment)


class Receipt(Leased):
    """One callback of a gateway, raw. It names phone numbers, so it is sealed, and forgotten after 30 days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    gateway = models.CharField(_("gateway"), max_length=40)
    content_type = models.CharField(_("content type"), max_length=100, blank=True)
    body = EncryptedTextField(_("body"))
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=200, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        indexes = [
            models.Index("next_try_at", name="receipt_due", condition=models.Q(handled_at=None)),
            models.Index("received_at", name="receipt_received"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.received_at:%Y-%m-%d %H:%M:%S}"


class ReceiptMention(models.Model):
    """What one receipt said of one message, for staff to see on the message; kept as long as the log of messages.

    Without foreign keys: the receipt, which names phone numbers, is forgotten earlier.
    """

    receipt_id = models.UUIDField()
    message_id = models.UUIDField()
    state = models.CharField(_("state"), max_length=12)
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("receipt of a message")
        verbose_name_plural = _("receipts of messages")
        indexes = [models.Index("received_at", name="mention_received")]
        constraints = [
            # Begins with the message, by which it is looked up.
            models.UniqueConstraint(fields=["message_id", "receipt_id", "state"], name="one_mention_a_state"),
        ]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M:%S} {self.state}"
