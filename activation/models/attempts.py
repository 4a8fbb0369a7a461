"""One go at activating one card: the facts, one moment a step."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.models import Card
from cards.models.pin import PENDING_LIFE
from messaging.leases import Leased
from vault.fields import EncryptedTextField
from vault.ids import new_id
from vault.planned import columns, planned_rows
from vault.references import new_reference

VERDICT_WITHIN = timedelta(hours=24)


class Verdict(models.TextChoices):
    NONE = "", _("no verdict yet")
    PASSED = "passed", _("passed")
    NOT_MATCHED = "not_matched", _("details do not match")
    NEEDS_STAFF = "needs_staff", _("needs a check by staff")
    REFUSED = "refused", _("refused by the issuer")
    NO_ANSWER = "no_answer", _("no answer from the issuer")


OPEN_OR_SEAT = (
    "INSERT INTO activation_activationattempt AS held ({columns}) VALUES ({places}) "
    "ON CONFLICT (card_id) WHERE closed_at IS NULL DO UPDATE SET seat_hash = excluded.seat_hash, "
    "seats_given = held.seats_given + 1, code_id = excluded.code_id, language = excluded.language "
    "WHERE held.submitted_at IS NOT NULL OR held.closes_at > excluded.opened_at RETURNING {columns}"
)


class ActivationAttemptQuerySet(models.QuerySet["ActivationAttempt"]):
    def open(self, at: datetime) -> Self:
        """Attempts in which a person can still do something: not closed, and either submitted or inside their time."""
        return self.filter(closed_at=None).filter(Q(closes_at__gt=at) | Q(submitted_at__isnull=False))

    def unsubmitted(self) -> Self:
        return self.filter(closed_at=None, submitted_at=None)

    def awaiting_verdict(self) -> Self:
        return self.filter(closed_at=None, submitted_at__isnull=False)

    def stale(self, at: datetime) -> Self:
        """Unsubmitted attempts whose time is over. The clock decided that already; closing them only tidies."""
        return self.unsubmitted().filter(closes_at__lte=at)

    def with_answers_since(self, moment: datetime) -> Self:
        """Attempts that had ended by then and whose answers are still kept."""
        return self.filter(closed_at__lte=moment, answers__isnull=False)

    def verifiable(self, at: datetime) -> Self:
        """Submitted attempts about which the issuer host may still be asked."""
        return self.awaiting_verdict().filter(submitted_at__gt=at - VERDICT_WITHIN)

    def without_verdict(self, at: datetime) -> Self:
        return self.awaiting_verdict().filter(submitted_at__lte=at - VERDICT_WITHIN)

    def open_or_seat(self, attempt: ActivationAttempt) -> ActivationAttempt:
        """Save this new attempt, or give its seat, code and language to the one that its card has open; that one.

        One statement, so that nobody opens one in between. It finds nothing to do only where the open one's time is
        over: that is closed first.
        """
        fields = self.model._meta.concrete_fields
        statement = OPEN_OR_SEAT.format(columns=columns(self.model), places=", ".join(["%s"] * len(fields)))
        values = [field.get_db_prep_save(field.pre_save(attempt, True), connection) for field in fields]
        saved = planned_rows(statement, values, self.model)
        if not saved:
            self.filter(card=attempt.card_id).stale(attempt.opened_at).update(closed_at=attempt.opened_at)
            saved = planned_rows(statement, values, self.model)
        opened: ActivationAttempt = saved[0][0]
        return opened


class ActivationAttempt(Leased):
    """Progress is facts in this row, never in the browser. Staff, the engine and the reports read it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(_("reference"), max_length=14, unique=True, default=new_reference, editable=False)
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="activation_attempts"
    )
    code = models.ForeignKey(
        "ActivationCode", verbose_name=_("activation code"), on_delete=models.PROTECT, related_name="attempts"
    )
    seat_hash = models.CharField(max_length=64, help_text="SHA-256 of the token of the browser that goes on")
    seats_given = models.PositiveIntegerField(_("seats given"), default=1)
    language = models.CharField(_("language"), max_length=10)

    opened_at = models.DateTimeField(_("opened at"))
    closes_at = models.DateTimeField(_("closes at"))
    identity_confirmed_at = models.DateTimeField(_("identity confirmed at"), null=True)
    answers = EncryptedTextField(blank=True, help_text="JSON: name, id_type, id_number")
    contact = EncryptedTextField(blank=True)
    contact_channel = models.CharField(_("contact channel"), max_length=8, blank=True)
    contact_index = models.UUIDField(null=True)
    contact_confirmed_at = models.DateTimeField(_("contact confirmed at"), null=True)
    pin_chosen_at = models.DateTimeField(_("pin chosen at"), null=True)
    agreed_at = models.DateTimeField(_("agreed at"), null=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, blank=True, default=Verdict.NONE)
    verdict_at = models.DateTimeField(_("verdict at"), null=True)
    reason = models.CharField(
        _("reason"), max_length=64, blank=True, help_text=_("For staff; never shown to the cardholder")
    )
    functions = models.JSONField(_("functions"), default=list, help_text=_("What the issuer host says is unlocked"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = ActivationAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("activation attempt")
        verbose_name_plural = _("activation attempts")
        constraints = [
            models.UniqueConstraint(fields=["card"], condition=Q(closed_at=None), name="one_open_attempt_a_card"),
            models.CheckConstraint(
                condition=Q(submitted_at=None)
                | Q(
                    identity_confirmed_at__isnull=False,
                    contact_confirmed_at__isnull=False,
                    pin_chosen_at__isnull=False,
                    agreed_at__isnull=False,
                ),
                name="submitted_only_when_every_step_is_done",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", verdict_at=None)
                | Q(verdict_at__isnull=False, submitted_at__isnull=False, closed_at__isnull=False),
                name="a_verdict_ends_a_submitted_attempt",
            ),
        ]
        indexes = [
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False, answers__isnull=False),
                name="attempt_answers_kept",
            ),
            models.Index(fields=["closes_at"], condition=Q(closed_at=None, submitted_at=None), name="attempt_stale"),
            models.Index(
                fields=["next_try_at"],
                condition=Q(closed_at=None, submitted_at__isnull=False),
                name="attempt_awaiting_verdict",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def pin_is_kept(self, at: datetime) -> bool:
        """A PIN waits 15 minutes for the submission and then as long as the submission is looked at."""
        if self.pin_chosen_at is None:
            return False
        return self.submitted_at is not None or self.pin_chosen_at > at - PENDING_LIFE

    def has_ended(self, at: datetime) -> bool:
        return self.closed_at is not None or (self.submitted_at is None and self.closes_at <= at)

    @property
    def identity(self) -> dict[str, str]:
        """The answers of the identity step: name, id_type, id_number; empty before it."""
        return json.loads(self.answers) if self.answers else {}
