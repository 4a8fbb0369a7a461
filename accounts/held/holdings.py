"""What we hold about somebody, why and until when. Each room registers its own; the page and the download read all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.models import User

Rows = Callable[[User], Iterable[Mapping[str, Any]]]
CHUNK = 500
"""Rows that are read at once."""


@dataclass(frozen=True)
class Holding:
    """One kind of what is held. `name` is its key in the download; `title`, `why` and `until` are lazy sentences.

    `rows(user)` gives it bit by bit, with plain values (text, numbers, moments, lists, mappings): masked, never a PIN,
    a code, a whole document or card number. `models` are the tables that it tells of.
    """

    name: str
    title: Any
    why: Any
    until: Any
    rows: Rows
    models: Sequence[type[models.Model]]


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Have this told. Call it in `AppConfig.ready`. Two of one name are a mistake: ValueError."""
    if _holdings.setdefault(holding.name, holding) != holding:
        raise ValueError(f"There are two holdings named {holding.name!r}.")


def all_holdings() -> Sequence[Holding]:
    """All, in the order of registration."""
    return tuple(_holdings.values())
