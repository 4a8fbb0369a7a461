"""Finding a secret in whatever a system has written down, behind the usual encodings."""

import base64
import binascii
import quopri
import re
import zlib
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_to_bytes

DEEPEST = 3
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){6,}")
ESCAPED = re.compile(rb"(?:\\+u[0-9a-fA-F]{4})+")
BYTES = re.compile(rb"(?:\\+x[0-9a-fA-F]{2})+")
QUOTED = re.compile(rb"(?:=[0-9A-Fa-f]{2}){2,}")
PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
GAP = rb"(?:[ \-]|&nbsp;|%20|\+)?"
#: Part of a longer number, of a token, or of a moment (12:00:14.618372, or 1795737965.618372 in what Redis was sent):
#: not a code of six digits.
BEFORE = rb"(?<![0-9A-Za-z/+])(?<!:[0-9]{2}\.)(?<![0-9]{10}\.)"
AFTER = rb"(?![0-9A-Za-z/+])"


class Scanner:
    """`find` names the canaries that some bytes hold: in clear, in groups, reversed, as UTF-16, or encoded.

    Decoded are base64, hexadecimal digits (and so bytea), zlib and gzip, JSON's and Python's escapes, quoted-printable
    and percent-encoding, up to three of them around each other.
    """

    def __init__(self, canaries: Mapping[str, str]) -> None:
        self.patterns = {name: _pattern(value) for name, value in canaries.items()}

    def find(self, data: bytes) -> set[str]:
        """The names of the canaries in `data`."""
        found: set[str] = set()
        seen: set[bytes] = set()
        views = [(data, 0)]
        while views:
            view, depth = views.pop()
            found |= {name for name, pattern in self.patterns.items() if pattern.search(view)}
            if depth < DEEPEST:
                for inner in _decoded(view):
                    if len(inner) >= 6 and inner not in seen:
                        seen.add(inner)
                        views.append((inner, depth + 1))
        return found


def _pattern(value: str) -> re.Pattern[bytes]:
    """In the spellings of a value: as it is, reversed, in UTF-16; digits also in groups, and not inside of others."""
    spellings = [re.escape(text.encode(code)) for text in (value, value[::-1]) for code in ("utf-8", "utf-16-le")]
    if value.isascii() and value.isdigit():
        grouped = [GAP.join(text.encode()[n : n + 1] for n in range(len(text))) for text in (value, value[::-1])]
        spellings[0::2] = [BEFORE + text + AFTER for text in grouped]
    else:
        spellings.append(re.escape(value.encode("gb18030")))
    return re.compile(b"|".join(spellings), re.IGNORECASE)


def _decoded(data: bytes) -> Iterator[bytes]:
    for token in BASE64.findall(data):
        yield from _from_base64(token)
    for token in HEX.findall(data):
        yield binascii.unhexlify(token)
    if ESCAPED.search(data):
        yield ESCAPED.sub(_from_json, data)
    if BYTES.search(data):
        yield BYTES.sub(_from_escapes, data)
    if QUOTED.search(data):
        yield quopri.decodestring(data)
    if PERCENT.search(data):
        yield unquote_to_bytes(data)
    yield from _inflated(data)


def _from_base64(token: bytes) -> Iterator[bytes]:
    standard = token.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    if len(standard) % 4 != 1:
        yield base64.b64decode(standard + b"=" * (-len(standard) % 4))


def _from_json(match: re.Match[bytes]) -> bytes:
    digits = re.sub(rb"\\+u", b"", match[0])
    return binascii.unhexlify(digits).decode("utf-16-be", errors="replace").encode()


def _from_escapes(match: re.Match[bytes]) -> bytes:
    return binascii.unhexlify(re.sub(rb"\\+x", b"", match[0]))


def _inflated(data: bytes) -> Iterator[bytes]:
    for window in (zlib.MAX_WBITS, zlib.MAX_WBITS | 16):
        try:
            yield zlib.decompress(data, window)
        except zlib.error:
            continue
