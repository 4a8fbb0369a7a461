"""What happened to an account. Rows are added and never changed."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from cards.dimensions import Role
from cards.moves import OTHER
from vault.ids import new_id

BY_STAFF = models.Q(actor_role__gt="")
"""The few events that staff did, among millions of sign-ins."""


class AccountEvent(models.Model):
    """One event: its `kind`, whose sentence `accounts.account_events` knows, and masked facts to fill it with.

    Where staff did it: who, as which role, and why, as an event of a card has it. The cardholder is told neither.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.CASCADE, related_name="events", db_index=False
    )
    kind = models.CharField(_("event"), max_length=40)
    facts = models.JSONField(_("facts"), default=dict)
    actor_id = models.CharField(_("identifier"), max_length=64, blank=True)
    actor_role = models.CharField(_("role"), max_length=16, choices=Role.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=64, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("event of an account")
        verbose_name_plural = _("events of accounts")
        indexes = [
            models.Index(fields=["user", "-id"], name="accounts_events_of_user"),
            models.Index(fields=["-id"], name="accounts_events_done_by_staff", condition=BY_STAFF),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor_role="", actor_id="")
                | (models.Q(actor_role__in=Role.values, reason__gt="") & ~models.Q(actor_id="")),
                name="accounts_events_by_staff",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=OTHER) | ~models.Q(comment=""), name="accounts_events_other_comment"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the event; what is written stays as it is."""
        if not self._state.adding:
            raise TypeError("An event is never changed. Write another one.")
        super().save(*args, **kwargs)
