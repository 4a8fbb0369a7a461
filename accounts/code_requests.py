"""Answering requests for codes: a worker claims a row, and whoever registered for its purpose answers it.

Asking takes the same time for everybody, because the page only writes the row. Answering is exactly once: the row is
marked in the transaction in which the answer is written, and the outbox, not the answer, speaks to a gateway.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import CodeRequest
from messaging.leases import claim
from vault.sweeping import delete_in_steps

LEASE = timedelta(seconds=60)
FIRST_RETRY = timedelta(seconds=2)
MOST_AT_ONCE = 100
SECONDS_AT_ONCE = 5.0

Answer = Callable[[dict[str, Any], CodeRequest], None]

_answers: dict[str, Answer] = {}
_log = logging.getLogger(__name__)


def register(purpose: str, handler: Answer) -> None:
    """Let `handler(body, request)` answer the requests of this purpose. Call it in `AppConfig.ready`.

    The handler runs in a worker, inside the transaction that marks the request as handled: it looks up, issues and
    queues a message, and returns quietly where there is nobody to answer. It talks to no network, calls no service
    and raises only for what may go better on another try.
    """
    if _answers.setdefault(purpose, handler) is not handler:
        raise ValueError(f"Requests for {purpose!r} are answered already.")


def answer_one(request_id: uuid.UUID | str) -> None:
    """Answer this request, unless it is answered, too old, or another worker has it."""
    for claimed in claim(CodeRequest.objects.waiting(timezone.now()).filter(pk=request_id), limit=1, lease=LEASE):
        _answer(claimed)


def answer_waiting(*, seconds: float = SECONDS_AT_ONCE) -> int:
    """Answer what the quick task missed, for at most about so many seconds; how many were claimed."""
    end, answered = time.monotonic() + seconds, 0
    while claimed := claim_waiting():
        for request_id in claimed:
            _answer(request_id)
        answered += len(claimed)
        if time.monotonic() >= end:
            break
    return answered


def claim_waiting() -> list[uuid.UUID]:
    """Take requests that nobody holds, for the length of the lease."""
    return claim(CodeRequest.objects.waiting(timezone.now()), limit=MOST_AT_ONCE, lease=LEASE)


def forget_stale() -> int:
    """Delete requests that are a day old; how many went."""
    return delete_in_steps(CodeRequest.objects.stale(timezone.now()).order_by("created_at"))


def _answer(request_id: uuid.UUID) -> None:
    at = timezone.now()
    unanswered = CodeRequest.objects.waiting(at).filter(pk=request_id)
    try:
        with transaction.atomic():
            if unanswered.update(handled_at=at, leased_until=None):
                request = CodeRequest.objects.get(pk=request_id)
                _answers[request.purpose](json.loads(request.body), request)
    except Exception as failure:
        # One request that cannot be answered must not keep the others waiting. No message: it might quote the person.
        _log.error("code request %s is not answered: %s", request_id, type(failure).__name__)
        _put_off(request_id)


def _put_off(request_id: uuid.UUID) -> None:
    at = timezone.now()
    waiting = CodeRequest.objects.waiting(at).filter(pk=request_id)
    tries = waiting.values_list("tries", flat=True).first() or 0
    waiting.update(leased_until=None, next_try_at=at + FIRST_RETRY * 2 ** min(tries, 6))
