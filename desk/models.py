"""Who works at the desk. Staff are accounts (`accounts.User`): the desk keeps no table of its own."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.users import UserManager


class Staff(User):
    """The same row under another name, so that accounts of cardholders stay read-only."""

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        proxy = True
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
