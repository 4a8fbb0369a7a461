"""Callbacks as the provider behind the HTTP gateway sends them."""

import hmac
import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client

from messaging.receipt_addresses import receipt_address


def path_for(gateway: str = "http") -> str:
    """The path of a gateway's address."""
    return urlsplit(receipt_address(gateway)).path


def signed(body: bytes, key: str) -> str:
    """The signature of a body by this key."""
    return hmac.new(key.encode(), body, "sha256").hexdigest()


def told(*entries: dict[str, Any]) -> bytes:
    """The body of a callback that tells these."""
    return json.dumps(list(entries)).encode()


def call_back(
    *entries: dict[str, Any],
    body: bytes | None = None,
    path: str = "",
    key: str = "",
    content_type: str = "application/json",
) -> HttpResponse:
    """POST a callback to the real view, signed by the token at the end of its path, else by `key`."""
    path = path or path_for()
    raw = told(*entries) if body is None else body
    headers = {"X-Signature": signed(raw, key or path.rstrip("/").rpartition("/")[2])}
    client = Client(enforce_csrf_checks=True)
    response: HttpResponse = client.generic("POST", path, raw, content_type=content_type, headers=headers)  # type: ignore[assignment]
    return response
