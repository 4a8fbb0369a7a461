"""Trying again to send dead letters: first a page says what would become of them, then it is done and said."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from messaging.retrying import Prospects
from messaging.services import NothingToRetry, retry_message

CONFIRMED = "confirmed"
"""Name of the button that was pressed on that page."""


def ask_first(model_admin: Any, request: HttpRequest, prospects: Prospects) -> HttpResponse:
    """The page that asks: how many would be tried again, and which cannot be sent."""
    context = {
        "title": _("Try again to send"),
        "opts": model_admin.opts,
        "ready": ready(len(prospects.ready)) if prospects.ready else gettext("None of these can be tried again."),
        "others": left_alone(prospects),
        "chosen": [(ACTION_CHECKBOX_NAME, message.pk) for message in prospects.ready],
        "confirmed": CONFIRMED,
    }
    return TemplateResponse(request, "desk/retry.html", {**model_admin.admin_site.each_context(request), **context})


def retry(model_admin: Any, request: HttpRequest, prospects: Prospects) -> None:
    """Put back into the outbox what can be sent; each is logged under the name of who did it."""
    retried = 0
    for message in prospects.ready:
        try:
            retry_message(message_id=message.pk)
        except NothingToRetry:  # another was faster
            prospects.ended.append(message)
        else:
            retried += 1
            model_admin.log_change(request, message, gettext("Tried again"))
    if retried:
        model_admin.message_user(request, ready(retried), messages.SUCCESS)
    for sentence in left_alone(prospects):
        model_admin.message_user(request, sentence, messages.WARNING)


def ready(count: int) -> str:
    """How many go out anew."""
    return ngettext("%(count)d message will be tried again.", "%(count)d messages will be tried again.", count) % {
        "count": count
    }


def left_alone(prospects: Prospects) -> list[str]:
    """How many do not, and why."""
    barred, ended = len(prospects.barred), len(prospects.ended)
    sentences = []
    if barred:
        words = ngettext(
            "%(count)d message is left alone: we do not send to %(countries)s. Allow that under Destinations first.",
            "%(count)d messages are left alone: we do not send to %(countries)s. Allow that under Destinations first.",
            barred,
        )
        sentences.append(words % {"count": barred, "countries": gettext(", ").join(prospects.countries)})
    if ended:
        words = ngettext(
            "%(count)d message is left alone: it is on its way, has ended otherwise, or it is too late for it.",
            "%(count)d messages are left alone: they are on their way, have ended otherwise, or it is too late.",
            ended,
        )
        sentences.append(words % {"count": ended})
    return sentences
