"""A phone or an email of an account that is to become another one."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from vault.fields import EncryptedTextField
from vault.ids import new_id

OPEN_FOR = timedelta(hours=1)
"""How long both contacts may be proved."""

WAITS = timedelta(hours=24)
"""How long codes go on to the old contact once both are proved (issue 4)."""

UNDOABLE = timedelta(days=7)
"""How long it can be undone, so long both contacts are kept: as long as a link "it was not me" lives."""

UNCONFIRMED = Q(confirmed_at=None, ended_at=None)
WAITING = Q(confirmed_at__isnull=False, ended_at=None)


class ContactChangeQuerySet(models.QuerySet["ContactChange"]):
    def provable(self, at: datetime) -> Self:
        """Those whose contacts can still be proved."""
        return self.filter(UNCONFIRMED, asked_at__gt=at - OPEN_FOR)

    def waiting(self) -> Self:
        """Those that are proved and not in effect."""
        return self.filter(WAITING)

    def due(self, at: datetime) -> Self:
        """Those whose 24 hours are over."""
        return self.waiting().filter(takes_effect_at__lte=at)

    def with_old_contacts(self, at: datetime) -> Self:
        """Those that still hold contacts which are needed for nothing any more."""
        over = Q(ended_at__lte=at - UNDOABLE) | Q(UNCONFIRMED, asked_at__lte=at - UNDOABLE)
        return self.filter(over, new__isnull=False)


class ContactChange(models.Model):
    """One change. An account has at most one whose contacts are being proved, or that waits for its moment."""

    class Outcome(models.TextChoices):
        """How it ended."""

        NONE = "", _("Not in effect yet")
        APPLIED = "applied", _("In effect")
        STOPPED = "stopped", _("Stopped")
        REPLACED = "replaced", _("Another change was begun after it")
        IMPOSSIBLE = "impossible", _("Not possible any more")
        UNDONE = "undone", _("Undone")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, verbose_name=_("account"), on_delete=models.PROTECT, related_name="contact_changes")
    field = models.CharField(_("what"), max_length=5, choices=[("phone", _("phone")), ("email", _("email"))])
    old = EncryptedTextField(_("old contact"), max_length=254, blank=True)
    """Empty where the account had none of this kind."""
    new = EncryptedTextField(_("new contact"), max_length=254, blank=True)
    """Both are forgotten a week after the end."""
    old_index = models.UUIDField(null=True, editable=False)
    new_index = models.UUIDField(null=True, editable=False)
    proof_index = models.UUIDField(editable=False)
    """Blind index of the contact of the account that the first code goes to: the old one, or else the other kind."""
    asked_at = models.DateTimeField(_("asked for"))
    old_proved_at = models.DateTimeField(_("old contact proved"), null=True)
    confirmed_at = models.DateTimeField(_("both contacts proved"), null=True)
    takes_effect_at = models.DateTimeField(_("takes effect"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True, default="")

    objects = ContactChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a contact")
        verbose_name_plural = _("changes of contacts")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="accounts_one_contact_change"),
            models.CheckConstraint(
                name="accounts_contact_change_ended_somehow",
                condition=Q(ended_at=None, outcome="") | Q(~Q(outcome=""), ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="accounts_contact_change_waits",
                condition=Q(confirmed_at=None, takes_effect_at=None)
                | Q(
                    old_proved_at__isnull=False,
                    confirmed_at__gte=models.F("old_proved_at"),
                    takes_effect_at__gt=models.F("confirmed_at"),
                ),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["takes_effect_at"], condition=WAITING, name="accounts_contact_change_due"),
            models.Index(fields=["ended_at"], condition=Q(new__isnull=False), name="accounts_contact_change_kept"),
        ]
