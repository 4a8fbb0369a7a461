"""What holds for each gateway alike: waiting ends, a kept connection may end, and nothing secret is written down."""

import contextlib
import logging
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from messaging.gateways import exchange
from messaging.gateways.chosen import gateway_at
from messaging.gateways.gateway import Gateway, GatewayFailure, GatewayUnavailable, Sms
from messaging.tests.raw_server import answer, server
from messaging.tests.secrets import PHONE

FORMS = {
    "http": "http://user:hunter2@{host}/send",
    "aliyun": "aliyun://user:hunter2@{host}/?tls=0",
    "tencent": "tencent://user:hunter2@{host}/?app=1&tls=0",
    "twilio": "twilio://user:hunter2@{host}/?from=Campus&tls=0",
}
TAKEN = {
    "http": b'{"id": "x1"}',
    "aliyun": b'{"Code": "OK", "BizId": "x1"}',
    "tencent": b'{"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "x1"}]}}',
    "twilio": b'{"sid": "x1"}',
}
REFUSED = {
    "http": answer(f"{PHONE} 048392".encode(), "400 No"),
    "aliyun": answer(f'{{"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "{PHONE} 048392"}}'.encode(), "400 No"),
    "tencent": answer(
        b'{"Response": {"Error": {"Code": "InvalidParameterValue.IncorrectPhoneNumber", "Message": "+8613800138000"}}}'
    ),
    "twilio": answer(f'{{"code": 21211, "message": "{PHONE} 048392"}}'.encode(), "400 No"),
}
SMS = Sms(PHONE, "校园卡", "contact_code", {"code": "048392"}, "048392 is it", "en", "key-1", template_id="1")

each = pytest.mark.parametrize("kind", FORMS)


def at(kind: str, url: str) -> Gateway[Any]:
    return gateway_at(FORMS[kind].format(host=urlsplit(url).netloc), kind)


def silent(wire: socket.socket) -> None:
    """Keep the connection and say nothing."""
    wire.settimeout(5)
    wire.recv(1)


def dripping(kind: str) -> Callable[[socket.socket], None]:
    """The right answer, one byte at a time."""

    def drip(wire: socket.socket) -> None:
        for byte in answer(TAKEN[kind] + b" " * 200):
            wire.sendall(bytes([byte]))
            time.sleep(0.05)

    return drip


@each
def test_silence_and_drops_end(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "SOCKET_SECONDS", 0.2)
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", 0.4)
    for behaviour in (silent, dripping(kind)):
        start = time.monotonic()
        with server(behaviour) as (url, _came), at(kind, url) as gateway, pytest.raises(GatewayUnavailable):
            gateway.send(SMS)
        assert 0.1 < time.monotonic() - start < 3.5


@each
def test_a_connection_that_ended_meanwhile_costs_no_try(kind: str) -> None:
    with server(answer(TAKEN[kind]), answer(TAKEN[kind])) as (url, came), at(kind, url) as gateway:
        assert [gateway.send(SMS), gateway.send(SMS)] == ["x1", "x1"]
    assert len(came) == 2


@each
def test_a_redirect_is_followed_by_nobody(kind: str) -> None:
    with server(answer(TAKEN[kind])) as (target, came):
        reply = answer(TAKEN[kind], "307 Elsewhere", f"Location: {target}\r\n")
        with server(reply) as (url, _came), at(kind, url) as gateway, contextlib.suppress(GatewayFailure):
            gateway.send(SMS)
        assert came == []


@each
def test_an_answer_that_never_ends_is_not_read_to_its_end(kind: str) -> None:
    endless = answer(b" " * 10_000_000 + TAKEN[kind])
    with server(endless) as (url, _came), at(kind, url) as gateway, pytest.raises(GatewayUnavailable):
        gateway.send(SMS)


@each
def test_neither_number_nor_code_nor_key_is_logged_or_told(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    told = ""
    with caplog.at_level(logging.DEBUG):
        for reply in (answer(TAKEN[kind]), REFUSED[kind], answer(b"{"), b""):
            with server(reply) as (url, _came), at(kind, url) as gateway:
                try:
                    gateway.send(SMS)
                except GatewayFailure as failure:
                    told += repr(failure)
    assert told.count("Gateway") >= 2
    for secret in ("048392", "13800138000", "hunter2"):
        assert secret not in caplog.text and secret not in told
