"""The SMPP gateway against a real carrier over TCP that takes, refuses, throttles, asks, ends and hangs."""

import contextlib
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator

import pytest
from smpplib.client import Client

from messaging.gateways import smpp
from messaging.gateways.gateway import ConnectionLost, GatewayRefused, GatewayUnavailable, GatewayUnfit, Sms
from messaging.gateways.smpp import SmppGateway
from messaging.tests.secrets import PHONE
from tests.services.smpp import Behaviour, SmppCarrier


@pytest.fixture
def carrier() -> Iterator[SmppCarrier]:
    with SmppCarrier() as running:
        yield running


def an_sms(text: str = "048392 is your code", sender: str = "") -> Sms:
    return Sms(PHONE, sender, "contact_code", {"code": "048392"}, text, "en", "key-1")


def at(carrier: SmppCarrier, options: str = "from=CampusCard", login: str = "user:password") -> SmppGateway:
    return SmppGateway(f"smpp://{login}@127.0.0.1:{carrier.port}/?{options}")


def test_a_batch_goes_through_one_bind(carrier: SmppCarrier) -> None:
    with at(carrier, "from=CampusCard&system_type=VMA") as gateway:
        assert [gateway.send(an_sms()), gateway.send(an_sms())] == ["smpp-1", "smpp-2"]
    first, second = carrier.all()
    assert carrier.binds == [("user", "VMA")] and first.session == second.session == 1
    assert first.text() == "048392 is your code" and first.data_coding == 0 and first.esm_class == 0
    assert first.destination == (1, 1, PHONE[1:]) and first.source == (5, 0, "CampusCard")


@pytest.mark.parametrize(
    ("sender", "source"),
    [
        ("+12025550123", (1, 1, "12025550123")),
        ("12345", (3, 0, "12345")),
        ("校园", (5, 0, "CampusCard")),
        ("", (5, 0, "CampusCard")),
    ],
)
def test_the_sender_says_what_it_is(sender: str, source: tuple[int, int, str], carrier: SmppCarrier) -> None:
    with at(carrier) as gateway:
        gateway.send(an_sms(sender=sender))
    assert carrier.all()[0].source == source


def test_chinese_goes_out_as_ucs_2(carrier: SmppCarrier) -> None:
    with at(carrier) as gateway:
        gateway.send(an_sms("【校园卡】验证码 048392"))
    (one,) = carrier.all()
    assert one.data_coding == 8 and one.text() == "【校园卡】验证码 048392" and one.esm_class == 0


@pytest.mark.parametrize("text", ["048392 " + "long " * 50, "验证码 048392，" + "很长" * 50, "x" * 133 + "😀" * 40])
def test_a_long_text_goes_out_in_parts_that_belong_together(text: str, carrier: SmppCarrier) -> None:
    with at(carrier) as gateway:
        assert gateway.send(an_sms(text)) == "smpp-1"
        gateway.send(an_sms(text))
    parts = carrier.all()
    first, again = parts[: len(parts) // 2], parts[len(parts) // 2 :]
    assert "".join(part.text() for part in first) == text
    assert [part.octets for part in first] == [part.octets for part in again], "a second arrival looks like the first"
    assert all(part.esm_class == 0x40 and len(part.octets) <= 160 for part in first)
    headers = [part.octets[:6] for part in first]
    reference, total = headers[0][3], len(first)
    assert headers == [bytes([5, 0, 3, reference, total, number]) for number in range(1, total + 1)]
    assert total > 1


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        *((0x0B, GatewayRefused), (0x65, GatewayRefused), (0x01, GatewayUnfit), (0x0A, GatewayUnfit)),
        *((0x58, GatewayUnavailable), (0x14, GatewayUnavailable), (0x08, GatewayUnavailable)),
        *((0x45, GatewayUnavailable), (0x64, GatewayUnavailable), (0x4321, GatewayUnavailable)),
    ],
)
def test_a_status_says_whether_it_may_pass(status: int, failure: type[Exception], carrier: SmppCarrier) -> None:
    carrier.behaviour = status
    with at(carrier) as gateway, pytest.raises(failure, match=f"^smpp 0x{status:08x}$") as raised:
        gateway.send(an_sms())
    assert type(raised.value) is failure


def test_a_carrier_that_asks_whether_we_are_there_is_answered(carrier: SmppCarrier) -> None:
    carrier.asks_first = True
    with at(carrier) as gateway:
        assert gateway.send(an_sms()) == "smpp-1"


def test_a_wrong_password_is_never_final_and_never_repeated(carrier: SmppCarrier) -> None:
    with at(carrier, login="user:hunter2") as gateway, pytest.raises(GatewayUnavailable) as raised:
        gateway.send(an_sms())
    assert str(raised.value) == "cannot bind: smpp 0x0000000e" and carrier.all() == []


def test_nobody_at_the_address_is_tried_again(carrier: SmppCarrier) -> None:
    with carrier:
        pass
    with at(carrier) as gateway, pytest.raises(GatewayUnavailable, match="cannot connect"):
        gateway.send(an_sms())


@pytest.mark.parametrize("behaviour", ["close", "garbage", "unbind"])
def test_a_session_that_ends_or_breaks_is_tried_again(behaviour: Behaviour, carrier: SmppCarrier) -> None:
    carrier.behaviour = behaviour
    with at(carrier) as gateway:
        with pytest.raises(GatewayUnavailable):
            gateway.send(an_sms())
        carrier.behaviour = 0
        assert gateway.send(an_sms())
    assert len(carrier.binds) == 2


def test_a_kept_session_that_was_ended_meanwhile_costs_no_try(carrier: SmppCarrier) -> None:
    with at(carrier) as gateway:
        gateway.send(an_sms())
        carrier.end_sessions()
        assert gateway.send(an_sms()) == "smpp-2"
    assert [one.session for one in carrier.all()] == [1, 2]


def test_a_carrier_that_ends_the_session_in_place_of_an_answer_is_asked_once_more(carrier: SmppCarrier) -> None:
    with at(carrier) as gateway:
        gateway.send(an_sms())
        carrier.behaviour = "unbind"
        with pytest.raises(ConnectionLost):
            gateway.send(an_sms())
    assert [one.session for one in carrier.all()] == [1, 1, 2]


def test_silence_ends(carrier: SmppCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp, "SOCKET_SECONDS", 0.3)
    carrier.behaviour = "hang"
    start = time.monotonic()
    with at(carrier) as gateway, pytest.raises(GatewayUnavailable, match="no answer in time"):
        gateway.send(an_sms())
    assert time.monotonic() - start < 3.5


def test_a_carrier_that_only_ever_asks_is_cut_off(carrier: SmppCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp, "ANSWER_SECONDS", 0.3)
    carrier.behaviour = "hang"
    start = time.monotonic()
    with at(carrier) as gateway, pytest.raises(GatewayUnavailable):
        gateway.send(an_sms())
    assert 0.2 < time.monotonic() - start < 3.5


def test_neither_code_nor_number_nor_password_is_logged(
    carrier: SmppCarrier, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), at(carrier) as gateway:
        gateway.send(an_sms())
        carrier.behaviour = 0x0B
        with pytest.raises(GatewayRefused):
            gateway.send(an_sms())
    for secret in ("048392", PHONE[1:], "password"):
        assert secret not in caplog.text and secret.encode().hex() not in caplog.text


def test_the_library_by_itself_writes_them_all_down(carrier: SmppCarrier, caplog: pytest.LogCaptureFixture) -> None:
    naive = Client("127.0.0.1", carrier.port, logger_name="naive", allow_unknown_opt_params=True)
    with caplog.at_level(logging.DEBUG), naive:
        naive.connect()
        naive.bind_transmitter(system_id="user", password="password")
        naive.send_message(destination_addr=PHONE[1:], short_message=b"048392")
        naive.read_pdu()
    for secret in ("048392", PHONE[1:], "password"):
        assert secret.encode().hex() in caplog.text


@pytest.mark.parametrize("trusted", [True, False])
def test_over_tls_only_a_carrier_that_proves_its_name_hears_the_password(
    trusted: bool, self_signed: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = self_signed
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    came: list[bytes] = []

    def serve() -> None:
        wire, _address = listener.accept()
        with contextlib.suppress(OSError), context.wrap_socket(wire, server_side=True) as secured:
            came.append(secured.recv(65536))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    url = f"smpp://user:password@localhost:{listener.getsockname()[1]}/?tls=1"
    with SmppGateway(url) as gateway, pytest.raises(GatewayUnavailable, match="cannot connect"):
        gateway.send(an_sms())
    thread.join(5)
    listener.close()
    assert [b"password" in pdu for pdu in came] == [True] * trusted
