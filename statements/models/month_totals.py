"""Sums of a card's transactions, kept as they come in, so that no page adds up a long statement."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.models import Card
from vault.ids import new_id


class MonthTotal(models.Model):
    """What one kind of transactions in one currency came to in a month of the programme's time zone.

    Amounts are sums in smallest units, both 0 or more. Written in the transaction that inserts the rows.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField(_("first day of the month"))
    currency = models.CharField(_("currency"), max_length=3)
    kind = models.CharField(_("kind"), max_length=12)
    incoming = models.BigIntegerField(_("came in"))
    outgoing = models.BigIntegerField(_("went out"))
    incoming_count = models.PositiveIntegerField(_("how many came in"))
    outgoing_count = models.PositiveIntegerField(_("how many went out"))

    class Meta:
        verbose_name = _("total of a month")
        verbose_name_plural = _("totals of months")
        indexes = [models.Index(fields=["month"], name="statements_total_by_month")]
        constraints = [
            models.UniqueConstraint(fields=["card", "month", "currency", "kind"], name="statements_one_total_a_month")
        ]
