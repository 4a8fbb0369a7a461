"""Messages for tests."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import factory
from django.utils import timezone

from messaging.models import Message


class MessageFactory(factory.django.DjangoModelFactory[Message]):
    """An urgent text message that waits in the outbox, due now, good for ten minutes."""

    class Meta:
        model = Message

    kind = "contact_code"
    channel = "sms"
    subject_id = factory.LazyFunction(uuid4)
    contact_index = factory.LazyFunction(uuid4)
    to_masked = "138 **** 8000"
    language = "en"
    idempotency_key = factory.LazyFunction(lambda: str(uuid4()))
    deadline = factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=10))


def make_message(**values: Any) -> Message:
    """One saved message."""
    return MessageFactory.create(**values)


def make_messages(count: int, **values: Any) -> list[Message]:
    """That many saved messages, inserted at once."""
    return Message.objects.bulk_create(MessageFactory.build_batch(count, **values))
