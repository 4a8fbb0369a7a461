"""Which card belongs to whose account."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from cards.models import Card
from vault.ids import new_id


class CardBindingQuerySet(models.QuerySet["CardBinding"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)


class CardBinding(models.Model):
    """A card in an account, from `bound_at` until `ended_at`. A card is in at most one account at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="bindings")
    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="bindings")
    bound_at = models.DateTimeField(_("bound"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = CardBindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("card in an account")
        verbose_name_plural = _("cards in accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=Q(ended_at=None), name="accounts_one_live_binding_a_card"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("bound_at")),
                name="accounts_binding_ends_after_it_began",
            ),
        ]
