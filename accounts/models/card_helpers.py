"""Who looks after somebody else's card, with its holder's consent."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from cards.models import Card
from vault.ids import new_id

MOST_HELPERS = 3
"""How many people may help with one card."""


class CardHelperQuerySet(models.QuerySet["CardHelper"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)


class CardHelper(models.Model):
    """Somebody whom a card's holder lets help, from `since` until `ended_at`. The card is not in their account: what
    they may do is what `accounts.binding.rights` says, and nothing else.

    `place` is one of the card's few, so that the index alone keeps a fourth helper out.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="helping")
    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="helpers")
    place = models.PositiveSmallIntegerField(_("place"))
    since = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = CardHelperQuerySet.as_manager()

    class Meta:
        verbose_name = _("helper with a card")
        verbose_name_plural = _("helpers with cards")
        constraints = [
            models.UniqueConstraint(
                fields=["card", "place"], condition=Q(ended_at=None), name="accounts_one_helper_a_place"
            ),
            models.UniqueConstraint(
                fields=["user", "card"], condition=Q(ended_at=None), name="accounts_helps_a_card_once"
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=MOST_HELPERS), name="accounts_few_helpers_a_card"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("since")),
                name="accounts_help_ends_after_it_began",
            ),
        ]
