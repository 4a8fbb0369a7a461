"""The codes cardholders sign in with: issuing one in answer to a request, and writing down which have expired.

A contact that no account has, but a card in one, brings no code: it was never proved, and the account may hold more
than that card. Who reads it is told by message what to sign in with; the page says the same to everybody.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.contacts import channel_of, index_of, mask
from accounts.models import CodeRequest, SignInCode, User
from accounts.signing_in.ways_in import card_behind
from cards.code_rules import SHORT
from messaging.services import queue_message
from vault.sweeping import update_in_steps

PURPOSE, ELSEWHERE = "sign_in_code", "sign_in_elsewhere"


def answer(body: dict[str, Any], request: CodeRequest) -> None:
    """Send a code to the contact, if an account has it; a word of what to use, if only a card in an account has it;
    nothing happens, and nothing is told, if neither has."""
    contact: str = body["contact"]
    index, channel, at = index_of(contact), channel_of(contact), timezone.now()
    kind, programme, deadline = PURPOSE, body.get("programme", ""), at + SHORT.lifetime
    user = User.objects.cardholders().holding_contact(index).select_for_update().first()
    if user is not None:
        code = SignInCode.issue(rule=SHORT, channel=channel, contact_index=index, at=at, user=user)
        subject, deadline = code.pk, code.expires_at
    elif behind := card_behind(index):
        kind, subject, user = ELSEWHERE, behind.pk, behind.user
        programme = behind.card.programme.code
    else:
        return
    queue_message(
        kind=kind,
        channel=channel,
        subject_id=subject,
        contact_index=index,
        to_masked=mask(contact),
        language=user.language,
        deadline=deadline,
        programme_code=programme,
        idempotency_key=f"{PURPOSE}:{request.pk}",
    )


def mark_expired() -> int:
    """Mark codes that the clock has ended, step by step; how many. Nobody waits for this: the clock decides."""
    at = timezone.now()
    return update_in_steps(SignInCode.objects.stale(at).order_by("expires_at"), {"expired_at": at})
