"""What cardholders should look at, and what they want to be told."""

from typing import Self
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from statements.models.transactions import Transaction
from vault.ids import new_id


class Rule(models.TextChoices):
    """Why a transaction is told of. The sentences are in `statements.rules`."""

    AMOUNT = "amount", _("Above my limit")
    ABROAD = "abroad", _("Abroad")
    NIGHT = "night", _("At night")
    REPEATS = "repeats", _("Several in a short time")
    FIRST = "first", _("A kind of merchant for the first time")


class Told(models.TextChoices):
    """Where one is told."""

    PAGE = "page", _("In my alerts")
    SMS = "sms", _("By text message")
    EMAIL = "email", _("By email")


def default_told() -> dict[str, list[str]]:
    """Money that goes is told at once; what is only unusual waits on the page."""
    at_once = [str(place) for place in Told]
    quiet = [str(Told.PAGE)]
    return {
        Rule.AMOUNT.value: at_once,
        Rule.ABROAD.value: at_once,
        Rule.NIGHT.value: quiet,
        Rule.REPEATS.value: at_once,
        Rule.FIRST.value: quiet,
    }


class AlertSettings(models.Model):
    """What one account wants to be told, by rule and place. Without a row, as a new one would say."""

    user = models.OneToOneField(
        User, verbose_name=_("account"), on_delete=models.CASCADE, related_name="alert_settings", primary_key=True
    )
    limit = models.BigIntegerField(_("my limit"), default=100_000, validators=[MinValueValidator(1)])
    """In the smallest units of `currency`; payments in other currencies are not compared with it."""
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    night_from = models.PositiveSmallIntegerField(_("night begins"), default=23, validators=[MaxValueValidator(23)])
    night_until = models.PositiveSmallIntegerField(_("night ends"), default=6, validators=[MaxValueValidator(23)])
    repeats = models.PositiveSmallIntegerField(
        _("payments in 10 minutes"), default=3, validators=[MinValueValidator(2), MaxValueValidator(20)]
    )
    told = models.JSONField(_("told"), default=default_told)

    class Meta:
        verbose_name = _("alert settings")
        verbose_name_plural = _("alert settings")

    def told_by(self, rule: str) -> list[str]:
        """Where this rule is told; nowhere when it is off."""
        return list(self.told.get(rule, []))


class AlertQuerySet(models.QuerySet["Alert"]):
    def of_account(self, user_id: UUID) -> Self:
        return self.filter(user_id=user_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Alert(models.Model):
    """A transaction that a rule named to an account. `measure` is what the rule compared with: limit, hour, count."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.CASCADE, related_name="alerts", db_index=False
    )
    transaction = models.ForeignKey(
        Transaction, verbose_name=_("transaction"), on_delete=models.CASCADE, related_name="alerts", db_index=False
    )
    rule = models.CharField(_("rule"), max_length=10, choices=Rule.choices)
    measure = models.BigIntegerField(_("compared with"), default=0)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [
            models.Index(fields=["user", "id"], name="alert_of_account"),
            models.Index(fields=["user"], name="alert_unread", condition=models.Q(read_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["transaction", "user", "rule"], name="statements_one_alert_a_rule"),
            models.CheckConstraint(name="alert_rule_known", condition=models.Q(rule__in=Rule.values)),
        ]

    def __str__(self) -> str:
        return f"{self.id}"
