"""The code by which a new PIN is chosen without the old one."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from cards.models import Card
from cards.one_time_codes import UNFINISHED, OneTimeCode, OneTimeCodeQuerySet


class PinResetCodeQuerySet(OneTimeCodeQuerySet):
    def live(self, at: datetime) -> Self:
        """Codes that are good now: the contact they went to still is a registered one of the card."""
        reached = Card.objects.filter(
            Q(phone_index=OuterRef("contact_index")) | Q(email_index=OuterRef("contact_index")), pk=OuterRef("card_id")
        )
        return super().live(at).filter(Exists(reached))


class PinResetCode(OneTimeCode):
    """Six digits sent to a registered contact of a card; a newer one, whoever asked for it, supersedes it.

    It works only in the browser that asked for it (`seat`), and only for the account that asked (`user`), or for none.
    """

    purpose: ClassVar[str] = "pin_reset"

    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="pin_reset_codes", db_index=False
    )
    user = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.CASCADE, null=True, related_name="pin_reset_codes"
    )
    seat = models.UUIDField()

    objects: ClassVar[Any] = PinResetCodeQuerySet.as_manager()

    class Meta(OneTimeCode.Meta):
        verbose_name = _("PIN reset code")
        verbose_name_plural = _("PIN reset codes")
        constraints = [
            *OneTimeCode.Meta.constraints,
            models.UniqueConstraint(fields=["card"], condition=UNFINISHED, name="accounts_one_pin_reset_code"),
        ]
        indexes = [
            models.Index(fields=["card", "-issued_at"], name="accounts_pin_code_of_card"),
            models.Index(fields=["seat", "-issued_at"], name="accounts_pin_code_of_seat"),
            models.Index(fields=["expires_at"], condition=UNFINISHED, name="accounts_pin_code_stale"),
        ]
