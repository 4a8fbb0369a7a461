"""What staff see of every table, one subject a file."""

from desk.admin import (
    accounts,
    attempts,
    cards,
    cases,
    codes,
    done_by_staff,
    events,
    gateways,
    log,
    messages,
    new_pins,
    programmes,
    staff,
    statements,
)

__all__ = [
    "accounts",
    "attempts",
    "cards",
    "cases",
    "codes",
    "done_by_staff",
    "events",
    "gateways",
    "log",
    "messages",
    "new_pins",
    "programmes",
    "staff",
    "statements",
]
