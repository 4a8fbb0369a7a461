"""Signing in with a password, which only staff do, and how often one may guess there."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from desk.models import Staff
from pages.catalogue import say
from vault import limits
from vault.client_address import client_address, subnet
from vault.limits import Count, Limit

WINDOW = timedelta(minutes=15)
BY_NAME = Limit(
    name="staff-passwords",
    sentence="Ten wrong passwords for one name of staff in 15 minutes, then a wait of 15 minutes",
    tries=10,
    window=WINDOW,
    penalty=WINDOW,
)
"""The wait does not grow: whoever knows a name could keep its owner out for longer and longer."""
BY_ADDRESS = Limit(
    name="staff-passwords-by-address",
    sentence="30 wrong passwords of staff from one address in 15 minutes",
    tries=30,
    window=WINDOW,
)
BY_SUBNET = Limit(
    name="staff-passwords-by-subnet",
    sentence="60 wrong passwords of staff from one network in 15 minutes",
    tries=60,
    window=WINDOW,
)
LOCKED = "locked"
"""Key of the log's message of a name that was locked; its value is the network that tried last."""


class PasswordForm(AdminAuthenticationForm):
    """Django's, which tries no password before it has counted it. A right one costs nothing.

    Names that nobody has are counted and answered like those of staff.
    """

    def clean(self) -> dict[str, Any]:
        """Count, look, give back. A wait is said together with the last wrong password, and refuses the right one."""
        name, address = self.cleaned_data.get("username"), client_address(self.request)  # type: ignore[arg-type]
        if not name or not self.cleaned_data.get("password"):
            return super().clean()
        tried = [(BY_NAME, name), (BY_ADDRESS, address), (BY_SUBNET, subnet(address))]
        counts = limits.count_all(tried)
        if not all(count.allowed for count in counts):
            raise self.told_to_wait(counts)
        try:
            given = super().clean()
        except ValidationError as refusal:
            if counts[0].until:
                note_lock(name, subnet(address))
            raise (self.told_to_wait(counts) if any(count.until for count in counts) else refusal) from None
        limits.give_back_all(tried)
        return given

    def told_to_wait(self, counts: Sequence[Count]) -> ValidationError:
        """When to try again."""
        moments: list[datetime] = [count.until for count in counts if count.until]
        return ValidationError(str(say("E07", time=max(moments))), code="locked")


def note_lock(name: str, network: str) -> None:
    """Leave in the log that a member of staff cannot sign in for a while, and from which network that was tried."""
    for staff in Staff.objects.filter(username=name, is_staff=True):
        LogEntry.objects.create(
            user_id=staff.pk,
            content_type=ContentType.objects.get_for_model(Staff),
            object_id=str(staff.pk),
            object_repr=name,
            action_flag=CHANGE,
            change_message=json.dumps([{LOCKED: network}]),
        )
