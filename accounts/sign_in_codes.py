"""The codes cardholders sign in with: issuing one in answer to a request, and writing down which have expired."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.contacts import channel_of, index_of, mask
from accounts.models import CodeRequest, SignInCode, User
from cards.code_rules import SHORT
from messaging.services import queue_message
from vault.sweeping import update_in_steps

PURPOSE = "sign_in_code"


def answer(body: dict[str, Any], request: CodeRequest) -> None:
    """Send a code to the contact, if an account has it; nothing happens, and nothing is told, if none has."""
    contact: str = body["contact"]
    index = index_of(contact)
    user = User.objects.cardholders().holding_contact(index).select_for_update().first()
    if user is None:
        return
    code = SignInCode.issue(rule=SHORT, channel=channel_of(contact), contact_index=index, at=timezone.now(), user=user)
    queue_message(
        kind=PURPOSE,
        channel=channel_of(contact),
        subject_id=code.pk,
        contact_index=index,
        to_masked=mask(contact),
        language=user.language,
        deadline=code.expires_at,
        programme_code=body.get("programme", ""),
        idempotency_key=f"{PURPOSE}:{request.pk}",
    )


def mark_expired() -> int:
    """Mark codes that the clock has ended, step by step; how many. Nobody waits for this: the clock decides."""
    at = timezone.now()
    return update_in_steps(SignInCode.objects.stale(at).order_by("expires_at"), {"expired_at": at})
