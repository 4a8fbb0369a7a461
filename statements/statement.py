"""A card's statement, a page at a time: what a page costs depends neither on the card's history nor on the table's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from cards.models import Card
from statements.asked import ALL, INCOMING, OUTGOING, Asked, Place
from statements.models import MonthTotal, Transaction
from statements.models.transactions import TransactionQuerySet
from statements.months import bounds

ROWS = 20
"""Of a page."""
AT_ONCE = 500
"""Rows that a download reads at a time."""


@dataclass(frozen=True)
class Sum:
    """What came in and went out in one currency, in smallest units, both 0 or more."""

    currency: str
    incoming: int
    outgoing: int


@dataclass(frozen=True)
class Statement:
    """One page: its rows, newest first, where the pages beside it are, and the sums of all that was asked for."""

    asked: Asked
    rows: list[Transaction]
    newer: Place | None
    older: Place | None
    count: int
    sums: list[Sum]
    months: list[date]


def read_statement(card: Card, asked: Asked) -> Statement:
    """Read a page by two queries, or three where somebody has leafed back to the beginning."""
    totals = list(MonthTotal.objects.filter(card=card).order_by("-month", "currency"))
    months = list(dict.fromkeys(total.month for total in totals))
    if asked.newest and months:
        asked = asked.in_month(months[0])
    wanted = [total for total in totals if asked.month in (None, total.month)]
    counts, sums = _add_up(wanted, asked.shown)
    rows, newer, older = _leaf(transactions_asked(card, asked), asked)
    return Statement(asked, rows, newer, older, counts, sums, months)


def transactions_asked(card: Card, asked: Asked) -> TransactionQuerySet:
    """The set of a card's transactions that was asked for, wherever the page is."""
    rows = Transaction.objects.of_card(card.pk)
    if asked.month:
        rows = rows.between(*bounds(asked.month, card.programme.zone))
    if asked.shown == INCOMING:
        return rows.incoming()
    if asked.shown == OUTGOING:
        return rows.outgoing()
    return rows if asked.shown == ALL else rows.filter(kind=asked.shown)


def walk(card: Card, asked: Asked) -> Iterator[Transaction]:
    """Give all that was asked for, newest first, a few hundred rows in memory."""
    rows = transactions_asked(card, asked)
    place: Place | None = None
    while some := list(_older(rows, place)[:AT_ONCE]):
        yield from some
        place = place_of(some[-1])


def place_of(row: Transaction) -> Place:
    return Place(row.at, row.pk)


def _leaf(rows: TransactionQuerySet, asked: Asked) -> tuple[list[Transaction], Place | None, Place | None]:
    """Give the rows of a page, and the places to leaf from to newer and to older ones."""
    if asked.before:
        found = list(_newer(rows, asked.before)[: ROWS + 1])
        if len(found) > ROWS:
            page = found[ROWS - 1 :: -1]
            return page, place_of(page[0]), place_of(page[-1])
        asked = Asked()  # the first page, whole
    found = list(_older(rows, asked.after)[: ROWS + 1])
    page = found[:ROWS]
    newer = place_of(page[0]) if asked.after and page else None
    return page, newer, place_of(page[-1]) if len(found) > ROWS else None


def _older(rows: TransactionQuerySet, place: Place | None) -> TransactionQuerySet:
    rows = rows.order_by("-at", "-id")
    if place is None:
        return rows
    return rows.filter(Q(at__lt=place.at) | Q(at=place.at, id__lt=place.id), at__lte=place.at)


def _newer(rows: TransactionQuerySet, place: Place) -> TransactionQuerySet:
    return rows.order_by("at", "id").filter(Q(at__gt=place.at) | Q(at=place.at, id__gt=place.id), at__gte=place.at)


def _add_up(totals: list[MonthTotal], shown: str) -> tuple[int, list[Sum]]:
    """Add up the sums that are kept: how many transactions, and what they come to in each currency."""
    count = 0
    sums: dict[str, Sum] = {}
    for total in totals:
        if shown not in (ALL, INCOMING, OUTGOING, total.kind):
            continue
        came_in, went_out = shown != OUTGOING, shown != INCOMING
        count += came_in * total.incoming_count + went_out * total.outgoing_count
        known = sums.get(total.currency, Sum(total.currency, 0, 0))
        sums[total.currency] = Sum(
            total.currency,
            known.incoming + came_in * total.incoming,
            known.outgoing + went_out * total.outgoing,
        )
    return count, [one for one in sums.values() if one.incoming or one.outgoing]
