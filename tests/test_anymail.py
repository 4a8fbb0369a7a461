"""Email through a provider's API: a real server stands for Postmark, and answers as theirs does, and worse."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

from messaging.checks import email_url_sends
from messaging.gateways.anymail import AnymailGateway
from messaging.gateways.chosen import email_gateway, gateway_named
from messaging.gateways.gateway import (
    Callback,
    GatewayRefused,
    GatewayUnavailable,
    Mail,
    Outcome,
    ReceiptEntry,
    ReceiptNotUnderstood,
)
from messaging.tests.raw_server import answer, server
from messaging.tests.secrets import EMAIL
from portal import env

MAIL = Mail(EMAIL, "Campus <card@example.org>", "Your code", "7391 0264 8853", "en", "key-1")
TAKEN = json.dumps({"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc-1", "To": EMAIL, "SubmittedAt": "2026"})
INACTIVE = json.dumps({"ErrorCode": 406, "Message": f"Found inactive addresses: {EMAIL}. Inactive recipients are."})
JSON = "Content-Type: application/json\r\n"

Use = Callable[..., None]


@pytest.fixture
def use(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Use:
    """Let EMAIL_URL be this."""

    def url(typed: str) -> None:
        monkeypatch.setenv("EMAIL_URL", typed)
        for name, value in env.email("EMAIL_URL", "").items():
            setattr(settings, name, value)

    return url


def send(use: Use, reply: bytes) -> tuple[str, dict[str, Any], str]:
    """The id it answers, the JSON that came, and the head of the request."""
    with server(reply) as (url, came):
        use(f"anymail+postmark:?server_token=hunter2&api_url=http://{urlsplit(url).netloc}/")
        with email_gateway() as gateway:
            assert gateway.name == "postmark"
            found = gateway.send(MAIL)
    head, _empty, body = came[0].decode().partition("\r\n\r\n")
    return found, json.loads(body), head


def test_a_mail_goes_to_the_provider_with_our_key(use: Use) -> None:
    found, body, head = send(use, answer(TAKEN.encode(), more=JSON))
    assert found == "b7bc-1"
    assert (body["To"], body["Subject"], body["TextBody"]) == (EMAIL, "Your code", "7391 0264 8853")
    assert body["Metadata"] == {"key": "key-1"}
    assert head.startswith("POST /email ") and "X-Postmark-Server-Token: hunter2" in head


@pytest.mark.parametrize(
    ("reply", "failure", "reason"),
    [
        (answer(INACTIVE.encode(), "422 No", JSON), GatewayRefused, "recipient refused"),
        (answer(b'{"ErrorCode": 300}', "422 No", JSON), GatewayRefused, "http 422"),
        (answer(b"{}", "401 Who", JSON), GatewayUnavailable, "http 401"),
        (answer(b"{}", "429 Slowly", JSON), GatewayUnavailable, "http 429"),
        (answer(b"{}", "503 Busy", JSON), GatewayUnavailable, "http 503"),
        (answer(b"<html>"), GatewayUnavailable, ""),
        (b"", GatewayUnavailable, "AnymailRequestsAPIError"),
    ],
)
def test_an_answer_says_whether_it_may_pass_and_is_not_repeated(
    reply: bytes, failure: type[Exception], reason: str, use: Use
) -> None:
    with pytest.raises(failure) as raised:
        send(use, reply)
    assert str(raised.value) == reason or not reason
    assert not any(secret in str(raised.value) for secret in (EMAIL, "7391", "hunter2"))


def test_nobody_at_the_address_is_tried_again(use: Use) -> None:
    with server() as (url, _came):
        pass
    use(f"anymail+postmark:?server_token=hunter2&api_url=http://{urlsplit(url).netloc}/")
    with email_gateway() as gateway, pytest.raises(GatewayUnavailable):
        gateway.send(MAIL)


def receipt(kind: str, **more: object) -> str:
    return json.dumps({"RecordType": kind, "MessageID": "b7bc-1", "Metadata": {"key": "key-1"}, **more})


def test_its_receipts_are_read(use: Use) -> None:
    use("anymail+postmark:?server_token=hunter2")
    parse = gateway_named("postmark").parse_receipts
    delivered = receipt("Delivery", Recipient=EMAIL, DeliveredAt="2026-11-26T03:10:48Z")
    at = datetime(2026, 11, 26, 3, 10, 48, tzinfo=UTC)
    assert parse(delivered, "application/json") == [ReceiptEntry("b7bc-1", Outcome("delivered", at), "key-1")]
    bounced = receipt("Bounce", Type="HardBounce", Email=EMAIL, BouncedAt="2026-11-26T03:10:48Z")
    assert parse(bounced, "application/json") == [
        ReceiptEntry("b7bc-1", Outcome("undelivered", at, "bounced"), "key-1")
    ]
    assert parse(receipt("Open", Recipient=EMAIL, ReceivedAt="2026-11-26T03:10:48Z"), "application/json") == []
    for broken in ("", "[]", "<html>"):
        with pytest.raises(ReceiptNotUnderstood) as raised:
            parse(broken, "application/json")
        assert EMAIL not in str(raised.value)


def test_with_a_secret_only_who_shows_it_is_genuine(use: Use) -> None:
    def genuine(**headers: str) -> bool:
        gateway = gateway_named("postmark")
        return gateway.is_genuine(Callback("https://card.example.org/r/", "t", headers, receipt("Open").encode()))

    use("anymail+postmark:?server_token=hunter2")
    assert genuine(), "nobody but the provider knows the address"
    use("anymail+postmark:?server_token=hunter2&webhook_secret=user:secret")
    shown = {who: "Basic " + base64.b64encode(who.encode()).decode() for who in ("user:secret", "user:guess")}
    assert genuine(Authorization=shown["user:secret"])
    assert not genuine(Authorization=shown["user:guess"]) and not genuine()


@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")
@pytest.mark.parametrize(
    "provider", ["brevo", "mailersend", "mailgun", "mailjet", "mandrill", "postal", "resend", "sendgrid", "sparkpost"]
)
def test_other_providers_have_their_reader_of_receipts_too(provider: str, use: Use) -> None:
    options = "api_key=a&secret_key=b&api_token=c&api_url=https://a.example.org&webhook_key=k&webhook_secret=u:p"
    keys = "&signing_secret=whsec_c2VjcmV0&webhook_signing_key=k&tracking_webhook_secret=whsec_c2VjcmV0&signing_key=k"
    use(f"anymail+{provider}:?{options}{keys}")
    assert isinstance(email_gateway(), AnymailGateway) and email_gateway().name == provider
    with pytest.raises(ReceiptNotUnderstood):
        email_gateway().parse_receipts("nonsense", "text/plain")


def test_a_provider_that_cannot_be_used_is_refused_by_the_check(use: Use, settings: Settings) -> None:
    for typed in ("anymail+pigeon:?api_key=hunter2", "anymail+postmark:?token=hunter2"):
        use(typed)
        (error,) = email_url_sends()
        assert error.id == "messaging.E006" and "hunter2" not in f"{error.msg}{error.hint}"
    settings.MODE = "production"
    use("anymail+postmark:?server_token=hunter2&api_url=http://mail.example.com/")
    assert [error.id for error in email_url_sends()] == ["messaging.E005"]
    use("anymail+postmark:?server_token=hunter2")
    assert email_url_sends() == []


@pytest.mark.parametrize(
    "typed", ["anymail+", "anymail+postmark", "anymail+postmark://hunter2@host/", "anymail+postmark:?A=hunter2"]
)
def test_what_cannot_be_meant_is_refused_without_repeating_it(typed: str, use: Use) -> None:
    with pytest.raises(env.Unreadable, match=r"^EMAIL_URL cannot be read\. Write") as refusal:
        use(typed)
    assert "hunter2" not in str(refusal.value)
