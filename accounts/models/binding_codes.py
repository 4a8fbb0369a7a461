"""The code by which a card that is active already comes into an account, or its holder lets somebody help."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from cards.models import Card
from cards.one_time_codes import UNFINISHED, OneTimeCode, OneTimeCodeQuerySet


class Whose(models.TextChoices):
    """As whose card it is added; a code that was sent for the one does nothing for the other."""

    OWN = "own", _("Their own card")
    HELPED = "helped", _("The card of somebody they help")


class BindingCodeQuerySet(OneTimeCodeQuerySet):
    def live(self, at: datetime) -> Self:
        """Codes whose card still has the contact that the code went to.

        A sub-select, no join: an UPDATE that had to wait for the code's row looks at the code's own columns again.
        """
        reached = Card.objects.filter(
            Q(phone_index=OuterRef("contact_index")) | Q(email_index=OuterRef("contact_index")), pk=OuterRef("card_id")
        )
        return super().live(at).filter(Exists(reached))


class BindingCode(OneTimeCode):
    """Six digits for one card, one account and one browser: asking from another browser ends nobody's code."""

    purpose: ClassVar[str] = "binding"

    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="binding_codes", db_index=False
    )
    user = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.CASCADE, related_name="binding_codes", db_index=False
    )
    whose = models.CharField(_("whose card"), max_length=8, choices=Whose.choices)
    seat = models.UUIDField(editable=False)
    """Blind index of the secret that only the asking browser's session holds."""

    objects: ClassVar[Any] = BindingCodeQuerySet.as_manager()

    class Meta(OneTimeCode.Meta):
        abstract = False
        verbose_name = _("code to add a card")
        verbose_name_plural = _("codes to add a card")
        constraints = [
            *OneTimeCode.Meta.constraints,
            models.CheckConstraint(name="bindingcode_whose", condition=Q(whose__in=Whose.values)),
            models.UniqueConstraint(
                fields=["card", "user", "whose", "seat"], condition=UNFINISHED, name="accounts_one_binding_code"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-issued_at"], name="accounts_binding_code_of_user"),
            models.Index(fields=["expires_at"], condition=UNFINISHED, name="accounts_binding_code_stale"),
        ]
