"""The secret by which a PIN is known again. Never the PIN."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.models.card import Card
from vault.ids import new_id

PENDING_LIFE = timedelta(minutes=15)
"""How long a chosen PIN is kept while nothing was submitted with it."""


class PinQuerySet(models.QuerySet["Pin"]):
    """Sets of PINs."""

    def pending(self) -> Self:
        """PINs chosen, and not yet those of their cards."""
        return self.filter(stage=Pin.Stage.PENDING)

    def current(self) -> Self:
        """PINs that work."""
        return self.filter(stage=Pin.Stage.CURRENT)

    def lapsed(self, at: datetime) -> Self:
        """Pending PINs whose operation was not submitted within 15 minutes of the choice."""
        return self.pending().filter(submitted_at__isnull=True, chosen_at__lte=at - PENDING_LIFE)


class Pin(models.Model):
    """A card has at most one pending and one current PIN; an older one is deleted, not kept."""

    class Stage(models.TextChoices):
        """Chosen, or in use."""

        PENDING = "pending", _("chosen")
        CURRENT = "current", _("in use")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="pins", db_index=False)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    custody = models.CharField(max_length=16)
    secret = models.TextField()
    pepper_id = models.CharField(max_length=64, blank=True)
    chosen_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)

    objects = PinQuerySet.as_manager()

    class Meta:
        verbose_name = _("PIN")
        verbose_name_plural = _("PINs")
        indexes = [
            models.Index(
                fields=["chosen_at"], name="pin_lapsing", condition=models.Q(stage="pending", submitted_at=None)
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["card", "stage"], name="pin_one_of_each_stage"),
            models.CheckConstraint(name="pin_stage", condition=models.Q(stage__in=["pending", "current"])),
            models.CheckConstraint(name="pin_custody", condition=models.Q(custody__in=["local", "sealed"])),
        ]

    def __str__(self) -> str:
        return f"{self.stage} PIN"
