"""Who works at the desk, and what they did. The desk keeps no table of its own: both are rows of `accounts`."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountEvent, User
from accounts.models.account_events import BY_STAFF
from accounts.models.users import UserManager


class Staff(User):
    """The same row under another name, so that accounts of cardholders stay read-only."""

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        proxy = True
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")


class DoneByStaffManager(models.Manager["DoneByStaff"]):
    """Nothing of what a cardholder does in their own account."""

    def get_queryset(self) -> models.QuerySet["DoneByStaff"]:
        return super().get_queryset().filter(BY_STAFF)


class DoneByStaff(AccountEvent):
    """The events of accounts that staff did; what they did to a card is an event of the card."""

    objects: ClassVar[DoneByStaffManager] = DoneByStaffManager()

    class Meta:
        proxy = True
        verbose_name = _("staff action on an account")
        verbose_name_plural = _("staff actions on accounts")
