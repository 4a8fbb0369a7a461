"""What no browser of ours sends: a clear sentence or a 400, never a 500."""

import pytest
from django.test import Client
from pytest_django import Settings

from pages.tests.dom import dom

pytestmark = [pytest.mark.django_db, pytest.mark.urls("pages.tests.sample")]

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "body",
    [
        b"code=1&code=2",
        b"code=%ff%fe",
        b"%ff=1",
        b"code=" + b"7" * 1_000_000,
        b"&".join(b"a%d=1" % number for number in range(2000)),
    ],
    ids=["doubled", "no utf-8", "name no utf-8", "1 MB", "2000 parameters"],
)
def test_what_cannot_be_read_is_a_400_with_a_sentence(client: Client, body: bytes) -> None:
    answer = client.post("/sample/", body, content_type=FORM)
    assert answer.status_code == 400
    assert dom(answer.content).one("h1").text == "We could not read what was sent"


@pytest.mark.parametrize(
    "body",
    [b"code[]=1&code[0]=2", b"code=%00%00", b"", b"code", b"=&&;", b"code=12%0d%0aSet-Cookie:x", b'{"code": "1"}'],
)
def test_what_can_be_read_is_answered_like_any_mistake(client: Client, body: bytes) -> None:
    answer = client.post("/sample/", body, content_type=FORM)
    assert (answer.status_code, answer["Location"]) == (303, "/sample/?e=1#errors")
    assert "Enter the card number" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
def test_another_kind_of_body_is_no_server_error(client: Client, content_type: str) -> None:
    answer = client.post("/sample/", b"\x00\xff--x", content_type=content_type)
    assert answer.status_code in {303, 400}


@pytest.mark.parametrize("address", ["/sample/?doc=%00", "/%00/", "/campus%00/sample/", "/theme/a%00-b.css"])
def test_a_nul_in_the_address_is_a_400(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


def test_a_nul_in_a_cookie_is_a_400(client: Client) -> None:
    assert client.get("/sample/", headers={"cookie": 'sessionid="\\000abcdefgh"'}).status_code == 400


def test_html_that_is_typed_is_shown_as_text(client: Client) -> None:
    answer = client.post("/sample/", {"card_number": '"><script>alert(1)</script>', "code": "<b>"})
    html = client.get(answer["Location"]).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
    assert dom(html).by_id("id_code").attrs["value"] == "<b>"


def test_without_the_middleware_a_nul_would_reach_the_database(client: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("ReadableMiddleware")]
    client.raise_request_exception = False
    client.cookies.load('sessionid="\\000abcdefgh"')
    assert client.get("/sample/?e=1").status_code != 400
