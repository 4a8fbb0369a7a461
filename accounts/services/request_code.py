"""Writing down that somebody asks for a code; a worker answers."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import transaction

from accounts import address_limits
from accounts.models import CodeRequest
from accounts.sending_limits import count_send
from accounts.tasks import answer_code_requests
from messaging.enqueue import enqueue
from vault.blind_index import blind_index
from vault.ids import new_id


def request_code(*, purpose: str, body: dict[str, Any], subject: str, address: str, press: str = "") -> CodeRequest:
    """Write down that somebody asked for a code; a worker answers, if there is anybody to answer.

    `body` is what the purpose's handler needs (JSON), `subject` is what was submitted, for the sending limits, and
    `address` is the client's; `press` names one press of a button, so that a doubled one asks once. Raises
    TooManyChecks, SendTooEarly and TooManySends, for known and unknown alike.
    """
    address_limits.count_request(address)
    request = CodeRequest(id=_id_of(press), purpose=purpose, body=json.dumps(body))
    with transaction.atomic(durable=True):
        refusal = count_send(subject)
        if refusal is None:
            CodeRequest.objects.bulk_create([request], ignore_conflicts=True)
            enqueue(answer_code_requests, str(request.pk), queue="codes")
        elif press and CodeRequest.objects.filter(pk=request.pk).exists():
            refusal = None
    if refusal is not None:
        raise refusal
    return request


def _id_of(press: str) -> uuid.UUID:
    return blind_index("press", press) if press else new_id()
