"""A person with an account: a cardholder known by phone or email, or a member of staff known by a username."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cards.masks import mask_email, mask_phone
from vault.fields import BlindIndexField, EncryptedTextField
from vault.ids import new_id


class UserQuerySet(models.QuerySet["User"]):
    def holding_contact(self, contact_index: uuid.UUID) -> Self:
        """Find the account that has this phone or email; at most one row."""
        return self.filter(Q(phone_index=contact_index) | Q(email_index=contact_index))

    def closed(self) -> Self:
        """Those whose owner has closed them."""
        return self.filter(closed_at__isnull=False)

    def cardholders(self) -> Self:
        """Those who sign in with one-time codes. Staff sign in with their password, whatever contact they have."""
        return self.filter(is_active=True, is_staff=False)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes members of staff; a cardholder's account comes into being in `accounts.binding.joining`."""

    def create_user(self, username: str, password: str | None = None, **columns: Any) -> User:
        user: User = self.model(username=self.model.normalize_username(username), **columns)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **columns: Any) -> User:
        """Make a member of staff who may do everything; `manage.py createsuperuser` calls this."""
        return self.create_user(username, password, **{**columns, "is_staff": True, "is_superuser": True})


class User(AbstractBaseUser, PermissionsMixin):
    """An account. A username is for staff only; of phone and email either is enough.

    A person's contacts are encrypted; their blind indexes are unique, so that a contact belongs to one account.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(_("username"), max_length=150, unique=True, null=True, blank=True)
    phone = EncryptedTextField(_("mobile number"), max_length=32, blank=True)
    phone_index = BlindIndexField(of="phone", kind="phone", unique=True)
    email = EncryptedTextField(_("email address"), max_length=254, blank=True)
    email_index = BlindIndexField(of="email", kind="email", unique=True)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    remind_of_pin = models.BooleanField(_("reminded of old PINs"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    """Closed by its owner; its contacts go a week later (`accounts.own_account.closing`)."""

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(username__isnull=False)
                | Q(phone_index__isnull=False)
                | Q(email_index__isnull=False)
                | Q(closed_at__isnull=False),
                name="accounts_user_can_sign_in",
            ),
            models.CheckConstraint(
                condition=Q(is_staff=False) | Q(username__isnull=False), name="accounts_user_staff_have_usernames"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(is_active=False), name="accounts_user_closed_is_not_active"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["closed_at"],
                condition=Q(phone_index__isnull=False) | Q(email_index__isnull=False),
                name="accounts_user_closed_reachable",
            ),
        ]

    def __str__(self) -> str:
        """What staff read: a name of theirs, or a cardholder's masked contact."""
        return self.username or mask_phone(self.phone) or mask_email(self.email) or gettext("Closed account")
