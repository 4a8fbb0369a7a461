"""How the carrier behaves. Everything follows from the seed and the message's key, never from who came first."""

from dataclasses import dataclass, fields
from random import Random
from typing import Literal, Self, get_args

Trouble = Literal["refuse", "500", "429", "hang", "close", "slow"]
SLOW_SECONDS = 3.0
#: What happens to one call: taken and answered; taken, but the connection ends before the answer; not taken, for good
#: (400) or for now (429, 500).
Outcome = Literal["taken", "cut", "refused", "429", "500"]


class Unclear(ValueError):
    """The words do not say how to behave; the message tells which one."""


@dataclass(frozen=True, slots=True)
class Outage:
    """`trouble` from `start` to `end`, in seconds after the carrier's own start; written `10-20:close`.

    "refuse" closes the door, "close" takes the message and hangs up, "hang" is silent till the end of the outage.
    """

    start: float
    end: float
    trouble: Trouble

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises Unclear."""
        window, _, trouble = text.partition(":")
        start, _, end = window.partition("-")
        try:
            outage = cls(float(start), float(end), trouble)  # type: ignore[arg-type]
        except ValueError:
            raise Unclear(f"outage={text}: write it as 10-20:close") from None
        if trouble not in get_args(Trouble) or not 0 <= outage.start < outage.end:
            raise Unclear(f"outage={text}: from a moment to a later one, then one of {', '.join(get_args(Trouble))}")
        return outage


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt to send, `after` so many seconds, telling of a moment `told` seconds after the taking."""

    after: float
    told: float
    status: Literal["sent", "delivered", "undelivered"]


@dataclass(frozen=True, slots=True)
class Conduct:
    """Shares are from 0 to 1, times in seconds.

    `refused` (400, whenever that key comes), `throttled` (429) and `broken` (500) are not taken; `cut` is taken, but
    not answered; `loss` is taken and never delivered, and of what is lost `silent` has no receipt either. `doubled`
    messages get each receipt twice, `disordered` ones the last receipt first. `latency` and `receipt_after` are means.
    """

    seed: int = 1
    latency: float = 0.0
    refused: float = 0.0
    throttled: float = 0.0
    broken: float = 0.0
    cut: float = 0.0
    loss: float = 0.0
    silent: float = 0.0
    receipt_after: float = 1.0
    doubled: float = 0.0
    disordered: float = 0.0
    outages: tuple[Outage, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        """From words such as `seed=7 loss=0.2 outage=10-20:close`; raises Unclear."""
        numbers: dict[str, float] = {}
        outages: list[Outage] = []
        known = {field.name for field in fields(cls)} - {"outages"}
        for word in text.split():
            name, _, value = word.partition("=")
            if name == "outage":
                outages.append(Outage.read(value))
                continue
            try:
                numbers[name] = int(value) if name == "seed" else float(value)
            except ValueError:
                raise Unclear(f"{word}: write a number after the name, such as loss=0.2") from None
            if name not in known:
                raise Unclear(f"{word}: not one of {', '.join(sorted(known))}, outage")
        return cls(**numbers, outages=tuple(outages))  # type: ignore[arg-type]

    def outcome(self, key: str, call: int) -> Outcome:
        """What happens to the `call`-th call with this key, counted from 1."""
        if self._chance("refused", key) < self.refused:
            return "refused"
        drawn = self._chance("call", f"{key} {call}")
        for share, outcome in ((self.throttled, "429"), (self.broken, "500"), (self.cut, "cut")):
            if drawn < share:
                return outcome  # type: ignore[return-value]
            drawn -= share
        return "taken"

    def delay(self, key: str, call: int) -> float:
        """How long the answer to this call takes: from half of `latency` to one and a half."""
        return self.latency * (0.5 + self._chance("latency", f"{key} {call}"))

    def is_lost(self, key: str) -> bool:
        """Whether the phone never gets it."""
        return self._chance("lost", key) < self.loss

    def receipts(self, key: str) -> list[Receipt]:
        """What is told about a taken message, in the order of sending."""
        lost = self.is_lost(key)
        if lost and self._chance("silent", key) < self.silent:
            return []
        wait = self.receipt_after * (0.5 + self._chance("receipt", key))
        first = Receipt(wait / 2, wait / 2, "sent")
        last = Receipt(wait, wait, "undelivered" if lost else "delivered")
        told = [first, last]
        if self._chance("disordered", key) < self.disordered:
            told = [Receipt(first.after, last.told, last.status), Receipt(last.after, first.told, first.status)]
        if self._chance("doubled", key) < self.doubled:
            told += [Receipt(one.after + wait, one.told, one.status) for one in told]
        return told

    def _chance(self, about: str, key: str) -> float:
        return Random(f"{self.seed} {about} {key}").random()
