"""Telling staff that messages do not go where they should: once a cause and window, whoever finds it out first."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from messaging.kinds import Envelope, Kind
from messaging.models import Message, OperationsNotice
from vault.blind_index import blind_index

Cause = OperationsNotice.Cause
KIND = "operations_notice"
WORTH = timedelta(days=1)

logger = logging.getLogger(__name__)


def tell_staff(cause: OperationsNotice.Cause, *, prefix: str = "", window: str, at: datetime, until: datetime) -> bool:
    """Tell staff of this cause, unless somebody has done it for the same window; whether this call did.

    One insert decides. The notice stands in the administration until `until`, in the log, and goes by email to
    OPERATORS_EMAIL where there is one. Inside the caller's transaction, if there is one.
    """
    notice = OperationsNotice(cause=cause, prefix=prefix, window=window, told_at=at, until=until)
    OperationsNotice.objects.bulk_create([notice], ignore_conflicts=True)
    if not OperationsNotice.objects.filter(pk=notice.pk).exists():
        return False
    logger.warning("staff are told: %s %s, window %s", cause.value, prefix, window)
    if settings.OPERATORS_EMAIL:
        _send(notice.pk, settings.OPERATORS_EMAIL)
    return True


def _send(notice_id: UUID, address: str) -> None:
    """Written here and not by `services.queue_message`: whoever sends messages has to tell, and stands below it."""
    Message.objects.create(
        kind=KIND,
        channel=Message.Channel.EMAIL,
        subject_id=notice_id,
        contact_index=blind_index("email", address),
        to_masked=f"{address[:1]}***@{address.rpartition('@')[2]}",
        language=settings.OPERATORS_LANGUAGE,
        deadline=timezone.now() + WORTH,
        idempotency_key=f"{KIND}:{notice_id}",
    )


def operations_notice(message: Message) -> Envelope | None:
    """Address a notice to the staff of today."""
    notice = OperationsNotice.objects.filter(pk=message.subject_id).first()
    if notice is None or not settings.OPERATORS_EMAIL:
        return None
    return Envelope(
        to=settings.OPERATORS_EMAIL,
        language=message.language,
        params={
            "what": sentence(notice),
            "remedy": remedy(notice),
            "link": f"{settings.PORTAL_URL.rstrip('/')}/admin/",
        },
        service=_("Card activation: staff"),
    )


def sentence(notice: OperationsNotice) -> str:
    """What happened, in the current language."""
    # Translators: a day and a time in Django's date format letters, without the year.
    until = date_format(timezone.localtime(notice.until), _("j M, H:i"))
    return {
        Cause.BUDGET_AN_HOUR: _("The hourly budget of %(prefix)s is used up until %(until)s."),
        Cause.BUDGET_A_DAY: _("The daily budget of %(prefix)s is used up until %(until)s."),
        Cause.NUMBER_BUDGET: _("Some numbers have had as many messages as one number may get."),
        Cause.NOT_ALLOWED: _("Somebody has a number that begins with %(prefix)s, where we do not send to."),
        Cause.TRIPPED: _("Of the codes sent to %(prefix)s, fewer than 20%% were used: sending there has stopped."),
    }[Cause(notice.cause)] % {"prefix": notice.prefix, "until": until}


def remedy(notice: OperationsNotice) -> str:
    """What staff can do about it, in the current language."""
    return {
        Cause.BUDGET_AN_HOUR: _("Codes go by email where people have one. Raise the budget under Destinations."),
        Cause.BUDGET_A_DAY: _("Codes go by email where people have one. Raise the budget under Destinations."),
        Cause.NUMBER_BUDGET: _("Look at the messages that ended, for somebody who asks for codes all the time."),
        Cause.NOT_ALLOWED: _("Add the prefix under Destinations if cardholders live there."),
        Cause.TRIPPED: _("Ask the gateway what arrives. It is tried again, a little at a time, in an hour."),
    }[Cause(notice.cause)]


KINDS = (Kind(KIND, operations_notice, channels=("email",), label=pgettext_lazy("message", "Notice to staff")),)
