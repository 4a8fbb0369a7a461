"""What we hold about somebody as one JSON document, written bit by bit, so that its size does not matter."""

import json
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone, translation

from accounts.held.holdings import Holding, all_holdings
from accounts.models import User


def json_pieces(user: User, at: datetime) -> Iterator[str]:
    """The pieces of the document, one row at a time. What is said in words is in the language of whoever asks now."""
    told = [(one, {"what": str(one.title), "why": str(one.why), "until": str(one.until)}) for one in all_holdings()]
    return _spoken(_pieces(user, at, told), translation.get_language(), timezone.get_current_timezone())


def _spoken(pieces: Iterator[str], language: str | None, zone: tzinfo) -> Iterator[str]:
    """The pieces, each written in this language and zone: they are asked for when the request has been answered."""
    piece: str | None = ""
    while piece is not None:
        yield piece
        with translation.override(language), timezone.override(zone):
            piece = next(pieces, None)


def _pieces(user: User, at: datetime, told: list[tuple[Holding, dict[str, str]]]) -> Iterator[str]:
    yield f'{{"made_at": {_json(at)}'
    for holding, words in told:
        yield f',\n"{holding.name}": {{"about": {_json(words)}, "held": ['
        between = "\n"
        for row in holding.rows(user):
            yield between + _json(row)
            between = ",\n"
        yield "]}"
    yield "}\n"


def _json(value: object) -> str:
    return json.dumps(value, cls=_LocalMoments, ensure_ascii=False)


class _LocalMoments(DjangoJSONEncoder):
    """Moments by the clock of whoever asks, with its distance from UTC."""

    def default(self, value: Any) -> Any:
        return super().default(timezone.localtime(value) if isinstance(value, datetime) else value)
