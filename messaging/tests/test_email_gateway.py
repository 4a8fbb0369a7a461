"""Email through Django's backends, against a real SMTP server."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from socket import create_server

import pytest
from pytest_django import Settings

from messaging.delivery import deliver_due
from messaging.gateways import email
from messaging.gateways.email import EmailGateway
from messaging.gateways.gateway import GatewayRefused, GatewayUnavailable, Mail
from messaging.models import Message
from messaging.tests.factories import make_message, make_messages
from messaging.tests.secrets import EMAIL, code_of
from tests.services.smtp import SmtpServer


@pytest.fixture
def smtp(settings: Settings, smtp_server: SmtpServer) -> SmtpServer:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    return smtp_server


@pytest.fixture
def silent(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A mail server that takes connections and says nothing."""
    listener = create_server(("127.0.0.1", 0))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = listener.getsockname()
    monkeypatch.setattr(email, "SOCKET_SECONDS", 0.3)
    yield
    listener.close()


def a_mail(**values: str) -> Mail:
    fields = {"to": EMAIL, "sender": "", "subject": "Your security code", "text": "验证码 048392\n", "language": "en"}
    return Mail(**{**fields, "idempotency_key": "key-1", **values})


@pytest.mark.django_db
def test_an_email_arrives_with_its_words_and_its_id(smtp: SmtpServer) -> None:
    message = make_message(channel="email", language="en")
    deliver_due("email", urgent=True, seconds=10)
    (mail,) = smtp.wait_for(1)
    message.refresh_from_db()
    assert mail["To"] == EMAIL and mail["Subject"] == "Your security code to activate your card"
    assert code_of(message.subject_id) in mail.get_content()
    assert mail["Message-ID"] == message.provider_id and message.gateway == "smtp" and message.sent_at


@pytest.mark.django_db
def test_a_batch_goes_over_one_connection(smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[EmailGateway] = []
    plain = EmailGateway.open

    def counted(gateway: EmailGateway) -> None:
        opened.append(gateway)
        plain(gateway)

    monkeypatch.setattr(EmailGateway, "open", counted)
    make_messages(50, channel="email")
    deliver_due("email", urgent=True, seconds=10)
    smtp.wait_for(50)
    assert len(opened) == 1 and not Message.objects.waiting().exists()


def test_a_second_try_carries_the_same_message_id(smtp: SmtpServer) -> None:
    with EmailGateway() as gateway:
        assert gateway.send(a_mail()) == gateway.send(a_mail())
        assert gateway.send(a_mail(idempotency_key="key-2")) != gateway.send(a_mail())


@pytest.mark.parametrize("reply", ["550 no such user", "552 too large", "554 not today, not ever"])
def test_5xx_is_refused_for_good(reply: str, smtp: SmtpServer) -> None:
    smtp.reply = reply
    with EmailGateway() as gateway, pytest.raises(GatewayRefused, match=f"^smtp {reply[:3]}$"):
        gateway.send(a_mail())


@pytest.mark.parametrize("reply", ["421 closing", "451 try later", "452 no space"])
def test_4xx_is_tried_again(reply: str, smtp: SmtpServer) -> None:
    smtp.reply = reply
    with EmailGateway() as gateway, pytest.raises(GatewayUnavailable):
        gateway.send(a_mail())


def test_after_a_refusal_the_next_mail_goes_out(smtp: SmtpServer) -> None:
    with EmailGateway() as gateway:
        smtp.reply = "550 no such user"
        with pytest.raises(GatewayRefused):
            gateway.send(a_mail())
        smtp.reply = "250 OK"
        gateway.send(a_mail())
    assert len(smtp.all()) == 1


def test_an_address_that_cannot_be_written_is_refused(smtp: SmtpServer) -> None:
    with EmailGateway() as gateway, pytest.raises(GatewayRefused):
        gateway.send(a_mail(to="a@example.com\nBcc: b@example.com"))
    assert smtp.all() == []


def test_a_silent_server_ends_after_the_socket_s_timeout(silent: None) -> None:
    start = time.monotonic()
    with EmailGateway() as gateway, pytest.raises(GatewayUnavailable, match="cannot connect"):
        gateway.send(a_mail())
    assert time.monotonic() - start < 4.5


@pytest.mark.parametrize("tls", [False, True])
def test_a_greeting_that_drips_in_is_cut_off(settings: Settings, monkeypatch: pytest.MonkeyPatch, tls: bool) -> None:
    """A byte comes before each timeout of the socket, and so on for ever; be it of the greeting or of a handshake."""
    monkeypatch.setattr(email, "ANSWER_SECONDS", 0.8)
    end = threading.Event()

    def drip() -> None:
        wire, _address = listener.accept()
        with suppress(OSError), wire:
            wire.sendall(b"\x16\x03\x03\x3f\xff\x02" if tls else b"220")
            while not end.wait(0.1):
                wire.sendall(b"\0" if tls else b"-")

    with create_server(("127.0.0.1", 0)) as listener:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listener.getsockname()
        settings.EMAIL_USE_SSL = tls
        threading.Thread(target=drip, daemon=True).start()
        start = time.monotonic()
        with EmailGateway() as gateway, pytest.raises(GatewayUnavailable, match="cannot connect"):
            gateway.send(a_mail())
        end.set()
    assert 0.7 < time.monotonic() - start < 4


def test_nobody_there_is_tried_again(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with create_server(("127.0.0.1", 0)) as listener:
        settings.EMAIL_HOST, settings.EMAIL_PORT = listener.getsockname()
    with EmailGateway() as gateway, pytest.raises(GatewayUnavailable):
        gateway.send(a_mail())


def test_a_connection_that_the_server_ended_costs_no_try(settings: Settings) -> None:
    sessions: list[int] = []

    def talk(wire: object, mails: int) -> None:
        file = wire.makefile("rwb", 0)  # type: ignore[attr-defined]
        file.write(b"220 hello\r\n")
        while mails and (line := file.readline()):
            if line.upper().startswith(b"DATA"):
                file.write(b"354 go on\r\n")
                while file.readline() != b".\r\n":
                    continue
                mails -= 1
            file.write(b"250 OK\r\n")

    def serve() -> None:
        for _number in range(2):
            with suppress(OSError):
                wire, _address = listener.accept()
                with wire:
                    sessions.append(1)
                    talk(wire, 1)

    with create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listener.getsockname()
        with EmailGateway() as gateway:
            gateway.send(a_mail(idempotency_key="key-1"))
            gateway.send(a_mail(idempotency_key="key-2"))
    assert len(sessions) == 2
