"""What the carrier has got: every call, what became of it, and the receipts it has sent."""

import threading
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One POST. `at` is seconds since the carrier's start, `number` counts the calls of its key, `id` is "" when it
    was not taken; `again` says that its key had been taken before."""

    at: float
    key: str
    number: int
    outcome: str
    id: str
    again: bool
    body: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SentReceipt:
    """A receipt and the answer to it; 0 means that there was none."""

    at: float
    id: str
    key: str
    status: str
    answer: int


class Ledger:
    """Safe for threads. An id belongs to one key for ever."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        self._receipts: list[SentReceipt] = []
        self._ids: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()

    def number(self, key: str) -> int:
        """Count one more call with this key."""
        with self._lock:
            self._numbers[key] += 1
            return self._numbers[key]

    def write(self, at: float, number: int, outcome: str, body: dict[str, Any], *, taken: bool) -> Call:
        """Note a call; the first one that is taken gives its key an id."""
        key = str(body.get("idempotency_key", ""))
        with self._lock:
            again = key in self._ids
            if taken:
                self._ids.setdefault(key, f"carrier-{len(self._ids) + 1}")
            call = Call(at, key, number, outcome, self._ids.get(key, "") if taken else "", again, body)
            self._calls.append(call)
            return call

    def note_receipt(self, receipt: SentReceipt) -> None:
        with self._lock:
            self._receipts.append(receipt)

    def calls(self) -> list[Call]:
        """Every call so far, oldest first."""
        with self._lock:
            return list(self._calls)

    def taken(self) -> list[Call]:
        """The calls that were taken, each key's duplicates too."""
        return [call for call in self.calls() if call.id]

    def receipts(self) -> list[SentReceipt]:
        """Every receipt that was sent."""
        with self._lock:
            return list(self._receipts)

    def as_json(self) -> dict[str, Any]:
        """All of it, and the counts."""
        calls, receipts = self.calls(), self.receipts()
        return {
            "messages": len({call.key for call in calls if call.id}),
            "duplicates": sum(1 for call in calls if call.id and call.again),
            "outcomes": Counter(call.outcome for call in calls),
            "calls": [asdict(call) for call in calls],
            "receipts": [asdict(receipt) for receipt in receipts],
        }
