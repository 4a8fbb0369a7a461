"""What became of a card that somebody froze: lifted again, or lost for good; and whether the issuer knows."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.models import Card
from messaging.leases import Leased
from vault.fields import EncryptedTextField
from vault.ids import new_id
from vault.references import new_reference

LIFTABLE = timedelta(days=7)
"""How long a cardholder can lift a freeze by a code."""
ALLOWED = timedelta(days=1)
"""How long they can once more, when staff have allowed it after that."""
LONGEST_SAID = 100
"""Characters."""


class LossReportQuerySet(models.QuerySet["LossReport"]):
    def open(self) -> Self:
        """Reports of cards that are frozen: neither lifted nor lost."""
        return self.filter(lifted_at=None, lost_at=None)

    def liftable(self, at: datetime) -> Self:
        """Those that a code lifts."""
        return self.open().filter(Q(frozen_at__gt=at - LIFTABLE) | Q(extended_until__gt=at))

    def untold(self) -> Self:
        """Reports whose latest change the issuer has not taken yet."""
        return self.filter(issuer_told_at=None)


class LossReport(Leased):
    """One freeze of one card. The card's state is in the card; the issuer is told that state until it has taken it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(_("reference"), max_length=14, unique=True, default=new_reference, editable=False)
    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="loss_reports")
    frozen_at = models.DateTimeField(_("frozen at"))
    lifted_at = models.DateTimeField(_("unfrozen at"), null=True)
    lost_at = models.DateTimeField(_("reported lost at"), null=True)
    extended_until = models.DateTimeField(_("can be unfrozen once more until"), null=True)
    last_used = EncryptedTextField(_("last used, as the cardholder says"), max_length=LONGEST_SAID, blank=True)
    changed_at = models.DateTimeField(_("changed at"))
    issuer_told_at = models.DateTimeField(_("issuer told at"), null=True)

    objects = LossReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a loss")
        verbose_name_plural = _("reports of losses")
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=Q(lifted_at=None, lost_at=None), name="accounts_one_open_report"
            ),
            models.CheckConstraint(condition=Q(lifted_at=None) | Q(lost_at=None), name="accounts_report_ends_one_way"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(issuer_told_at=None), name="accounts_report_untold"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Neither lifted nor lost."""
        return self.lifted_at is None and self.lost_at is None

    @property
    def liftable_until(self) -> datetime:
        """Until when a code lifts it."""
        return self.extended_until or self.frozen_at + LIFTABLE

    def can_be_lifted(self, at: datetime) -> bool:
        """Whether a code lifts it at `at`."""
        return self.is_open and at < self.liftable_until
