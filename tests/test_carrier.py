"""The carrier of the demo and of the fault tests: as bad as it is told, and the same way each time."""

import hashlib
import hmac
import http.client
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from demo.carrier.conduct import Conduct, Outage, Trouble, Unclear
from demo.carrier.server import Carrier
from messaging.gateways.gateway import GatewayRefused, GatewayUnavailable, Sms
from messaging.gateways.http import HttpGateway

ROOT = Path(__file__).resolve().parent.parent
KEYS = [f"key {number}" for number in range(400)]
BAD = Conduct(
    seed=7, refused=0.05, throttled=0.1, broken=0.1, cut=0.1, loss=0.2, silent=0.5, doubled=0.3, disordered=0.3
)


class Callbacks(list[tuple[str, bytes]]):
    """Receipts as they come: the signature and the body."""

    def __init__(self) -> None:
        super().__init__()
        came = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                came.append((self.headers["X-Signature"], body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (http.server's name)
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/receipts"
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def said(self) -> list[tuple[str, str]]:
        return [(told["idempotency_key"], told["status"]) for told in (json.loads(body) for _, body in self)]


@pytest.fixture
def callbacks() -> Iterator[Callbacks]:
    came = Callbacks()
    yield came
    came.server.shutdown()
    came.server.server_close()


def sms(key: str) -> Sms:
    return Sms("+8613800138000", "", "contact_code", {"code": "123456"}, "123456", "en", key)


def send(carrier: Carrier, key: str) -> str:
    """The id, or how the portal's own gateway names the failure."""
    with HttpGateway(carrier.url) as gateway:
        try:
            return gateway.send(sms(key))
        except (GatewayUnavailable, GatewayRefused) as failure:
            return str(failure)


def waited(carrier: Carrier) -> None:
    end = time.monotonic() + 60
    while carrier.receipts_waiting() and time.monotonic() < end:
        time.sleep(0.02)


def test_a_key_that_comes_again_gets_its_id_again_and_is_a_duplicate() -> None:
    with Carrier() as carrier:
        assert send(carrier, "a") == send(carrier, "a") == "carrier-1"
        assert send(carrier, "b") == "carrier-2"
    assert [(call.key, call.number, call.again) for call in carrier.ledger.taken()] == [
        ("a", 1, False),
        ("a", 2, True),
        ("b", 1, False),
    ]


def test_the_same_seed_does_the_same_whoever_comes_first() -> None:
    def outcomes(conduct: Conduct, keys: list[str]) -> dict[tuple[str, int], str]:
        with Carrier(conduct) as carrier:
            for key in keys:
                carrier.answer({"idempotency_key": key})
                carrier.answer({"idempotency_key": key})
        return {(call.key, call.number): call.outcome for call in carrier.ledger.calls()}

    first = outcomes(BAD, KEYS)
    assert first == outcomes(BAD, KEYS[::-1])
    assert first != outcomes(Conduct.read("seed=8 refused=0.05 throttled=0.1 broken=0.1 cut=0.1"), KEYS)
    told = [BAD.receipts(key) for key in KEYS]
    assert told == [BAD.receipts(key) for key in KEYS]


def test_shares_are_about_what_was_asked_for() -> None:
    seen = Counter(BAD.outcome(key, 1) for key in KEYS)
    assert 8 <= seen["refused"] <= 40
    for outcome in ("429", "500", "cut"):
        assert 20 <= seen[outcome] <= 65, outcome
    assert 50 <= sum(BAD.is_lost(key) for key in KEYS) <= 110
    assert 20 <= sum(not BAD.receipts(key) for key in KEYS) <= 60


def test_a_refused_key_is_refused_for_good_and_a_throttled_call_may_be_tried_again() -> None:
    refused = next(key for key in KEYS if BAD.outcome(key, 1) == "refused")
    assert {BAD.outcome(refused, call) for call in range(1, 20)} == {"refused"}
    throttled = next(key for key in KEYS if BAD.outcome(key, 1) == "429")
    assert "taken" in {BAD.outcome(throttled, call) for call in range(2, 20)}
    with Carrier(BAD) as carrier:
        assert send(carrier, refused) == "http 400 refused"
        assert send(carrier, throttled) == "http 429"


@pytest.mark.parametrize(
    ("trouble", "failure"),
    [("429", "http 429"), ("500", "http 500"), ("close", "connection closed without an answer")],
)
def test_during_an_outage_it_fails_as_told_and_afterwards_it_serves(trouble: Trouble, failure: str) -> None:
    with Carrier() as carrier:
        with carrier.outage(trouble):
            assert send(carrier, "a") == failure
        assert send(carrier, "a") == "carrier-1"
    assert len(carrier.ledger.taken()) == (2 if trouble == "close" else 1), "taken, though not answered"


def test_a_closed_door_refuses_connections_new_and_kept() -> None:
    with Carrier() as carrier, HttpGateway(carrier.url) as gateway:
        assert gateway.send(sms("a")) == "carrier-1"
        with carrier.outage("refuse"), pytest.raises(GatewayUnavailable, match="cannot connect"):
            gateway.send(sms("b"))
        assert gateway.send(sms("b")) == "carrier-2"


def test_one_that_hangs_is_silent_until_its_outage_is_over() -> None:
    failures: list[Exception] = []

    def ask() -> None:
        try:
            asking = http.client.HTTPConnection("127.0.0.1", carrier.port, timeout=60)
            asking.request("POST", "/", b"{}")
            asking.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError) as failure:
            failures.append(failure)

    with Carrier(Conduct(outages=(Outage(0, 3600, "hang"),))) as carrier:
        while carrier.trouble is None:
            time.sleep(0.01)
        asker = Thread(target=ask)
        asker.start()
        asker.join(0.3)
        assert asker.is_alive()
        carrier.end_trouble()
        asker.join()
        assert len(failures) == 1
        assert send(carrier, "a") == "carrier-1"


def test_each_message_that_arrives_arrives_once_and_lost_ones_never() -> None:
    phone: list[str] = []
    with Carrier(BAD, delivered=lambda body: phone.append(body["idempotency_key"])) as carrier:
        for key in KEYS * 2:
            carrier.answer({"idempotency_key": key})
    taken = {call.key for call in carrier.ledger.taken()}
    assert sorted(phone) == sorted(key for key in taken if not BAD.is_lost(key))
    assert len(taken) - len(phone) > 40


def test_receipts_are_signed_and_tell_what_became_of_it(callbacks: Callbacks) -> None:
    conduct = Conduct(seed=7, loss=0.5, receipt_after=0.1)
    with Carrier(conduct, receipts_url=callbacks.url, secret="not told to anybody") as carrier:
        for key in KEYS[:20]:
            send(carrier, key)
        waited(carrier)
    for signature, body in callbacks:
        assert signature == hmac.new(b"not told to anybody", body, hashlib.sha256).hexdigest()
    ends = {key: "undelivered" if conduct.is_lost(key) else "delivered" for key in KEYS[:20]}
    assert {key: status for key, status in callbacks.said() if status != "sent"} == ends
    assert set(ends.values()) == {"delivered", "undelivered"}
    assert {receipt.answer for receipt in carrier.ledger.receipts()} == {204}


def test_receipts_come_twice_and_in_the_wrong_order_when_told(callbacks: Callbacks) -> None:
    conduct = Conduct(doubled=1, disordered=1, receipt_after=0.1)
    with Carrier(conduct, receipts_url=callbacks.url) as carrier:
        send(carrier, "a")
        waited(carrier)
    assert [status for _, status in callbacks.said()] == ["delivered", "sent", "delivered", "sent"]
    moments = [json.loads(body)["at"] for _, body in callbacks]
    assert moments[0] > moments[1], "the moments tell the true order"


def test_asked_about_a_message_it_says_what_its_receipts_say() -> None:
    conduct = Conduct(seed=7, loss=0.5, receipt_after=0.0)
    with Carrier(conduct) as carrier:
        ids = {key: send(carrier, key) for key in KEYS[:20]}
        for key, known in ids.items():
            with urllib.request.urlopen(f"{carrier.url}/{known}") as answer:
                told = json.load(answer)
            assert told["status"] == ("undelivered" if conduct.is_lost(key) else "delivered")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{carrier.url}/carrier-999")


@pytest.mark.parametrize(
    "words", ["loss=much", "tea=1", "outage=5", "outage=9-5:close", "outage=1-2:sulk", "outages=1"]
)
def test_words_that_are_not_understood_are_refused_by_name(words: str) -> None:
    with pytest.raises(Unclear, match=words.split("=")[0]):
        Conduct.read(f"seed=1 {words}")


def test_as_a_program_it_prints_its_address_and_shows_its_ledger() -> None:
    command = [sys.executable, "-m", "demo.carrier", "--port", "0", "--seed", "7", "outage=100-200:refuse"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            url = program.stdout.readline().strip().removeprefix("SMS_URL=")
            with HttpGateway(url) as gateway:
                gateway.send(sms("a"))
            with urllib.request.urlopen(f"{url}/ledger") as answer:
                ledger = json.load(answer)
        finally:
            program.kill()
    assert ledger["messages"] == 1 and ledger["outcomes"] == {"taken": 1}
    assert ledger["calls"][0]["key"] == "a"
