"""The table of legal moves of a card's state: from where, to where, by whom, for which reasons."""

from dataclasses import dataclass
from enum import StrEnum

from cards.dimensions import State


class Who(StrEnum):
    """Those the table tells apart. A supervisor may do what an agent may."""

    CARDHOLDER = "cardholder"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ISSUER = "issuer"
    SYSTEM = "system"


@dataclass(frozen=True)
class Move:
    """One row: from any of `from_states` to `to`, by `who`, for one of `reasons` (any non-empty one when None)."""

    from_states: frozenset[State]
    to: State
    who: Who
    reasons: frozenset[str] | None


OTHER = "other"
"""The reason that needs a comment."""
TERMINAL = frozenset({State.TERMINATED, State.EXPIRED})
LIVE = frozenset(State) - TERMINAL
WAITING = frozenset({State.PENDING_FULFILMENT, State.PENDING_ACTIVATION})
USED = frozenset({State.ACTIVE, State.SUSPENDED, State.EXPIRED})
"""States that only a card which was activated once can have."""

_DISPATCH = frozenset({"dispatched", "delivered"})
_FREEZE = frozenset({"lost", "stolen", "requested", OTHER})
_UNFREEZE = frozenset({"found", "requested", OTHER})
_LOSS = frozenset({"lost", "stolen", "closed"})
_END = _LOSS | {"damaged", "replaced", "undeliverable", OTHER}


def _row(from_states: set[State] | frozenset[State], to: State, who: Who, reasons: frozenset[str] | None) -> Move:
    return Move(frozenset(from_states), to, who, reasons)


TABLE: tuple[Move, ...] = (
    _row({State.PENDING_FULFILMENT}, State.PENDING_ACTIVATION, Who.SYSTEM, _DISPATCH),
    _row({State.PENDING_FULFILMENT}, State.PENDING_ACTIVATION, Who.ISSUER, _DISPATCH),
    _row({State.PENDING_ACTIVATION}, State.ACTIVATING, Who.CARDHOLDER, frozenset({"submitted"})),
    _row({State.ACTIVATING}, State.ACTIVE, Who.SYSTEM, frozenset({"verified"})),
    # Refused, or no verdict in 24 hours: the reason is the issuer host's own word, and is kept.
    _row({State.ACTIVATING}, State.PENDING_ACTIVATION, Who.SYSTEM, None),
    _row({State.ACTIVE}, State.SUSPENDED, Who.CARDHOLDER, _FREEZE),
    _row({State.ACTIVE}, State.SUSPENDED, Who.AGENT, _FREEZE),
    _row({State.SUSPENDED}, State.ACTIVE, Who.CARDHOLDER, _UNFREEZE),
    _row({State.SUSPENDED}, State.ACTIVE, Who.AGENT, _UNFREEZE),
    _row(LIVE - {State.BLOCKED}, State.BLOCKED, Who.ISSUER, frozenset({"fraud", "pin_tries", OTHER})),
    _row(LIVE - {State.BLOCKED}, State.BLOCKED, Who.SYSTEM, frozenset({"fraud", "pin_tries"})),
    _row({State.BLOCKED}, State.ACTIVE, Who.SUPERVISOR, frozenset({"reviewed", OTHER})),
    _row(LIVE, State.TERMINATED, Who.CARDHOLDER, _LOSS),
    _row(LIVE, State.TERMINATED, Who.ISSUER, _END),
    _row(WAITING, State.TERMINATED, Who.SYSTEM, frozenset({"never_activated"})),
    _row({State.ACTIVE}, State.EXPIRED, Who.SYSTEM, frozenset({"expiry_date"})),
)

PAIRS: frozenset[tuple[State, State]] = frozenset((start, row.to) for row in TABLE for start in row.from_states)
"""Every from/to pair that anybody may bring about."""


def sources(*, to: State, who: Who, reason: str) -> frozenset[State]:
    """Tell from which states `who` may move a card to `to` for `reason`; none when the table has no such row."""
    rows = (row for row in _rows(to, who) if reason and (row.reasons is None or reason in row.reasons))
    return frozenset[State]().union(*(row.from_states for row in rows))


def reasons(*, start: State, to: State, who: Who) -> list[str]:
    """List the reasons `who` can give for a move from `start` to `to`, `other` last, for a form to choose from."""
    known = (row.reasons for row in _rows(to, who) if start in row.from_states and row.reasons)
    return sorted(frozenset[str]().union(*known), key=lambda reason: (reason == OTHER, reason))


def _rows(to: State, who: Who) -> list[Move]:
    acting = {who, Who.AGENT} if who is Who.SUPERVISOR else {who}
    return [row for row in TABLE if row.to == to and row.who in acting]
