"""What was paid with a card, or came onto it."""

from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cards.models import Card, Programme
from vault.ids import new_id


class TransactionQuerySet(models.QuerySet["Transaction"]):
    def of_card(self, card_id: UUID) -> Self:
        return self.filter(card_id=card_id)

    def between(self, first: datetime, end: datetime) -> Self:
        """From `first` until before `end`."""
        return self.filter(at__gte=first, at__lt=end)

    def incoming(self) -> Self:
        return self.filter(amount__gt=0)

    def outgoing(self) -> Self:
        return self.filter(amount__lt=0)


class Transaction(models.Model):
    """One movement, as the issuer told it; it never changes: a correction is a transaction of its own.

    `amount` counts the smallest units of its currency (ISO 4217): above 0 came in, below 0 went out.
    """

    class Kind(models.TextChoices):
        """What happened."""

        PURCHASE = "purchase", pgettext_lazy("transaction", "Purchase")
        WITHDRAWAL = "withdrawal", pgettext_lazy("transaction", "Cash")
        TRANSFER = "transfer", pgettext_lazy("transaction", "Transfer")
        TOP_UP = "top_up", pgettext_lazy("transaction", "Top-up")
        REFUND = "refund", pgettext_lazy("transaction", "Refund")
        FEE = "fee", pgettext_lazy("transaction", "Fee")
        INTEREST = "interest", pgettext_lazy("transaction", "Interest")
        OTHER = "other", pgettext_lazy("transaction", "Other")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="transactions", db_index=False
    )
    issuer_id = models.CharField(_("issuer's id"), max_length=64)
    at = models.DateTimeField(_("moment"))
    amount = models.BigIntegerField(_("amount in smallest units"))
    currency = models.CharField(_("currency"), max_length=3)
    kind = models.CharField(pgettext_lazy("transaction", "kind"), max_length=12, choices=Kind.choices)
    description = models.CharField(_("description"), max_length=140, blank=True)
    merchant_name = models.CharField(_("merchant"), max_length=100, blank=True)
    merchant_category = models.CharField(
        _("merchant category"), max_length=4, blank=True, help_text=_("Four digits of ISO 18245.")
    )
    country = models.CharField(_("country or region"), max_length=2, blank=True)

    objects = TransactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        indexes = [
            # A page of a statement is read off one of these, whatever is asked for and however long the statement is.
            models.Index(fields=["card", "at", "id"], name="transaction_of_card"),
            models.Index(fields=["card", "at", "id"], name="transaction_in", condition=Q(amount__gt=0)),
            models.Index(fields=["card", "at", "id"], name="transaction_out", condition=Q(amount__lt=0)),
            models.Index(fields=["card", "kind", "at", "id"], name="transaction_kind"),
            # Whether a card has paid at this kind of merchant before.
            models.Index(
                fields=["card", "merchant_category", "at"],
                name="transaction_category",
                condition=~Q(merchant_category=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["programme", "issuer_id"], name="transaction_once_a_programme"),
            models.CheckConstraint(
                name="transaction_kind_known",
                condition=Q(
                    kind__in=[
                        "purchase",
                        "withdrawal",
                        "transfer",
                        "top_up",
                        "refund",
                        "fee",
                        "interest",
                        "other",
                    ]
                ),
            ),
            models.CheckConstraint(name="transaction_moves_something", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.id}"
