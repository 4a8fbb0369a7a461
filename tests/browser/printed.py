"""What stands in a PDF that Chromium printed: its pages, and its words as its fonts spell them (ToUnicode)."""

import re
import unicodedata
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\n?(.*?)endobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
PAGE = re.compile(rb"/Type\s*/Page\b")
FONT = re.compile(rb"/F(\d+) (\d+) 0 R")
SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>\s*Tj|\[((?:<[0-9A-Fa-f]+>|[\s\d.-])*)\]\s*TJ")
ONE = re.compile(rb"<([0-9A-F]+)> <([0-9A-F]+)>")
MANY = re.compile(rb"<([0-9A-F]+)> <([0-9A-F]+)> <([0-9A-F]+)>")
Spelling = tuple[int, dict[bytes, str]]


def pages(pdf: bytes) -> int:
    """How many pages it has."""
    return len(PAGE.findall(pdf))


def words(pdf: bytes) -> str:
    """Every word of it, without the spaces, in the order in which they were drawn."""
    objects = dict(OBJECT.findall(pdf))
    fonts = {name: _spelling(objects, number) for name, number in FONT.findall(pdf)}
    drawn = [_unpacked(body) for body in objects.values() if b"/Subtype" not in body]
    return "".join(_text(stream, fonts) for stream in drawn if b" Tf" in stream)


def _unpacked(body: bytes) -> bytes:
    found = STREAM.search(body)
    try:
        return zlib.decompress(found[1]) if found else b""
    except zlib.error:
        return b""


def _spelling(objects: dict[bytes, bytes], font: bytes) -> Spelling:
    """How many hexadecimal digits a letter of this font takes, and which letter each of them is."""
    found = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    table = _unpacked(objects[found[1]]) if found else b""
    letters: dict[bytes, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        letters |= {code: _letter(letter) for code, letter in ONE.findall(block)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, letter in MANY.findall(block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                code = b"%0*X" % (len(first), int(first, 16) + step)
                letters[code] = chr(ord(_letter(letter)) + step)
    return max(map(len, letters), default=4), letters


def _letter(units: bytes) -> str:
    return bytes.fromhex(units.decode()).decode("utf-16-be")


def _text(stream: bytes, fonts: dict[bytes, Spelling]) -> str:
    size, letters, said = 4, dict[bytes, str](), ""
    for font, one, several in SHOWN.findall(stream):
        if font:
            size, letters = fonts[font]
        codes = (one or b"".join(re.findall(rb"<([0-9A-Fa-f]+)>", several))).upper()
        said += "".join(letters.get(codes[at : at + size], "") for at in range(0, len(codes), size))
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", said))
