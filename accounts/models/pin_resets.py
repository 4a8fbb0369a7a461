"""A new PIN on its way: chosen, and not the card's own until its host has said yes and its delay is over."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from cards.models import Card
from messaging.leases import Leased
from vault.ids import new_id


class PinResetQuerySet(models.QuerySet["PinReset"]):
    def open(self) -> Self:
        """Those whose new PIN is still the pending one of its card."""
        return self.filter(ended_at=None)

    def delayed(self, at: datetime) -> Self:
        """Those that wait for the end of their delay, and can be stopped."""
        return self.open().filter(takes_effect_at__gt=at)

    def due(self, at: datetime) -> Self:
        """Those whose delay is over: the host is asked."""
        return self.open().filter(takes_effect_at__lte=at)


class PinReset(Leased):
    """One new PIN for a card, of which there is at most one on its way. The PIN itself is with `cards.pins`."""

    class Way(models.TextChoices):
        """What the person showed."""

        ACCOUNT = "account", _("Signed in, with a code")
        FORGOTTEN = "forgotten", _("Without an account, with a code and the ID number")
        OLD_PIN = "old_pin", _("Signed in, with the old PIN")

    class Outcome(models.TextChoices):
        """How it ended."""

        NONE = "", _("On its way")
        TAKEN = "taken", _("New PIN works")
        REFUSED = "refused", _("Refused by the card system")
        STOPPED = "stopped", _("Stopped")
        REPLACED = "replaced", _("Another PIN was chosen after it")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="pin_resets")
    user = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.PROTECT, null=True, blank=True, related_name="pin_resets"
    )
    way = models.CharField(_("way"), max_length=12, choices=Way.choices)
    chosen_at = models.DateTimeField(_("chosen"))
    takes_effect_at = models.DateTimeField(_("takes effect"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True, default="")

    objects = PinResetQuerySet.as_manager()

    class Meta:
        verbose_name = _("PIN change")
        verbose_name_plural = _("PIN changes")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_try_at"], condition=Q(ended_at=None), name="accounts_pin_reset_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["card"], condition=Q(ended_at=None), name="accounts_one_open_pin_reset"),
            models.CheckConstraint(
                name="accounts_pin_reset_ended_somehow",
                condition=Q(ended_at=None, outcome="") | Q(~Q(outcome=""), ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="accounts_pin_reset_effect_after_choice", condition=Q(takes_effect_at__gte=F("chosen_at"))
            ),
        ]
