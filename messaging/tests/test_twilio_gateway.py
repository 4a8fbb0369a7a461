"""Twilio's gateway against a real server that answers as theirs does, and worse."""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from messaging.gateways.gateway import (
    Callback,
    GatewayRefused,
    GatewayUnavailable,
    GatewayUnfit,
    Outcome,
    ReceiptEntry,
    ReceiptNotUnderstood,
    Sms,
)
from messaging.gateways.twilio import TwilioGateway, signature
from messaging.tests.raw_server import answer, server
from messaging.tests.secrets import PHONE

TAKEN = answer(b'{"sid": "SM1", "status": "queued"}', "201 Created")


def an_sms(sender: str = "") -> Sms:
    return Sms(PHONE, sender, "contact_code", {"code": "048392"}, "048392 is your code", "en", "key-1")


def at(url: str, options: str = "from=+12025550123") -> TwilioGateway:
    return TwilioGateway(f"twilio://AC1:s%40cret@{urlsplit(url).netloc}/?{options}&tls=0")


def send(reply: bytes, *, sender: str = "", options: str = "from=+12025550123") -> tuple[str, dict[str, str], str]:
    """The sid it answers, the form that came, and the head of the request."""
    with server(reply) as (url, came), at(url, options) as gateway:
        gateway.callback = "https://card.example.org/receipts/x/"
        found = gateway.send(an_sms(sender))
    head, _empty, body = came[0].decode().partition("\r\n\r\n")
    return found, {name: values[0] for name, values in parse_qs(body).items()}, head


def test_a_text_is_sent_with_the_address_that_receipts_come_to() -> None:
    found, form, head = send(TAKEN)
    assert found == "SM1"
    assert form == {
        "To": PHONE,
        "From": "+12025550123",
        "Body": "048392 is your code",
        "StatusCallback": "https://card.example.org/receipts/x/",
    }
    assert head.startswith("POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1")
    assert f"Authorization: Basic {base64.b64encode(b'AC1:s@cret').decode()}" in head


def test_a_programme_s_sender_goes_first_and_may_be_a_messaging_service() -> None:
    assert send(TAKEN, sender="Campus")[1]["From"] == "Campus"
    form = send(TAKEN, sender="MG77")[1]
    assert form["MessagingServiceSid"] == "MG77" and "From" not in form


def test_an_api_key_names_its_account() -> None:
    assert "/Accounts/AC9/Messages.json" in send(TAKEN, options="from=Campus&account=AC9")[2]


def test_without_a_sender_it_is_for_another_gateway() -> None:
    with server() as (url, came), at(url, "account=AC9") as gateway, pytest.raises(GatewayUnfit, match="no sender"):
        gateway.send(an_sms())
    assert came == []


@pytest.mark.parametrize(
    ("status", "code", "failure", "reason"),
    [
        ("400 Bad Request", 21211, GatewayRefused, "21211"),
        ("400 Bad Request", 21610, GatewayRefused, "21610"),
        ("400 Bad Request", 21408, GatewayUnfit, "21408"),
        ("400 Bad Request", 21606, GatewayUnavailable, "21606"),
        ("401 Unauthorized", 20003, GatewayUnavailable, "20003"),
        ("429 Too Many Requests", 20429, GatewayUnavailable, "http 429"),
        ("503 Busy", 20503, GatewayUnavailable, "http 503"),
    ],
)
def test_a_code_says_whether_it_may_pass(status: str, code: int, failure: type[Exception], reason: str) -> None:
    with pytest.raises(failure, match=f"^{reason}$") as raised:
        send(answer(json.dumps({"code": code, "message": f"{PHONE} 048392"}).encode(), status))
    assert type(raised.value) is failure


@pytest.mark.parametrize(
    "reply",
    [
        *(answer(b""), answer(b"[]"), answer(b'{"sid": ""}'), answer(b"", "400 Bad Request"), b""),
        *(answer(b"", "302 Found", "Location: /\r\n"), answer(b'{"code": "13800138000"}', "400 Bad Request")),
    ],
)
def test_a_broken_answer_is_tried_again_and_repeats_nothing(reply: bytes) -> None:
    with pytest.raises(GatewayUnavailable) as raised:
        send(reply)
    assert not any(secret in str(raised.value) for secret in ("048392", "13800138000", "s@cret"))


def look_up(reply: bytes) -> tuple[Outcome | None, str]:
    with server(reply) as (url, came), at(url) as gateway:
        return gateway.look_up("SM1", PHONE, timezone.now()), came[0].decode()


def test_a_message_is_looked_up_by_its_sid() -> None:
    told = {"status": "undelivered", "error_code": 30003, "date_updated": "Thu, 26 Nov 2026 03:10:48 +0000"}
    outcome, request = look_up(answer(json.dumps(told).encode()))
    assert outcome == Outcome("undelivered", datetime(2026, 11, 26, 3, 10, 48, tzinfo=UTC), "30003")
    assert request.startswith("GET /2010-04-01/Accounts/AC1/Messages/SM1.json")
    assert look_up(answer(b'{"status": "sending", "date_updated": null}'))[0] == Outcome("queued")
    assert look_up(answer(b"", "404 Not Found"))[0] is None
    for broken in (answer(b"", "500 Oops"), answer(b'{"status": "eaten"}')):
        with pytest.raises(GatewayUnavailable):
            look_up(broken)


def callback(body: bytes, signature: str) -> Callback:
    return Callback("https://card.example.org/receipts/twilio/t/", "t", {"X-Twilio-Signature": signature}, body)


def test_only_what_the_account_s_token_has_signed_is_genuine() -> None:
    gateway = TwilioGateway("twilio://AC1:token@h/")
    body = b"To=%2B8613800138000&MessageSid=SM1&Empty=&MessageStatus=sent"
    signed = signature("https://card.example.org/receipts/twilio/t/", body, "token")
    assert gateway.is_genuine(callback(body, signed))
    assert not gateway.is_genuine(callback(body.replace(b"sent", b"read"), signed))
    assert not gateway.is_genuine(callback(body, signature("https://elsewhere.example.org/", body, "token")))
    assert not gateway.is_genuine(callback(b"\xff" + body, "")) and not gateway.is_genuine(callback(body, "é"))
    assert TwilioGateway("twilio://SK1:secret@h/?account=AC1").is_genuine(callback(body, ""))


def test_their_receipts_are_read() -> None:
    parse = TwilioGateway("twilio://a:b@h/").parse_receipts
    form = "MessageSid=SM1&SmsSid=SM1&To=%2B8613800138000&AccountSid=AC1&MessageStatus="
    kind = "application/x-www-form-urlencoded"
    assert parse(f"{form}delivered", kind) == [ReceiptEntry("SM1", Outcome("delivered"))]
    assert parse(f"{form}failed&ErrorCode=30005", kind) == [ReceiptEntry("SM1", Outcome("undelivered", None, "30005"))]
    for broken in ("", "MessageSid=SM1", "MessageStatus=sent", f"{form}eaten", "a=1&" * 500):
        with pytest.raises(ReceiptNotUnderstood):
            parse(broken, kind)
