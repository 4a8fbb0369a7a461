import os
import smtplib
import socket
import urllib.error
import urllib.request
from email.message import EmailMessage

import psycopg
import pytest
import redis
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Error, Page
from pytest_socket import SocketConnectBlockedError

from tests.services.postgres import SETTINGS, PostgresServer
from tests.services.redis import RedisServer
from tests.services.sms import Behaviour, SmsGateway
from tests.services.smtp import SmtpServer


def post(url: str, *, seconds: float = 5) -> tuple[int, bytes]:
    request = urllib.request.Request(
        url, data=b'{"to": "+8613800138000"}', headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, b""


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "portal@example.org", "li@example.org", "激活码"
    message.set_content("您好")
    return message


def test_postgres_keeps_what_was_committed_when_it_is_killed(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.conninfo, autocommit=True) as open_one:
        open_one.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        open_one.execute("INSERT INTO kept VALUES (1)")
        with postgres_server.down():
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(postgres_server.conninfo, connect_timeout=2)
            with pytest.raises(psycopg.OperationalError):
                open_one.execute("SELECT 1")
    with psycopg.connect(postgres_server.conninfo) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_frozen_postgres_answers_nobody_and_goes_on_when_thawed(postgres_server: PostgresServer) -> None:
    with postgres_server.frozen():
        assert not postgres_server.answers()
    assert postgres_server.answers()


def test_postgres_takes_as_many_connections_as_four_workers_may_want(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.conninfo) as connection:
        assert connection.execute("SHOW max_connections").fetchone() == ("1000",)


def test_benchmarks_may_set_postgres_otherwise(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.conninfo) as connection:
        sources = "SELECT DISTINCT source FROM pg_settings WHERE name = ANY(%s)"
        assert connection.execute(sources, [list(SETTINGS)]).fetchall() == [("configuration file",)]


def test_redis_is_lost_when_killed_and_silent_when_frozen(redis_server: RedisServer) -> None:
    with redis_server.client() as client:
        client.set("kept", "1")
    with redis_server.down(), pytest.raises(redis.exceptions.ConnectionError):
        redis_server.client().ping()
    with redis_server.frozen(), pytest.raises(redis.exceptions.TimeoutError):
        redis_server.client().ping()
    assert redis_server.client().get("kept") is None


def test_stopped_server_leaves_no_process(redis_server: RedisServer) -> None:
    server = type(redis_server)().start()
    pid = server.pid
    server.stop()
    server.remove()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_mail_server_keeps_what_it_took_and_refuses_as_told(smtp_server: SmtpServer) -> None:
    with smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
        client.send_message(mail())
        smtp_server.reply = "451 try later"
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            client.send_message(mail())
    assert refusal.value.smtp_code == 451
    (kept,) = smtp_server.wait_for(1)
    assert (kept["Subject"], kept["X-Envelope-To"], kept.get_content()) == ("激活码", "li@example.org", "您好\n")
    assert smtp_server.refused == 1


@pytest.mark.parametrize("status", [200, 400, 429, 500])
def test_sms_gateway_answers_with_the_status_it_was_told(sms_gateway: SmsGateway, status: int) -> None:
    sms_gateway.behaviour = status
    assert post(sms_gateway.url)[0] == status
    (kept,) = sms_gateway.wait_for(1)
    assert (kept.body, kept.status) == ({"to": "+8613800138000"}, status)
    assert len(sms_gateway.sent()) == (1 if status == 200 else 0)


@pytest.mark.parametrize("behaviour", ["close", "hang"])
def test_sms_gateway_gives_no_answer_when_told(sms_gateway: SmsGateway, behaviour: Behaviour) -> None:
    sms_gateway.behaviour = behaviour
    with pytest.raises(OSError):
        post(sms_gateway.url, seconds=0.3)
    assert [kept.status for kept in sms_gateway.wait_for(1)] == [0]
    assert sms_gateway.sent() == []


def test_waiting_for_what_does_not_come_fails(sms_gateway: SmsGateway) -> None:
    with pytest.raises(AssertionError, match="0 of 1 came"):
        sms_gateway.wait_for(1, seconds=0.05)


def test_python_reaches_this_machine_only(sms_gateway: SmsGateway) -> None:
    assert post(sms_gateway.url)[0] == 200
    blocked = pytest.raises(SocketConnectBlockedError)
    with socket.socket() as outward, pytest.warns(UserWarning, match="192.0.2.1"), blocked:
        outward.connect(("192.0.2.1", 9))


def test_page_of_this_machine_opens_in_chromium(page: Page, live_server: object) -> None:
    answer = page.goto(f"{live_server}/admin/login/")
    assert answer is not None and answer.ok


def test_chromium_finds_no_address_but_this_machine(chromium: Browser) -> None:
    """Without `new_context`'s guard, so that what holds here is the browser's own flag."""
    context: BrowserContext = chromium.new_context()
    for address in ("http://portal.example/", "http://127.0.0.2:20000/"):
        with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
            context.new_page().goto(address)
    context.close()


def test_postgres_fixture_is_the_database_of_the_suite(postgres: str, transactional_db: None) -> None:
    ContentType.objects.create(app_label="kept", model="kept")
    with psycopg.connect(postgres) as other:
        assert other.execute("SELECT count(*) FROM django_content_type WHERE app_label = 'kept'").fetchone() == (1,)


@pytest.mark.django_db
def test_suite_runs_on_the_database_that_was_asked_for(request: pytest.FixtureRequest) -> None:
    assert connection.vendor == request.config.getoption("--database")
    assert settings.DATABASES["default"]["NAME"] == connection.settings_dict["NAME"]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_test_database_is_a_file_with_a_write_ahead_log() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
