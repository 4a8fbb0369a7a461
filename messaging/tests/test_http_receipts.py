"""Receipts of the small HTTP protocol: what each says, and what is no receipt."""

import json
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from messaging.gateways.gateway import GatewayUnavailable, Outcome, ReceiptEntry, ReceiptNotUnderstood
from messaging.gateways.http import HttpGateway
from messaging.tests.raw_server import answer, server
from messaging.tests.secrets import PHONE


def parse(body: str) -> list[ReceiptEntry]:
    return HttpGateway("http://127.0.0.1:1/").parse_receipts(body, "application/json")


def test_one_receipt_says_what_became_of_one_message() -> None:
    told = {"id": "x1", "idempotency_key": "k1", "status": "undelivered", "reason": "ABSENT"}
    body = json.dumps(told | {"at": "2026-11-26T11:02:03+08:00"})
    outcome = Outcome("undelivered", datetime(2026, 11, 26, 3, 2, 3, tzinfo=UTC), "ABSENT")
    assert parse(body) == [ReceiptEntry("x1", outcome, "k1")]


def test_several_come_in_a_list_and_say_no_more_than_they_know() -> None:
    body = '[{"id": 7, "status": "delivered"}, {"id": "y", "status": "sent", "at": "soon"}]'
    assert parse(body) == [ReceiptEntry("7", Outcome("delivered")), ReceiptEntry("y", Outcome("sent"))]
    assert parse("[]") == []


@pytest.mark.parametrize(
    "body",
    [
        *("", "null", "7", "[7]", "<html>", "[" * 60_000, "{}", '{"id": "x"}', '{"status": "sent"}'),
        *('{"id": "x", "status": "eaten"}', '{"id": true, "status": "sent"}', '{"id": {}, "status": "sent"}'),
    ],
)
def test_what_is_no_receipt_is_refused(body: str) -> None:
    with pytest.raises(ReceiptNotUnderstood):
        parse(body)


def test_a_reason_that_could_name_a_person_is_not_kept() -> None:
    (entry,) = parse('{"id": "x", "status": "undelivered", "reason": "13800138000 absent"}')
    assert entry.outcome.reason == ""


def asked(reply: bytes) -> tuple[Outcome | None, bytes]:
    """What the gateway makes of this answer about a message, and what it asked."""
    with server(reply) as (url, came), HttpGateway(f"{url}?key=1") as gateway:
        found = gateway.look_up("a/b", PHONE, timezone.now())
    return found, came[0]


def test_a_message_is_looked_up_under_its_id() -> None:
    found, request = asked(answer(b'{"status": "delivered", "at": "2026-11-26T11:02:03Z"}'))
    assert found == Outcome("delivered", datetime(2026, 11, 26, 11, 2, 3, tzinfo=UTC))
    assert request.startswith(b"GET /sms/a%2Fb?key=1 HTTP/1.1\r\n")
    assert PHONE.encode() not in request


def test_a_message_that_the_gateway_does_not_know_has_no_outcome() -> None:
    assert asked(answer(b"", "404 Not Found"))[0] is None


@pytest.mark.parametrize(
    "reply", [answer(b"", "500 Oops"), answer(b"", "401 Who"), answer(b"{}"), answer(b'{"status": "eaten"}'), b""]
)
def test_a_broken_answer_about_a_message_is_asked_for_again(reply: bytes) -> None:
    with pytest.raises(GatewayUnavailable):
        asked(reply)
