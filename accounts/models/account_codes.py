"""The codes by which whoever is signed in proves that they read a contact, before the account itself changes."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.contact_changes import ContactChange
from accounts.models.users import User
from cards.one_time_codes import UNFINISHED, OneTimeCode, OneTimeCodeQuerySet


class Proof(models.TextChoices):
    """What a code is for; one that was sent for another thing does nothing."""

    OLD = "old", _("The contact that an account has, before it is changed")
    NEW = "new", _("The contact that an account is to get")
    CLOSE = "close", _("Closing an account")


class AccountCodeQuerySet(OneTimeCodeQuerySet):
    def live(self, at: datetime) -> Self:
        """Codes whose account is open and has the contact they went to; or wants it, and has proved the old one.

        Sub-selects on the code's own row, no joins: an UPDATE that had to wait looks at the row again.
        """
        users = User.objects.cardholders().filter(pk=OuterRef("user_id"))
        has = users.filter(Q(phone_index=OuterRef("contact_index")) | Q(email_index=OuterRef("contact_index")))
        changes = ContactChange.objects.provable(at).filter(pk=OuterRef("change_id"))
        wants = changes.filter(new_index=OuterRef("contact_index"), old_proved_at__isnull=False)
        return (
            super()
            .live(at)
            .filter(
                Q(Exists(has), act=Proof.CLOSE)
                | Q(Exists(has), Exists(changes), act=Proof.OLD)
                | Q(Exists(users), Exists(wants), act=Proof.NEW)
            )
        )


class AccountCode(OneTimeCode):
    """Six digits for one account, one act and one browser (`seat`); a newer one supersedes it."""

    purpose: ClassVar[str] = "account"

    user = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.CASCADE, related_name="account_codes", db_index=False
    )
    act = models.CharField(_("act"), max_length=5, choices=Proof.choices)
    change = models.ForeignKey(ContactChange, on_delete=models.CASCADE, null=True, related_name="codes")
    seat = models.UUIDField(editable=False)

    objects: ClassVar[Any] = AccountCodeQuerySet.as_manager()

    class Meta(OneTimeCode.Meta):
        abstract = False
        verbose_name = _("code to change an account")
        verbose_name_plural = _("codes to change an account")
        constraints = [
            *OneTimeCode.Meta.constraints,
            models.CheckConstraint(name="accountcode_act", condition=Q(act__in=Proof.values)),
            models.CheckConstraint(
                name="accountcode_of_a_change", condition=Q(act=Proof.CLOSE) | Q(change__isnull=False)
            ),
            models.UniqueConstraint(fields=["user", "act"], condition=UNFINISHED, name="accounts_one_account_code"),
        ]
        indexes = [
            models.Index(fields=["user", "act", "-issued_at"], name="accounts_account_code_newest"),
            models.Index(fields=["expires_at"], condition=UNFINISHED, name="accounts_account_code_stale"),
        ]
