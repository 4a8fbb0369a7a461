"""The code a cardholder signs in with."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from cards.one_time_codes import UNFINISHED, OneTimeCode, OneTimeCodeQuerySet


class SignInCodeQuerySet(OneTimeCodeQuerySet):
    def live(self, at: datetime) -> Self:
        """Codes that open an account now: the account may sign in and still has the contact the code went to.

        A sub-select that looks at the code's own row, not a join: an UPDATE that had to wait for the row looks at
        the code's own columns again.
        """
        owners = User.objects.cardholders().filter(
            Q(phone_index=OuterRef("contact_index")) | Q(email_index=OuterRef("contact_index")), pk=OuterRef("user_id")
        )
        return super().live(at).filter(Exists(owners))


class SignInCode(OneTimeCode):
    """Six digits sent to one contact of an account. A newer one, to whichever contact, supersedes it."""

    purpose: ClassVar[str] = "sign_in"

    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="sign_in_codes", db_index=False
    )

    objects: ClassVar[Any] = SignInCodeQuerySet.as_manager()

    class Meta(OneTimeCode.Meta):
        verbose_name = _("sign-in code")
        verbose_name_plural = _("sign-in codes")
        constraints = [
            *OneTimeCode.Meta.constraints,
            models.UniqueConstraint(fields=["user"], condition=UNFINISHED, name="accounts_one_sign_in_code"),
        ]
        indexes = [
            models.Index(fields=["user", "-issued_at"], name="accounts_sign_in_of_user"),
            models.Index(fields=["contact_index", "-issued_at"], name="accounts_sign_in_newest"),
            models.Index(fields=["expires_at"], condition=UNFINISHED, name="accounts_sign_in_stale"),
        ]
