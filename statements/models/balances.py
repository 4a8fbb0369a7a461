"""What is on a card."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.models import Card


class Balance(models.Model):
    """The latest balance that the issuer told of a card, in the smallest units of its currency, and of what moment."""

    card = models.OneToOneField(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="balance", primary_key=True
    )
    amount = models.BigIntegerField(_("amount in smallest units"))
    currency = models.CharField(_("currency"), max_length=3)
    as_of = models.DateTimeField(_("as of"))

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
