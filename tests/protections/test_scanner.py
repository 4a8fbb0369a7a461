"""The scanner that looks for leaks finds what is planted, in every encoding, and nothing else."""

import base64
import binascii
import gzip
import json
import quopri
import secrets
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.protections.scanner import Scanner

CANARIES = {"name": "欧阳静怡", "email": "canary.quill@example.org", "code": "739102648853", "pin": "618372"}
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "clear": str.encode,
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).rstrip(b"="),
    "base64 of JSON": lambda text: base64.b64encode(json.dumps([text]).encode()),
    "zlib in base64": lambda text: base64.b64encode(zlib.compress(text.encode())),
    "gzip in base64": lambda text: base64.b64encode(gzip.compress(text.encode())),
    "hex": lambda text: binascii.hexlify(text.encode()),
    "bytea": lambda text: b"\\x" + binascii.hexlify(text.encode()),
    "base64 in hex": lambda text: binascii.hexlify(base64.b64encode(text.encode())),
    "JSON": lambda text: json.dumps({"typed": text}).encode(),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)).encode(),
    "bytes as Python writes them": lambda text: repr(text.encode()).encode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()),
    "percent": lambda text: quote(text).encode(),
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "reversed": lambda text: text[::-1].encode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("canary", CANARIES)
def test_what_is_planted_is_found(canary: str, encoding: str) -> None:
    planted = b"a line before, " + ENCODINGS[encoding](CANARIES[canary]) + b" and one after"
    assert Scanner(CANARIES).find(planted) == {canary}


@pytest.mark.parametrize("written", ["7391 0264 8853", "7391-0264-8853", "code=739102648853", "<b>739102648853</b>"])
def test_a_code_is_found_as_people_write_it(written: str) -> None:
    assert Scanner(CANARIES).find(written.encode()) == {"code"}


@pytest.mark.parametrize(
    "other", ["2026-11-24 00:12:14.618372+00", "1795737965.618372 [0", "a618372f", "96183720", "618 3720"]
)
def test_six_digits_inside_of_something_else_are_no_pin(other: str) -> None:
    assert Scanner(CANARIES).find(other.encode()) == set()


def test_after_another_number_it_is_one() -> None:
    assert Scanner(CANARIES).find(b"step 4.618372") == {"pin"}


def test_half_a_megabyte_of_ciphertext_holds_nothing() -> None:
    noise = b"\n".join(base64.b64encode(secrets.token_bytes(200)) for _line in range(1000))
    assert Scanner(CANARIES).find(noise + binascii.hexlify(secrets.token_bytes(200_000))) == set()
