"""Telling UTF-8 from GB 18030, and a text file from what spreadsheets save by themselves."""

import codecs
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

UTF_8 = "utf-8-sig"
"""UTF-8 whose byte order mark is taken off when there is one."""
GB_18030 = "gb18030"

_BLOCK = 1 << 18
_SAVE_AS = _("Save it as “CSV UTF-8” and import that file.")
_NO_TEXT = _("It is not a text file.")
_NOT_TEXT = {
    b"PK\x03\x04": _("It is a spreadsheet (.xlsx)."),
    b"\xd0\xcf\x11\xe0": _("It is a spreadsheet (.xls)."),
    codecs.BOM_UTF16_LE: _("It is in UTF-16."),
    codecs.BOM_UTF16_BE: _("It is in UTF-16."),
    **dict.fromkeys((b"\x89PNG", b"\xff\xd8\xff", b"%PDF"), _NO_TEXT),
}
_CONTROLS = {*range(32)} - set(b"\t")


class FileNotReadable(Exception):
    """The file as a whole cannot be read. The message says why and what to do, in the current language."""


def detect_encoding(file: BinaryIO) -> str:
    """Say which of the two encodings a file has, reading all of it in blocks; leaves the file at its start.

    A file that is neither throughout gets the one with fewer undecodable lines: it has damaged rows, to be reported
    one by one. Raises FileNotReadable for files that are empty or no text.
    """
    start = file.read(1024)
    if not start.strip(codecs.BOM_UTF8 + b" \t\r\n\0"):
        raise FileNotReadable(_("The file is empty."))
    for magic, what in _NOT_TEXT.items():
        if start.startswith(magic):
            raise FileNotReadable(f"{what} {_SAVE_AS}")
    if _CONTROLS & set(start.splitlines()[0]):
        raise FileNotReadable(f"{_NO_TEXT} {_SAVE_AS}")
    try:
        if _decodes(file, UTF_8):
            return UTF_8
        if _decodes(file, GB_18030):
            return GB_18030
        return min((UTF_8, GB_18030), key=lambda encoding: _damaged_lines(file, encoding))
    finally:
        file.seek(0)


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _damaged_lines(file: BinaryIO, encoding: str) -> int:
    """Count undecodable lines. No character of either encoding contains the byte of a line end."""
    file.seek(0)
    damaged = 0
    while line := file.readline(_BLOCK):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            damaged += 1
    return damaged
