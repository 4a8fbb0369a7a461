"""Finding the programme of a request, without asking the database each time."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.signals import post_delete, post_save

from cards.models.programme import Programme

SECONDS = 5
"""How long another process may go on with what a programme was before."""


@dataclass(frozen=True)
class _Shelf:
    """All programmes at one moment: they are few, so an unknown name costs no query either."""

    by_code: dict[str, Programme] = field(default_factory=dict)
    by_host: dict[str, Programme] = field(default_factory=dict)
    by_id: dict[UUID, Programme] = field(default_factory=dict)
    until: float = 0.0


_shelf = _Shelf()
_filling = threading.Lock()


def programme_by_code(code: str) -> Programme | None:
    """Find a programme by its code. The object is shared: read it, and never change it."""
    return _current().by_code.get(code)


def programme_by_host(host: str) -> Programme | None:
    """Find a programme by host name (without port). The object is shared: read it, and never change it."""
    return _current().by_host.get(host.lower().rstrip("."))


def programme_by_id(pk: UUID) -> Programme | None:
    """Find a programme by its id. The object is shared: read it, and never change it."""
    return _current().by_id.get(pk)


def all_programmes() -> list[Programme]:
    """List all programmes by code, for the start page that names them. The objects are shared."""
    return list(_current().by_code.values())


def forget_programmes(**_kwargs: Any) -> None:
    """Read the programmes anew at the next look; done by itself in the process that saves or deletes one."""
    global _shelf
    _shelf = _Shelf()


def _current() -> _Shelf:
    global _shelf
    if connection.in_atomic_block:  # what a transaction sees may never come to be: it is not for others
        return _read()
    shelf = _shelf
    if time.monotonic() < shelf.until:
        return shelf
    if not _filling.acquire(blocking=False):
        # Somebody reads them. Who waits for that waits as long as the database is silent, one after the other.
        return shelf if shelf.until else _read()
    try:
        _shelf = _read()
        return _shelf
    finally:
        _filling.release()


def _read() -> _Shelf:
    found = list(Programme.objects.order_by("code"))
    return _Shelf(
        {programme.code: programme for programme in found},
        {programme.host_name: programme for programme in found if programme.host_name},
        {programme.pk: programme for programme in found},
        time.monotonic() + SECONDS,
    )


post_save.connect(forget_programmes, sender=Programme)
post_delete.connect(forget_programmes, sender=Programme)
