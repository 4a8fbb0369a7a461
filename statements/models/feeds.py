"""Which cards' hosts are asked for news, and when next."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import CardBinding
from cards.models import Card, Programme
from messaging.leases import Leased


class FeedQuerySet(models.QuerySet["Feed"]):
    def of_programme(self, programme_id: UUID) -> Self:
        return self.filter(programme_id=programme_id)

    def of_nobody(self) -> Self:
        """Those of cards that have left their account."""
        return self.exclude(Exists(CardBinding.objects.live().filter(card_id=OuterRef("card_id"))))


class Feed(Leased):
    """The turn of a card in an account, whose host has a feed. `next_try_at` is when its host is asked again."""

    card = models.OneToOneField(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="+", db_index=False
    )

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed of a card")
        verbose_name_plural = _("feeds of cards")
        indexes = [models.Index(fields=["programme", "next_try_at"], name="statements_feed_turn")]
