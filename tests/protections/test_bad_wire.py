"""What no browser sends at all, at a real server: an answer below 500, and it goes on serving."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.protections.conftest import database_url
from tests.services.installation import HOST, Installation, WebServer
from tests.services.visitor import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres", "with_its_keys")]

PATH = "/activate/enter-code/"
TO_US = f"Host: {HOST}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.7\r\nConnection: close\r\n".encode()
GET, POST = f"GET {PATH} HTTP/1.1\r\n".encode() + TO_US, f"POST {PATH} HTTP/1.1\r\n".encode() + TO_US
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
CHUNK = b"10000\r\n" + b"7" * 65_536 + b"\r\n"
SENT = {
    "a header of 100 KB": GET + b"X-Long: " + b"a" * 100_000 + b"\r\n\r\n",
    "a cookie of 100 KB": GET + b"Cookie: sessionid=" + b"a" * 100_000 + b"\r\n\r\n",
    "1 MB of cookies": GET + b"Cookie: " + b"a=b; " * 200_000 + b"\r\n\r\n",
    "5000 headers": GET + b"".join(b"X-%d: 1\r\n" % number for number in range(5000)) + b"\r\n",
    "bytes in headers": GET + b"Cookie: sessionid=\xff\xfe; csrftoken=\x80\r\nAccept-Language: \xe4\xb8\xad\r\n\r\n",
    "NUL in a header": GET + b"Cookie: sessionid=a\x00b\r\n\r\n",
    "an address of 100 KB": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + TO_US + b"\r\n",
    "bytes in the address": b"GET /activate/\xff\xfe/wait/ HTTP/1.1\r\n" + TO_US + b"\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
    "two lengths": POST + FORM + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\ncode=12",
    "a length that is no number": POST + FORM + b"Content-Length: six\r\n\r\ncode=1",
    "less than it says": POST + FORM + b"Content-Length: 600\r\n\r\ncode=1",
    "1 MB in chunks": POST + FORM + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK * 16 + b"0\r\n\r\n",
    "a method of its own": f"BREW {PATH} HTTP/1.1\r\n".encode() + TO_US + b"\r\n",
}


@pytest.fixture(scope="module")
def installation(
    django_db_setup: None, production_code: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    with Installation(production_code, tmp_path_factory.mktemp("logs"), DATABASE_URL=database_url()) as installation:
        yield installation


@pytest.fixture(scope="module")
def web(installation: Installation) -> Iterator[WebServer]:
    with installation.web:
        yield installation.web


@pytest.mark.parametrize("what", SENT)
def test_bytes_that_no_browser_sends_break_nothing(web: WebServer, what: str) -> None:
    answer = b""
    with socket.create_connection(("127.0.0.1", web.port), timeout=5) as line, suppress(OSError):
        line.sendall(SENT[what])
        while part := line.recv(65_536):
            answer += part
    status = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    assert status is not None and int(status[1]) < 500, answer[:200]
    assert Visitor(web.port).open(PATH).status == 200
