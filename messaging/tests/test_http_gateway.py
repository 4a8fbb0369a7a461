"""The HTTP gateway against a real server that answers well, badly, slowly, in drops, or not at all."""

import base64
import contextlib
import socket
import ssl
import threading
import time

import pytest

from messaging.gateways import exchange
from messaging.gateways.gateway import ConnectionLost, GatewayRefused, GatewayUnavailable, Sms
from messaging.gateways.http import HttpGateway
from messaging.tests.raw_server import answer, server
from messaging.tests.secrets import PHONE
from tests.services.sms import SmsGateway

OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"id":"x1"}'


def an_sms(key: str = "key-1") -> Sms:
    return Sms(PHONE, "", "contact_code", {"code": "048392"}, "048392 is your code", "en", key)


def drip(wire: socket.socket) -> None:
    """One byte at a time, so that no single read ever times out."""
    for byte in OK * 100:
        wire.sendall(bytes([byte]))
        time.sleep(0.05)


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests wait tenths instead of seconds."""
    monkeypatch.setattr(exchange, "SOCKET_SECONDS", 0.3)
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", 0.6)


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_4xx_is_refused_for_good(status: int, sms_gateway: SmsGateway) -> None:
    sms_gateway.behaviour = status
    with HttpGateway(sms_gateway.url) as gateway, pytest.raises(GatewayRefused, match=f"^http {status}$"):
        gateway.send(an_sms())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"reason": "sender not approved"}', "http 422 sender not approved"),
        (b'{"error": "template 17 unknown"}', "http 422 template 17 unknown"),
        ('{"message": "签名未报备"}'.encode(), "http 422 签名未报备"),
        (b"sender not approved", "http 422 sender not approved"),
        (b'{"reason": "048392 is your code"}', "http 422"),
        (b"bad number +8613800138000", "http 422"),
        (b'{"error": "no mailbox z@example.com"}', "http 422"),
        (b"<html>sorry</html>", "http 422"),
        (b"word " * 30, "http 422"),
        (b"\xff\x00\n", "http 422 \ufffd"),
        (b'["sender"]', "http 422"),
        (b"", "http 422"),
    ],
)
def test_short_words_of_a_refusal_are_kept_where_they_cannot_be_about_a_person(body: bytes, words: str) -> None:
    with (
        server(answer(body, "422 No")) as (address, _came),
        HttpGateway(address) as gateway,
        pytest.raises(GatewayRefused) as refusal,
    ):
        gateway.send(an_sms())
    assert str(refusal.value) == words


@pytest.mark.parametrize("status", [401, 403, 407, 408, 429, 500, 502, 503])
def test_what_may_pass_is_tried_again(status: int, sms_gateway: SmsGateway) -> None:
    sms_gateway.behaviour = status
    with HttpGateway(sms_gateway.url) as gateway, pytest.raises(GatewayUnavailable, match=f"^http {status}$"):
        gateway.send(an_sms())


@pytest.mark.parametrize(
    "reply",
    [
        answer(b""),
        answer(b"<html>"),
        answer(b"[]"),
        answer(b"null"),
        answer(b"{}"),
        answer(b'{"id": ""}'),
        answer(b'{"id": null}'),
        answer(b'{"id": true}'),
        answer(b'{"id": {"a": 1}}'),
        answer(b"\xff\xfe\x00"),
        answer(b"[" * 60_000),
        answer(b'{"id": "' + b"a" * 100_000),
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"",
    ],
)
def test_a_broken_answer_is_tried_again(reply: bytes) -> None:
    with server(reply) as (url, _came), HttpGateway(url) as gateway, pytest.raises(GatewayUnavailable):
        gateway.send(an_sms())


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_a_redirect_is_not_followed_because_the_post_holds_a_code(status: str) -> None:
    with server(OK) as (target, came):
        reply = answer(b'{"id":"x1"}', status, f"Location: {target}\r\n")
        with server(reply) as (url, _came), HttpGateway(url) as gateway, pytest.raises(GatewayUnavailable):
            gateway.send(an_sms())
        assert came == []


def test_an_id_is_kept_without_letters_that_no_database_keeps() -> None:
    with server(answer(b'{"id": "x\\u00001\\ud800"}')) as (url, _came), HttpGateway(url) as gateway:
        assert gateway.send(an_sms()) == "x1"


@pytest.mark.parametrize("identifier", [b'"x1"', b"7", b'"\\u77ed"'])
def test_any_2xx_with_an_id_is_sent(identifier: bytes) -> None:
    for status in ("200 OK", "201 Created", "202 Accepted"):
        with server(answer(b'{"id": ' + identifier + b"}", status)) as (url, _came), HttpGateway(url) as gateway:
            assert gateway.send(an_sms()) in {"x1", "7", "短"}


def test_silence_ends_after_the_socket_s_timeout(sms_gateway: SmsGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    sms_gateway.behaviour = "hang"
    start = time.monotonic()
    with HttpGateway(sms_gateway.url) as gateway, pytest.raises(GatewayUnavailable, match="no answer in time"):
        gateway.send(an_sms())
    assert time.monotonic() - start < 3
    sms_gateway.release()


def test_an_answer_that_drips_in_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", 0.6)
    start = time.monotonic()
    with server(drip) as (url, _came), HttpGateway(url) as gateway, pytest.raises(GatewayUnavailable):
        gateway.send(an_sms())
    assert 0.5 < time.monotonic() - start < 3.5


def test_without_the_cut_off_the_drip_would_hold_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", 60.0)
    start = time.monotonic()
    with server(drip) as (url, _came), HttpGateway(url) as gateway, contextlib.suppress(GatewayUnavailable):
        gateway.send(an_sms())
    assert time.monotonic() - start > 3.5


def test_a_kept_connection_that_was_closed_meanwhile_costs_no_try() -> None:
    with server(OK, OK) as (url, came), HttpGateway(url) as gateway:
        gateway.send(an_sms("key-1"))
        assert gateway.send(an_sms("key-2")) == "x1"
        assert len(came) == 2


def test_a_first_connection_that_is_closed_is_not_tried_twice() -> None:
    with server(b"", OK) as (url, came), HttpGateway(url) as gateway:
        with pytest.raises(ConnectionLost):
            gateway.send(an_sms())
        assert len(came) == 1


def test_nobody_at_the_address_is_tried_again() -> None:
    with server() as (url, _came):
        pass
    with HttpGateway(url) as gateway, pytest.raises(GatewayUnavailable, match="cannot connect"):
        gateway.send(an_sms())


def test_user_and_password_of_the_address_are_sent_as_basic_authentication(sms_gateway: SmsGateway) -> None:
    url = sms_gateway.url.replace("://", "://us%40er:pass%3Aword@")
    with HttpGateway(url) as gateway:
        gateway.send(an_sms())
    sent = sms_gateway.all()[0].headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent) == b"us@er:pass:word"


def test_a_server_that_cannot_prove_its_name_gets_nothing(self_signed: tuple[str, str]) -> None:
    came: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        wire, _address = listener.accept()
        with contextlib.suppress(OSError), context.wrap_socket(wire, server_side=True) as secured:
            came.append(secured.recv(65536))
            secured.sendall(OK)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    url = f"https://localhost:{listener.getsockname()[1]}/sms"
    with HttpGateway(url) as gateway, pytest.raises(GatewayUnavailable, match="SSLCertVerificationError"):
        gateway.send(an_sms())
    thread.join(5)
    listener.close()
    assert came == []


def test_no_failure_names_what_was_sent(sms_gateway: SmsGateway) -> None:
    for behaviour in (400, 500, "close", "garbage"):
        sms_gateway.behaviour = behaviour
        with HttpGateway(sms_gateway.url) as gateway, pytest.raises(Exception) as failure:
            gateway.send(an_sms())
        assert not {"048392", PHONE} & set(str(failure.value).split()), behaviour
