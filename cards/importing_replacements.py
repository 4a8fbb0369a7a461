"""The column `replaces`: the card whose place a row's card takes. Looked at before the rows come in, written after.

Before, so that a row which names a wrong card is rejected as a whole; after, so that both cards may be in one file, in
any order. What is written down already is passed over: an interrupted import is simply run again.
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from cards.dimensions import Via
from cards.events import Actor
from cards.importing_reasons import REASONS
from cards.importing_rows import PLACES
from cards.importing_tables import Packed, put_rows
from cards.importing_writing import SOURCE
from cards.models import Card, CardEvent, Programme
from cards.models.card_event import EventKind
from cards.moves import TERMINAL, WAITING
from cards.records import REPLACES
from cards.replacements import retire_replaced

AT_ONCE = 1_000

_ACTOR = Actor.issuer(SOURCE)

_WAITING = ", ".join(f"'{state}'" for state in sorted(WAITING))
_MISTAKES = {
    # The first that fits is the row's one reason. A card of this file will be there when it is written down.
    "not_imported": (
        "WHERE NOT EXISTS (SELECT 1 FROM import_key k WHERE k.key_index = r.old_index) AND NOT EXISTS"
        " (SELECT 1 FROM cards_card c WHERE c.number_index = r.old_index AND c.programme_id = %s)"
    ),
    "has_another": (
        "JOIN cards_card old ON old.number_index = r.old_index AND old.programme_id = %s"
        " JOIN cards_card new ON new.id = old.replaced_by_id WHERE new.number_index <> r.new_index"
    ),
    # Where one of the rows says what is written down already, the others are mistaken, and it is not.
    "replaces_twice": (
        "JOIN (SELECT old_index, MIN(row_no) AS first FROM import_replaces GROUP BY old_index"
        " HAVING COUNT(DISTINCT new_index) > 1) twice ON twice.old_index = r.old_index"
        " WHERE NOT EXISTS (SELECT 1 FROM cards_card old WHERE old.number_index = r.old_index"
        " AND old.programme_id = %s AND old.replaced_by_id IS NOT NULL)"
    ),
    "takes_another": (
        "JOIN cards_card new ON new.number_index = r.new_index AND new.programme_id = %s"
        " JOIN cards_card old ON old.replaced_by_id = new.id WHERE old.number_index <> r.old_index"
    ),
    # Held to what each card will be registered for then: its row changes a card that waits, and no other.
    "other_document": (
        "JOIN import_key mine ON mine.row_no = r.row_no AND mine.key_index = r.new_index AND mine.id_index IS NOT NULL"
        f" LEFT JOIN cards_card new ON new.number_index = r.new_index AND new.state NOT IN ({_WAITING})"
        " LEFT JOIN cards_card old ON old.number_index = r.old_index AND old.programme_id = %s"
        " LEFT JOIN import_key theirs ON theirs.key_index = r.old_index AND theirs.id_index IS NOT NULL"
        f" AND (old.id IS NULL OR old.state IN ({_WAITING}))"
        " WHERE (old.id IS NOT NULL OR theirs.id_index IS NOT NULL)"
        " AND (COALESCE(theirs.id_type, old.id_type) = COALESCE(new.id_type, mine.id_type)"
        " AND COALESCE(theirs.id_index, old.id_number_index) = COALESCE(new.id_number_index, mine.id_index)"
        ") IS NOT TRUE"
    ),
}
_FIRST_ROW = {"replaces_twice": "REPLACE(%s, '{row}', CAST(twice.first AS varchar(20)))"}
_WANTED = (
    "FROM import_replaces r WHERE NOT EXISTS (SELECT 1 FROM import_mistake m WHERE m.row_no = r.row_no) AND NOT EXISTS"
    " (SELECT 1 FROM cards_card old JOIN cards_card new ON new.id = old.replaced_by_id"
    " WHERE old.number_index = r.old_index AND new.number_index = r.new_index)"
)
_NAME = (
    "UPDATE cards_card SET replaced_by_id = pair.new_id, updated_at = %s FROM ("  # noqa: S608 - our own words
    "SELECT old.id AS old_id, new.id AS new_id FROM import_replaces r"
    " JOIN cards_card old ON old.number_index = r.old_index AND old.programme_id = %s AND old.replaced_by_id IS NULL"
    " JOIN cards_card new ON new.number_index = r.new_index AND new.programme_id = %s"
    f" AND new.state NOT IN ({', '.join(['%s'] * len(TERMINAL))})"
    " AND new.id_type = old.id_type AND new.id_number_index = old.id_number_index"
    " WHERE r.row_no BETWEEN %s AND %s"
    " AND NOT EXISTS (SELECT 1 FROM import_mistake m WHERE m.row_no = r.row_no)"
    " AND NOT EXISTS (SELECT 1 FROM cards_card taking WHERE taking.replaced_by_id = new.id)"
    ") AS pair WHERE cards_card.id = pair.old_id AND cards_card.replaced_by_id IS NULL"
    " RETURNING cards_card.id, cards_card.replaced_by_id"
)
"""What names the replacements of some rows, where neither card has been given another meanwhile."""


class _Pair(NamedTuple):
    row_no: int
    new_index: UUID
    old_index: UUID


def stage(pairs: list[Packed]) -> None:
    """Stage the replacements of some rows, packed: the row's number, the indexes of the new card and of the old."""
    put_rows("import_replaces", ("row_no", "new_index", "old_index"), pairs)


def reject(programme: Programme) -> int:
    """Make a mistake of every row whose replacement cannot be; gives how many rows those are."""
    found = 0
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX import_replaces_row_no ON import_replaces (row_no)")
        cursor.execute("CREATE INDEX import_key_index ON import_key (key_index)")
        for name, where in _MISTAKES.items():
            reason = str(REASONS[name]) % {"row": "{row}"} if name in _FIRST_ROW else str(REASONS[name])
            cursor.execute(
                "INSERT INTO import_mistake"  # noqa: S608 - our own words
                f" SELECT DISTINCT r.row_no, %s, %s, {_FIRST_ROW.get(name, '%s')} FROM import_replaces r {where}"
                " AND NOT EXISTS (SELECT 1 FROM import_mistake said WHERE said.row_no = r.row_no AND said.field = %s)",
                [PLACES[REPLACES], REPLACES, reason, *[programme.pk.hex] * where.count("%s"), REPLACES],
            )
            found += cursor.rowcount
    return found


def count_wanted() -> int:
    """Count the replacements of good rows that are not written down yet."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) {_WANTED}")
        return int(cursor.fetchone()[0])


def write(programme: Programme) -> int:
    """Write down the replacements of good rows, some at a time; gives how many. A closed card replaces none."""
    return sum(_write(programme, pairs) for pairs in _pages())


def note_unwritten() -> None:
    """Tell of good rows whose replacement could not be written down, and put them into the file of rejected rows, so
    that it is not forgotten when the row of the old card has been mended. The rows themselves are in."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO import_mistake SELECT r.row_no, %s, %s, %s {_WANTED}",
            [PLACES[REPLACES], REPLACES, str(REASONS["unwritten"])],
        )


def _pages() -> Iterator[list[_Pair]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT r.row_no, r.new_index, r.old_index {_WANTED} AND r.row_no > %s ORDER BY r.row_no LIMIT %s",
                [last, AT_ONCE],
            )
            pairs = [_Pair(row_no, UUID(str(new)), UUID(str(old))) for row_no, new, old in cursor.fetchall()]
        if not pairs:
            return
        yield pairs
        last = pairs[-1].row_no


def _write(programme: Programme, pairs: list[_Pair]) -> int:
    """As `cards.replacements.name_replacement`, with the same lock on the new cards, for many at once: one statement
    names them all. The old cards are locked, too, in the order of their ids, so that two imports wait for each other
    and never both ways."""
    ours, at = Card.objects.filter(programme=programme), timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        new = ours.filter(number_index__in=[pair.new_index for pair in pairs]).exclude(state__in=TERMINAL)
        used = dict(new.order_by("pk").select_for_update().values_list("pk", "activated_at"))
        old = ours.filter(number_index__in=[pair.old_index for pair in pairs], replaced_by=None)
        list(old.order_by("pk").select_for_update().values_list("pk"))
        moment = str(connection.ops.adapt_datetimefield_value(at))
        cursor.execute(
            _NAME, [moment, programme.pk.hex, programme.pk.hex, *sorted(TERMINAL), pairs[0].row_no, pairs[-1].row_no]
        )
        named = [(UUID(str(old_id)), UUID(str(new_id))) for old_id, new_id in cursor.fetchall()]
        CardEvent.objects.bulk_create(
            CardEvent(
                card_id=old_id,
                kind=EventKind.REPLACEMENT_NAMED,
                actor_kind=_ACTOR.kind,
                actor_id=_ACTOR.id,
                channel=Via.SYSTEM,
            )
            for old_id, _new_id in sorted(named)
        )
        for _old_id, new_id in sorted(named):
            if used.get(new_id):
                retire_replaced(by=new_id)
    return len(named)
