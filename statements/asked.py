"""What somebody asks a statement for: the parameters of its address, read leniently, and written again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from statements.models import Transaction
from statements.months import read_month

ALL = "all"
INCOMING, OUTGOING = "in", "out"
SHOWN = (ALL, OUTGOING, INCOMING, *Transaction.Kind.values)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Place:
    """A transaction's place in a statement: its moment, and its id among those of the same moment."""

    at: datetime
    id: UUID

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Read what `str` wrote; None for anything else."""
        micros, _, pk = text.partition("_")
        try:
            return cls(_EPOCH + int(micros) * _MICROSECOND, UUID(pk)) if len(text) < 60 else None
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}_{self.id.hex}"


@dataclass(frozen=True)
class Asked:
    """A month (None: all), what is shown of it, and the place that the page ends before or begins after.

    `newest` means that no month was asked for: the newest one with transactions is shown.
    """

    month: date | None = None
    newest: bool = True
    shown: str = ALL
    after: Place | None = None
    before: Place | None = None

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Asked":
        """Read the parameters of an address; what cannot be read was not asked for."""
        month = read_month(sent.get("month", ""))
        shown = sent.get("show", ALL)
        return cls(
            month=month,
            newest=month is None and sent.get("month") != ALL,
            shown=shown if shown in SHOWN else ALL,
            after=Place.read(sent.get("after", "")),
            before=Place.read(sent.get("before", "")),
        )

    def in_month(self, month: date | None) -> "Asked":
        """The same of this month, named."""
        return replace(self, month=month, newest=False)

    def query(self, **place: object) -> str:
        """Give the parameters that ask for the same, at another place."""
        month = f"{self.month:%Y-%m}" if self.month else ALL
        return urlencode({"month": month, "show": self.shown, **{name: str(value) for name, value in place.items()}})
