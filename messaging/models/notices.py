"""What staff are told about the sending of messages."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vault.ids import new_id


class OperationsNoticeQuerySet(models.QuerySet["OperationsNotice"]):
    def current(self, at: datetime) -> Self:
        """Notices whose cause lasts."""
        return self.filter(until__gt=at)


class OperationsNotice(models.Model):
    """One cause at one time, told once: `window` says which time, and the three together are unique."""

    class Cause(models.TextChoices):
        """Why a message was not sent the way it should have gone."""

        BUDGET_AN_HOUR = "budget_an_hour", _("the hourly budget is used up")
        BUDGET_A_DAY = "budget_a_day", _("the daily budget is used up")
        NUMBER_BUDGET = "number_budget", _("numbers that got many messages get no more for a while")
        NOT_ALLOWED = "not_allowed", _("the country is not allowed")
        TRIPPED = "tripped", _("too few codes are used")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    cause = models.CharField(_("cause"), max_length=20, choices=Cause.choices)
    prefix = models.CharField(_("prefix"), max_length=8, blank=True)
    window = models.CharField(_("window"), max_length=40)
    told_at = models.DateTimeField(_("told at"), default=timezone.now)
    until = models.DateTimeField(_("until"))

    objects = OperationsNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to staff")
        verbose_name_plural = _("notices to staff")
        indexes = [models.Index("until", name="notice_until")]
        constraints = [models.UniqueConstraint(fields=["cause", "prefix", "window"], name="one_notice_a_window")]

    def __str__(self) -> str:
        return f"{self.prefix} {self.get_cause_display()}".strip()
