"""An SMS gateway over HTTP that keeps what it gets, and misbehaves on request."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

from tests.services.mailbox import Mailbox

Behaviour = int | Literal["hang", "close", "garbage"]


@dataclass(frozen=True)
class SmsPost:
    """One POST as it came: its JSON body, its headers, the status it was answered with (0: no answer), and the
    port it came from: the same one means the same connection."""

    body: dict[str, Any]
    headers: dict[str, str] = field(repr=False)
    status: int
    peer_port: int = 0


class SmsGateway(Mailbox[SmsPost]):
    """`url` is for SMS_URL. `behaviour` is a status (200, 400, 429, 500), "hang", "close" or "garbage" (200, no JSON).

    `all()` holds every POST, refused ones too; `sent()` those that were answered with 200.
    """

    def __init__(self) -> None:
        super().__init__()
        self.behaviour: Behaviour = 200
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler_class())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}/sms"

    def sent(self) -> list[dict[str, Any]]:
        """The bodies of those that were answered with 200, oldest first."""
        return [post.body for post in self.all() if post.status == 200]

    def release(self) -> None:
        """Let go of the requests that hang; they get no answer."""
        self._released.set()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def _handler_class(gateway) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or each answer waits 40 ms for an acknowledgement

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                behaviour = gateway.behaviour
                status = behaviour if isinstance(behaviour, int) else 200 if behaviour == "garbage" else 0
                number = gateway.add(SmsPost(json.loads(raw), dict(self.headers), status, self.client_address[1]))
                if behaviour == "hang":
                    gateway._released.wait()
                if status == 0:
                    self.close_connection = True
                    return
                self.answer(
                    status, b"<html>" if behaviour == "garbage" else json.dumps({"id": f"sms-{number}"}).encode()
                )

            def answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (http.server's name)
                """Silent: what came is in the list."""

        return Handler
