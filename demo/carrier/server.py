"""The carrier's door: takes what the portal's HTTP gateway sends, as its conduct says, and shows its ledger."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from demo.carrier.conduct import SLOW_SECONDS, Conduct, Receipt, Trouble
from demo.carrier.ledger import Call, Ledger, SentReceipt
from demo.carrier.receipts import Postman, post

STATUS = {"taken": 200, "refused": 400, "429": 429, "500": 500}


class Door(ThreadingHTTPServer):
    daemon_threads, block_on_close = True, False
    request_queue_size = 128  # many workers may come at once

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Silent: whoever called has gone, and what came is in the ledger."""


class Carrier:
    """`url` is for SMS_URL; `url` + `/ledger` and `url` + `/<id>` answer JSON. Receipts go to `receipts_url`, when
    there is one, signed with `secret`, with these further `headers`.

    `delivered` is called with each message that reaches its phone, once a key.
    """

    def __init__(
        self,
        conduct: Conduct | None = None,
        *,
        port: int = 0,
        receipts_url: str = "",
        secret: str = "",
        headers: Mapping[str, str] | None = None,
        delivered: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.conduct = conduct or Conduct()
        self.receipts_url, self.secret, self.headers, self.delivered = receipts_url, secret, headers, delivered
        self.ledger = Ledger()
        self._taken: dict[str, tuple[datetime, str]] = {}
        self.trouble: Trouble | None = None
        self._calm = threading.Condition()
        self._open: set[socket.socket] = set()
        self._door = self._open_door(port)
        self.port = self._door.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Open the door, and begin to count the time of the outages."""
        self._started = time.monotonic()
        self._postman = Postman()
        self._serve()
        for outage in self.conduct.outages:
            self._postman.later(outage.start, lambda outage=outage: self.begin(outage.trouble))  # type: ignore[misc]
            self._postman.later(outage.end, self.end_trouble)
        return self

    def stop(self) -> None:
        self._postman.end()
        self.end_trouble()
        self._close_door()

    @contextmanager
    def outage(self, trouble: Trouble) -> Iterator[None]:
        """Behave like that inside the block."""
        self.begin(trouble)
        try:
            yield
        finally:
            self.end_trouble()

    def begin(self, trouble: Trouble) -> None:
        with self._calm:
            self.trouble = trouble
        if trouble == "refuse":
            self._close_door()

    def end_trouble(self) -> None:
        with self._calm:
            was, self.trouble = self.trouble, None
            self._calm.notify_all()
        if was == "refuse":
            self._door = self._open_door(self.port)
            self._serve()

    def receipts_waiting(self) -> int:
        """How many receipts have not been sent and answered yet."""
        return self._postman.waiting()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *failure: object) -> None:
        self.stop()

    def answer(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The status and the body of the answer to one call; status 0 means to hang up without one."""
        key = str(body.get("idempotency_key", ""))
        number = self.ledger.number(key)
        trouble = self.trouble
        if trouble == "hang":
            self._note(number, "hang", body)
            with self._calm:
                self._calm.wait_for(lambda: self.trouble != "hang")
            return 0, {}
        if trouble in ("429", "500"):
            self._note(number, trouble, body)
            return int(trouble), {"error": "later"}
        time.sleep(self.conduct.delay(key, number) + (SLOW_SECONDS if trouble == "slow" else 0.0))
        outcome = "cut" if trouble == "close" else self.conduct.outcome(key, number)
        call = self._note(number, outcome, body, taken=outcome in ("taken", "cut"))
        if call.id and not call.again:
            self._carry(call)
        return STATUS.get(outcome, 0), {"id": call.id} if call.id else {"error": outcome}

    def status(self, message_id: str) -> dict[str, Any] | None:
        """What the carrier knows of a message by now; None when it has no such message."""
        if message_id not in self._taken:
            return None
        taken_at, key = self._taken[message_id]
        age = (datetime.now(UTC) - taken_at).total_seconds()
        known = [receipt for receipt in self.conduct.receipts(key) if receipt.told <= age]
        last = max(known, key=lambda receipt: (receipt.told, receipt.status != "sent"), default=Receipt(0, 0, "sent"))
        return _tale(message_id, key, last, taken_at)

    def _note(self, number: int, outcome: str, body: dict[str, Any], *, taken: bool = False) -> Call:
        return self.ledger.write(time.monotonic() - self._started, number, outcome, body, taken=taken)

    def _carry(self, call: Call) -> None:
        taken_at = datetime.now(UTC)
        self._taken[call.id] = taken_at, call.key
        if self.delivered and not self.conduct.is_lost(call.key):
            self.delivered(call.body)
        for receipt in self.conduct.receipts(call.key) if self.receipts_url else ():
            self._postman.later(receipt.after, lambda receipt=receipt: self._tell(call, taken_at, receipt))  # type: ignore[misc]

    def _tell(self, call: Call, taken_at: datetime, receipt: Receipt) -> None:
        told = _tale(call.id, call.key, receipt, taken_at)
        answer = post(self.receipts_url, self.secret, told, self.headers)
        at = time.monotonic() - self._started
        self.ledger.note_receipt(SentReceipt(at, call.id, call.key, receipt.status, answer))

    def _serve(self) -> None:
        threading.Thread(target=self._door.serve_forever, args=(0.05,), daemon=True).start()

    def _open_door(self, port: int) -> ThreadingHTTPServer:
        return Door(("127.0.0.1", port), self._handler_class())

    def _close_door(self) -> None:
        self._door.shutdown()
        self._door.server_close()
        for wire in list(self._open):
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    def _handler_class(carrier) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or each answer waits 40 ms for an acknowledgement

            def setup(self) -> None:
                super().setup()
                carrier._open.add(self.connection)

            def finish(self) -> None:
                carrier._open.discard(self.connection)
                super().finish()

            def do_POST(self) -> None:
                try:
                    body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                    status, told = carrier.answer(body) if isinstance(body, dict) else (400, {})
                except ValueError:
                    status, told = 400, {"error": "not JSON"}
                self.say(status, told)

            def do_GET(self) -> None:
                asked = self.path.rpartition("/")[2]
                told = carrier.ledger.as_json() if asked == "ledger" else carrier.status(asked)
                self.say(200 if told else 404, told or {"error": "not known"})

            def say(self, status: int, told: dict[str, Any]) -> None:
                if not status:
                    self.close_connection = True
                    return
                body = json.dumps(told, ensure_ascii=False).encode()
                with suppress(OSError):  # whoever asked has gone
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (http.server's name)
                """Silent: what came is in the ledger."""

        return Handler


def _tale(message_id: str, key: str, receipt: Receipt, taken_at: datetime) -> dict[str, Any]:
    """A receipt in the words of the portal's HTTP gateway."""
    return {
        "id": message_id,
        "idempotency_key": key,
        "status": receipt.status,
        "at": (taken_at + timedelta(seconds=receipt.told)).isoformat(),
        "reason": "not reachable" if receipt.status == "undelivered" else "",
    }
