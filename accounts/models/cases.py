"""What staff have to look into because a cardholder said: it was not me."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.models import Card
from vault.ids import new_id
from vault.references import new_reference


class Done(models.TextChoices):
    """What was stopped at once. Every room that registers a stop adds its own here."""

    CARD_FROZEN = "card_frozen", _("The card was frozen")
    CODES_REVOKED = "codes_revoked", _("Codes that still worked were ended")
    ACTIVATION_STOPPED = "activation_stopped", _("The activation was stopped")
    SIGNED_OUT = "signed_out", _("Every device was signed out")
    ACCOUNT_REOPENED = "account_reopened", _("The account was opened again")
    CHANGE_UNDONE = "change_undone", _("The change was stopped")


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Case(models.Model):
    """One report that something was not done by the cardholder; open until staff close it with a reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(_("reference"), max_length=14, unique=True, default=new_reference, editable=False)
    card = models.ForeignKey(Card, verbose_name=_("card"), null=True, on_delete=models.PROTECT, related_name="cases")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        on_delete=models.PROTECT,
        related_name="cases",
    )
    """Where the notice was about an account, not about a card."""
    notice = models.CharField(_("about"), max_length=40, blank=True)
    """The kind of message that was answered; empty when the printed short address was used."""
    message_id = models.UUIDField(null=True, unique=True, editable=False)
    done = models.JSONField(_("done at once"), default=list)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("closed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, reason="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(reason="")),
                name="accounts_case_closed_with_reason",
            ),
            models.UniqueConstraint(
                fields=["card"], condition=Q(closed_at=None, notice=""), name="accounts_one_open_case_by_code"
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], condition=Q(closed_at=None), name="accounts_case_open"),
        ]

    def __str__(self) -> str:
        return self.reference
