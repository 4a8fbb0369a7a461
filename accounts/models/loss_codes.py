"""The code by which somebody who reads a card's registered contact freezes or unfreezes the card."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cards.models import Card
from cards.one_time_codes import UNFINISHED, OneTimeCode, OneTimeCodeQuerySet


class Act(models.TextChoices):
    """What the code is for; one that was sent for another act does nothing."""

    FREEZE = "freeze", _("Freeze")
    UNFREEZE = "unfreeze", _("Unfreeze")
    NOT_ME = "not_me", _("It was not me")


class LossCodeQuerySet(OneTimeCodeQuerySet):
    def live(self, at: datetime) -> Self:
        """Codes whose card still has the contact that the code went to.

        A sub-select, no join: an UPDATE that had to wait for the code's row looks at the code's own columns again.
        """
        reached = Card.objects.filter(
            Q(phone_index=OuterRef("contact_index")) | Q(email_index=OuterRef("contact_index")), pk=OuterRef("card_id")
        )
        return super().live(at).filter(Exists(reached))


class LossCode(OneTimeCode):
    """Six digits for one card, one act and one browser: asking from another browser ends nobody's code."""

    purpose: ClassVar[str] = "loss"

    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="loss_codes", db_index=False
    )
    act = models.CharField(_("act"), max_length=8, choices=Act.choices)
    seat = models.UUIDField(editable=False)
    """Blind index of the secret that only the asking browser's session holds."""

    objects: ClassVar[Any] = LossCodeQuerySet.as_manager()

    class Meta(OneTimeCode.Meta):
        abstract = False
        verbose_name = _("code to freeze or unfreeze")
        verbose_name_plural = _("codes to freeze or unfreeze")
        constraints = [
            *OneTimeCode.Meta.constraints,
            models.CheckConstraint(name="losscode_act", condition=Q(act__in=Act.values)),
            models.UniqueConstraint(
                fields=["card", "act", "seat"], condition=UNFINISHED, name="accounts_one_loss_code"
            ),
        ]
        indexes = [
            models.Index(fields=["card", "-issued_at"], name="accounts_loss_code_of_card"),
            models.Index(fields=["seat", "-issued_at"], name="accounts_loss_code_of_seat"),
            models.Index(fields=["expires_at"], condition=UNFINISHED, name="accounts_loss_code_stale"),
        ]
