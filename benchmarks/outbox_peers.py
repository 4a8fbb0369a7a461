"""The outbox as others would write it: one Celery task a message.

The task gets the row, builds and renders what it says, hands it to the same backend and saves. It keeps its database
connection (CELERY_DB_REUSE_MAX) and its templates (Django's cached loader). It claims nothing: run twice at once, it
would send twice; and what is lost with its broker is never sent.
"""

import django
from celery import shared_task
from django.core.mail import EmailMessage
from django.utils import timezone, translation

from portal.celery import app

__all__ = ["app", "send_one"]

django.setup()

from django.template.loader import render_to_string  # noqa: E402

from messaging.kinds import kind_named  # noqa: E402
from messaging.models import Message  # noqa: E402


@shared_task(ignore_result=True)
def send_one(message_id: str) -> None:
    message = Message.objects.get(pk=message_id)
    kind = kind_named(message.kind)
    if message.sent_at is not None or kind is None:
        return
    with translation.override(message.language):
        envelope = kind.build(message)
        if envelope is None:
            return
        words = {**envelope.params, "service": envelope.service}
        subject = render_to_string(f"messages/{message.kind}/email_subject.txt", words).strip()
        text = render_to_string(f"messages/{message.kind}/email.txt", words)
    EmailMessage(subject, text, envelope.sender or None, [envelope.to]).send()
    message.sent_at = timezone.now()
    message.save()
