"""Telling the portal what became of a message: signed POSTs, each when its time has come."""

import hashlib
import heapq
import hmac
import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

SECONDS = 5.0


def sign(secret: str, body: bytes) -> str:
    """The header `X-Signature`: HMAC-SHA256 of the body, in hexadecimal digits."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def post(url: str, secret: str, receipt: dict[str, Any], headers: Mapping[str, str] | None = None) -> int:
    """Send one receipt and give the status of the answer; 0 when there is none. Without a secret the last part of the
    address is it."""
    parts = urlsplit(url)
    made = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = made(parts.hostname or "", parts.port, timeout=SECONDS)
    body = json.dumps(receipt).encode()
    signature = sign(secret or parts.path.rstrip("/").rpartition("/")[2], body)
    told = {"Content-Type": "application/json", "X-Signature": signature, **(headers or {})}
    try:
        connection.request("POST", parts.path or "/", body, told)
        with connection.getresponse() as response:
            response.read()
            return response.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


class Postman:
    """A thread that calls things when their time has come, one after the other."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._changed = threading.Condition()
        self._over = self._calling = False
        threading.Thread(target=self._walk, name="carrier-receipts", daemon=True).start()

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._count), act))
            self._changed.notify()

    def waiting(self) -> int:
        """How many have not been called yet, or are being called."""
        with self._changed:
            return len(self._due) + self._calling

    def end(self) -> None:
        """Forget what has not been called yet."""
        with self._changed:
            self._over = True
            self._changed.notify()

    def _walk(self) -> None:
        while True:
            with self._changed:
                while not self._over and (not self._due or self._due[0][0] > time.monotonic()):
                    self._changed.wait(self._due[0][0] - time.monotonic() if self._due else None)
                if self._over:
                    return
                act = heapq.heappop(self._due)[2]
                self._calling = True
            with suppress(Exception):  # one that fails must not end the others
                act()
            self._calling = False
