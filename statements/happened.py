"""What this room adds to the activity of an account: its alerts."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.activity import Happening
from statements.models import Alert
from statements.sentences import sentence
from vault.ids import made_at


def alerts(user_id: UUID, before: UUID | None, most: int) -> Sequence[Happening]:
    """The account's alerts, each with the moment at which it was raised."""
    rows = Alert.objects.of_account(user_id).select_related("transaction__card__programme").order_by("-id")
    found = (rows.filter(pk__lt=before) if before else rows)[:most]
    return [Happening(one.pk, made_at(one.pk), _told(one), one.transaction.card) for one in found]


def _told(alert: Alert) -> SafeString:
    return SafeString(escape(_("Alert: %(what)s")) % {"what": sentence(alert)})
