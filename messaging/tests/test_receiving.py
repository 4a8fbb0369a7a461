"""The door for callbacks: what is kept, what is answered, and that nothing else gets in."""

import http.client
import json
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from messaging.models import Receipt
from messaging.receipt_addresses import is_token_of, receipt_address
from messaging.tests.callbacks import call_back, path_for, signed, told
from messaging.views import LARGEST, receive

pytestmark = pytest.mark.django_db
DELIVERED = {"id": "x1", "status": "delivered"}
OLD, NEW = {"old": b"0123456789abcdef0123456789abcdef"}, {"new": b"fedcba9876543210fedcba9876543210"}


@pytest.fixture(autouse=True)
def http_gateway(settings: Settings) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/sms second=http://user:secret@127.0.0.1:9/sms console:"


@pytest.mark.django_db(transaction=True)
def test_a_callback_is_kept_as_it_came_and_answered_at_once() -> None:
    call_back(DELIVERED)  # the first request of a process reads the programmes
    Receipt.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        response = call_back(DELIVERED)
    assert (response.status_code, response.content) == (204, b"")
    (receipt,) = Receipt.objects.all()
    assert (receipt.gateway, receipt.content_type, receipt.handled_at) == ("http", "application/json", None)
    assert json.loads(receipt.body) == [DELIVERED]
    asked = [query["sql"].split()[0] for query in queries]
    assert asked == ["INSERT"], "one statement a callback, whatever it says"
    assert response.cookies == {}, "no session"


def test_what_is_kept_is_sealed() -> None:
    call_back({"id": "13800138000", "status": "delivered"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM messaging_receipt")
        assert b"13800138000" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"<html>", b"[" * 60_000, "回执".encode("gb18030")])
def test_what_nobody_can_read_is_kept_too(body: bytes) -> None:
    assert call_back(body=body).status_code == 204
    assert Receipt.objects.get().body == body.decode(errors="backslashreplace")


@pytest.mark.parametrize("content_type", ["", "a/b; charset=nonsense", "multipart/form-data; boundary=x", "x" * 4000])
def test_whatever_it_calls_itself_it_is_kept(content_type: str) -> None:
    assert call_back(body=b"--x\r\n", content_type=content_type).status_code == 204
    assert Receipt.objects.get().content_type == content_type[:100]


def test_a_wrong_token_and_an_unknown_gateway_are_answered_alike_and_kept_nowhere() -> None:
    token = path_for().rstrip("/").rpartition("/")[2]
    other = token[:-1] + ("0" if token[-1] != "0" else "1")
    wrong = [f"/receipts/http/{other}/", f"/receipts/http/{token[:-1]}/", "/receipts/http/卡/", "/receipts/http/x/"]
    foreign = [f"/receipts/second/{token}/", f"/receipts/nobody/{token}/", path_for("nobody")]
    answers = {(r.status_code, r.content) for r in (call_back(DELIVERED, path=p, key=token) for p in wrong + foreign)}
    assert answers == {(404, b"")}
    assert not Receipt.objects.exists()


def test_a_forged_signature_is_refused_and_nothing_is_kept() -> None:
    assert call_back(DELIVERED, key="guessed").status_code == 403
    client, path = Client(), path_for()
    assert client.post(path, told(DELIVERED), content_type="application/json").status_code == 403
    other = {"X-Signature": signed(told({"id": "x2", "status": "delivered"}), path.rstrip("/").rpartition("/")[2])}
    answer = client.post(path, told(DELIVERED), content_type="application/json", headers=other)
    assert answer.status_code == 403, "signed, but for other words"
    assert not Receipt.objects.exists()


def test_a_gateway_with_a_password_signs_with_it_and_not_with_the_token() -> None:
    path = path_for("second")
    assert call_back(DELIVERED, path=path).status_code == 403
    assert call_back(DELIVERED, path=path, key="secret").status_code == 204


def test_nothing_but_a_post_is_taken() -> None:
    for method in ("get", "head", "put", "delete", "options"):
        assert getattr(Client(), method)(path_for()).status_code == 405
    assert not Receipt.objects.exists()


def test_a_callback_is_at_most_64_kib() -> None:
    assert call_back(body=b"x" * LARGEST).status_code == 204
    assert call_back(body=b"x" * (LARGEST + 1)).status_code == 413
    assert call_back(body=b"").status_code == 400
    assert Receipt.objects.count() == 1


def test_the_address_leads_to_the_door_and_survives_a_change_of_keys(settings: Settings) -> None:
    settings.PORTAL_URL = "https://card.example.org"
    settings.CODE_KEYS = OLD
    before = receipt_address("http")
    assert before.startswith("https://card.example.org/receipts/http/")
    assert resolve(urlsplit(before).path).func is receive
    token = before.rstrip("/").rpartition("/")[2]
    assert len(token) == 40
    settings.CODE_KEYS = NEW | OLD
    assert receipt_address("http") != before
    assert is_token_of("http", token) and not is_token_of("second", token)
    settings.CODE_KEYS = NEW
    assert not is_token_of("http", token), "the address ends with its key"


@pytest.mark.django_db(transaction=True)
def test_a_provider_on_the_wire_is_heard(live_server: LiveServer, settings: Settings) -> None:
    parts = urlsplit(live_server.url)
    wire = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    path, body = path_for(), told(DELIVERED)
    headers = {"Content-Type": "application/json", "X-Signature": signed(body, path.rstrip("/").rpartition("/")[2])}
    wire.request("POST", path, body, headers)
    answer = wire.getresponse()
    assert (answer.status, answer.read()) == (204, b"")
    wire.request("POST", path, b"{}", headers | {"X-Signature": "0" * 64})
    assert wire.getresponse().status == 403
    wire.close()
    assert Receipt.objects.get().body == body.decode()
