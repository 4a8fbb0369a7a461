"""Who the test messages go to and what they say: canaries that must turn up with the receiver and nowhere else."""

from uuid import UUID

from messaging.kinds import Envelope
from messaging.models import Message

PHONE = "+8613800138000"
EMAIL = "zhang.wei@example.com"


def code_of(subject_id: UUID) -> str:
    """Six digits that follow from the subject."""
    return f"{subject_id.int % 10**6:06d}"


def contact_code(message: Message) -> Envelope:
    """An envelope as the activation builds it."""
    return Envelope(
        to=EMAIL if message.channel == "email" else PHONE,
        language=message.language,
        params={
            "code": code_of(message.subject_id),
            "purpose": "to activate your card",
            "minutes": "10",
            "until": "20:45",
            "host": "",
            "hotline": "",
        },
        service="Campus card",
    )
