"""HTTP as gateways speak it: one request at a time over one kept connection, with an end to waiting.

Redirects are not followed, because a request holds a code; an answer that drips in is cut off; one that is too large
is not read to its end.
"""

import json
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

from messaging.gateways.addresses import Address
from messaging.gateways.answers import own_words
from messaging.gateways.cutting_off import cut_off
from messaging.gateways.gateway import ConnectionLost, Gateway, GatewayRefused, GatewayUnavailable, Sms

SOCKET_SECONDS = 4.0
ANSWER_SECONDS = 6.0
LARGEST_ANSWER = 64 * 1024
LATER = {408, 429}
OUR_KEYS = {401, 403, 407}
"""About who we are and not about this message: somebody mends it, and another gateway may carry it meanwhile."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A status and what came with it."""

    status: int
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        """The JSON object in the body; empty when there is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def refuse_unserved(self) -> None:
        """Raise for what is not 2xx: a 4xx means never, but LATER and OUR_KEYS mean later, as everything else does."""
        if 400 <= self.status < 500 and self.status not in LATER | OUR_KEYS:
            raise GatewayRefused(f"http {self.status} {own_words(self.content, self.body)}".strip())
        if not 200 <= self.status < 300:
            raise GatewayUnavailable(f"http {self.status}")


class HttpExchange(Gateway[Sms]):
    """A gateway behind HTTP at this host and port."""

    longest = 2 * (SOCKET_SECONDS + ANSWER_SECONDS)

    def __init__(self, host: str, port: int | None, *, tls: bool) -> None:
        self.connection: HTTPConnection = (
            HTTPSConnection(host, port, timeout=SOCKET_SECONDS, context=ssl.create_default_context())
            if tls
            else HTTPConnection(host, port, timeout=SOCKET_SECONDS)
        )

    def open(self) -> None:
        try:
            self.connection.connect()
        except OSError as error:
            raise GatewayUnavailable(f"cannot connect: {type(error).__name__}") from None

    def close(self) -> None:
        self.connection.close()

    def exchange(self, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> HttpAnswer:
        """One request and its answer, whatever its status. Raises GatewayUnavailable when none comes in time."""
        if self.connection.sock is None:  # the last answer said "Connection: close"
            self.open()
        wire = self.connection.sock
        with cut_off(ANSWER_SECONDS, lambda: shut(wire)):
            try:
                self.connection.request(method, target, body, {"User-Agent": "card-portal", **headers})
                response = self.connection.getresponse()
                answer = response.read(LARGEST_ANSWER)
                if not response.isclosed():
                    self.connection.close()  # more than we read: the rest must not be taken for the next answer
            except TimeoutError:
                raise GatewayUnavailable("no answer in time") from None
            except (RemoteDisconnected, ConnectionError):
                raise ConnectionLost("connection closed without an answer") from None
            except (OSError, HTTPException, ValueError) as error:
                raise GatewayUnavailable(f"broken answer: {type(error).__name__}") from None
        return HttpAnswer(response.status, answer)


class ProviderExchange(HttpExchange):
    """A provider's own API, by TLS, or by plain HTTP with the option `tls=0` for a stand-in on this machine."""

    form: str
    known_options: frozenset[str]

    def __init__(self, url: str) -> None:
        self.address = Address(urlsplit(url), self.form, self.known_options | {"tls"})
        super().__init__(self.address.host, self.address.port, tls=self.address.options.get("tls") != "0")


def shut(wire: socket.socket) -> None:
    """End a connection that another thread waits on."""
    with suppress(OSError):  # closed already
        wire.shutdown(socket.SHUT_RDWR)
