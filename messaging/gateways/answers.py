"""What providers write to us, read with suspicion: JSON objects and moments. No failure repeats it."""

import json
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from messaging.gateways.gateway import (
    GatewayFailure,
    GatewayRefused,
    GatewayUnavailable,
    GatewayUnfit,
    ReceiptEntry,
    ReceiptNotUnderstood,
)

CHINA = timezone(timedelta(hours=8))
"""The zone of moments that mainland providers write without one."""


def json_objects(body: str) -> list[dict[str, Any]]:
    """The objects of a JSON list, or the one object that stands alone. Raises ReceiptNotUnderstood."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise ReceiptNotUnderstood("no JSON") from None
    objects = content if isinstance(content, list) else [content]
    if not all(isinstance(item, dict) for item in objects):
        raise ReceiptNotUnderstood("no JSON objects")
    return objects


def entries_of(body: str, read: Callable[[dict[str, Any]], ReceiptEntry]) -> list[ReceiptEntry]:
    """What `read` makes of the objects of a callback; those that it does not understand say nothing beside others.

    Raises ReceiptNotUnderstood when none of them says anything.
    """
    entries, mistakes = list[ReceiptEntry](), list[ReceiptNotUnderstood]()
    for found in json_objects(body):
        try:
            entries.append(read(found))
        except ReceiptNotUnderstood as mistake:
            mistakes.append(mistake)
    if mistakes and not entries:
        raise mistakes[0]
    return entries


def word(content: dict[str, Any], name: str, longest: int = 200) -> str:
    """A text or a whole number under this name, as text; empty when it is missing or something else."""
    found = content.get(name)
    known = isinstance(found, str | int) and not isinstance(found, bool)
    return legible(str(found))[:longest] if known else ""


def legible(found: str) -> str:
    """The text without what JSON can write and no database keeps, such as NUL and halves of surrogate pairs."""
    return "".join(filter(str.isprintable, found)).strip()


def required(content: dict[str, Any], name: str) -> str:
    """Like `word`, but raises ReceiptNotUnderstood when there is none."""
    found = word(content, name)
    if not found:
        raise ReceiptNotUnderstood(f"without {name}")
    return found


def reason_of(parts: Iterable[str]) -> str:
    """Codes of a provider in one short line; words that could hold a number of a person are left out."""
    codes = (part for part in parts if part and len(part) <= 80 and sum(letter.isdigit() for letter in part) < 7)
    return " ".join(codes)


def own_words(content: dict[str, Any], body: bytes) -> str:
    """Why, as the small HTTP protocol or a plain text has it; empty when it could be about a person.

    That is what is long, holds an address, or more digits than a code of an error has.
    """
    said = next(filter(None, (word(content, name) for name in ("reason", "error", "message"))), "")
    said = said or ("" if content else legible(body[:200].decode(errors="replace")))
    about_us = len(said) <= 80 and sum(letter.isdigit() for letter in said) < 4 and not set("@<{[") & set(said)
    return said if about_us else ""


def moment(written: str, zone: timezone | None = None) -> datetime | None:
    """An ISO 8601 moment, or seconds since 1970; None when it cannot be read, or has no zone and none is given."""
    try:
        seconds = int(written) if written.isdecimal() else 0
        read = datetime.fromtimestamp(seconds, UTC) if seconds else datetime.fromisoformat(written)
    except (ValueError, OverflowError, OSError):
        return None
    if read.tzinfo is None:
        return read.replace(tzinfo=zone) if zone else None
    return read


def failure_of(code: str, *, refused: Collection[str] = (), unfit: Collection[str] = ()) -> GatewayFailure:
    """What a provider's code means: `refused` and `unfit` name those that are final.

    Every other one, about our account, a limit or their system, may pass, or somebody mends it: never final.
    """
    reason = reason_of([code]) or "code not known"
    if code in refused:
        return GatewayRefused(reason)
    return GatewayUnfit(reason) if code in unfit else GatewayUnavailable(reason)
