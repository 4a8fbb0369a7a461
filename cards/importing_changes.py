"""Bringing staged rows into the cards: new ones in batches, changed ones where nobody has used the card yet."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from cards.dimensions import ActorKind, Fulfilment, PinStatus, Profile, State, Via
from cards.importing_staging import KEPT, count, stream
from cards.models import Card, CardEvent, Programme
from cards.models.card_event import EventKind
from cards.moves import WAITING
from vault.fields import EncryptedTextField
from vault.sealing import seal, unseal

SOURCE = "import"
"""Who the events of an import name as the issuer's hand."""
_CHANGED_AT_ONCE = 500
_EVENT = (
    EventKind.IMPORTED.value,
    State.PENDING_ACTIVATION.value,
    ActorKind.ISSUER.value,
    SOURCE,
    Via.SYSTEM.value,
)
_WAITING = ", ".join(f"'{state}'" for state in sorted(WAITING))
_OTHER_RECORD = "(c.record_digest IS NULL OR c.record_digest <> r.record_digest)"
_EXISTING = (
    "FROM import_row r JOIN cards_card c ON c.number_index = r.number_index"
    f" WHERE c.id <> r.id AND c.programme_id = %s AND {_OTHER_RECORD}"
)
_REPLACED = tuple(name for name in KEPT if name not in {"id", "number", "number_index", "number_tail"})
_SEALED = {
    field.name: field
    for field in Card._meta.get_fields()
    if isinstance(field, EncryptedTextField) and field.name in _REPLACED
}


class KeptCard(NamedTuple):
    """A card that its row would change, if it were still waiting to be activated."""

    row_no: int
    state: State


def insert_new(programme: Programme, *, after: int, up_to: int) -> int:
    """Insert the cards of the rows after one row number up to another, with their events; gives how many were new.

    A card number that exists, perhaps since a moment ago by another import, is left as it is.
    """
    now = _moment(timezone.now())
    given = {
        "programme_id": programme.pk.hex,
        "fulfilment": Fulfilment.NOT_APPLICABLE.value,
        "state": State.PENDING_ACTIVATION.value,
        "previous_state": "",
        "state_since": now,
        "pin_status": PinStatus.NOT_SET.value,
        "profile": Profile.ALLOCATED.value if programme.kind == Programme.Kind.ESIM else "",
        "record_version": 1,
        "created_at": now,
        "updated_at": now,
    }
    kept = ", ".join(KEPT)
    rows = "import_row r WHERE r.row_no > %s AND r.row_no <= %s"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cards_card ({kept}, {', '.join(given)})"
            f" SELECT {kept}, {', '.join(['%s'] * len(given))} FROM {rows} ON CONFLICT (number_index) DO NOTHING",
            [*given.values(), after, up_to],
        )
        inserted = cursor.rowcount
        # A card is imported once, so the event takes the card's id and cannot be written twice.
        cursor.execute(
            "INSERT INTO cards_cardevent (id, card_id, kind, from_state, to_state, actor_kind, actor_id, actor_role,"
            " channel, reason, comment, reference, at)"
            " SELECT r.id, r.id, %s, '', %s, %s, %s, '', %s, '', '', '', %s"
            f" FROM {rows} AND EXISTS (SELECT 1 FROM cards_card c WHERE c.id = r.id)",
            [*_EVENT, now, after, up_to],
        )
    return inserted


def update_changed(programme: Programme) -> int:
    """Update the waiting cards whose rows have changed since they were imported; gives how many.

    The record's version grows with it, and codes issued for an earlier version are dead.
    """
    changed, after = 0, 0
    while page := _changed_rows(programme, after):
        after = page[-1][0]
        with transaction.atomic(), connection.cursor() as cursor:
            updated = [card_id for _row_no, card_id, staged in page if _update(cursor, card_id, staged)]
            CardEvent.objects.bulk_create(
                CardEvent(
                    card_id=card_id,
                    kind=EventKind.RECORD_CHANGED,
                    actor_kind=ActorKind.ISSUER,
                    actor_id=SOURCE,
                    channel=Via.SYSTEM,
                )
                for card_id in updated
            )
        changed += len(updated)
    return changed


def count_existing(programme: Programme) -> int:
    """Count the rows whose card was there before this import, changed or not."""
    return count(
        "SELECT COUNT(*) FROM import_row r JOIN cards_card c ON c.number_index = r.number_index"
        " WHERE c.id <> r.id AND c.programme_id = %s",
        [programme.pk.hex],
    )


def count_changed(programme: Programme) -> int:
    """Count the rows that would change a waiting card."""
    return count(f"SELECT COUNT(*) {_EXISTING} AND c.state IN ({_WAITING})", [programme.pk.hex])


def kept_cards(programme: Programme) -> Iterator[KeptCard]:
    """Give the cards that stay as they are because they wait no more, though their rows have changed."""
    rows = stream(
        f"SELECT r.row_no, c.state {_EXISTING} AND c.state NOT IN ({_WAITING}) ORDER BY r.row_no", [programme.pk.hex]
    )
    return (KeptCard(row_no, State(state)) for row_no, state in rows)


def count_kept(programme: Programme) -> int:
    """Count the cards that stay as they are though their rows have changed."""
    return count(f"SELECT COUNT(*) {_EXISTING} AND c.state NOT IN ({_WAITING})", [programme.pk.hex])


def _changed_rows(programme: Programme, after: int) -> list[tuple[int, UUID, dict[str, Any]]]:
    names = ("id", *_REPLACED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.row_no, c.id, {', '.join(f'r.{name}' for name in names)} {_EXISTING}"
            f" AND c.state IN ({_WAITING}) AND r.row_no > %s ORDER BY r.row_no LIMIT {_CHANGED_AT_ONCE}",
            [programme.pk.hex, after],
        )
        return [
            (row_no, UUID(str(pk)), dict(zip(names, rest, strict=True))) for row_no, pk, *rest in cursor.fetchall()
        ]


def _update(cursor: Any, card_id: UUID, staged: dict[str, Any]) -> bool:
    """Update one card if it still waits and has another record. The values are sealed anew, for the card's own id."""
    staged_id = UUID(str(staged["id"]))
    values = {name: staged[name] for name in _REPLACED}
    for name, field in _SEALED.items():
        if values[name] is not None:
            plain = unseal(bytes(values[name]), bound_to=field.bound_to(staged_id))
            values[name] = seal(plain, bound_to=field.bound_to(card_id))
    values["updated_at"] = _moment(timezone.now())
    cursor.execute(
        f"UPDATE cards_card SET {', '.join(f'{name} = %s' for name in values)}, record_version = record_version + 1"
        f" WHERE id = %s AND state IN ({_WAITING}) AND (record_digest IS NULL OR record_digest <> %s)",
        [*values.values(), card_id.hex, values["record_digest"]],
    )
    return bool(cursor.rowcount)


def _moment(at: datetime) -> Any:
    """Give a moment as this database takes it."""
    return connection.ops.adapt_datetimefield_value(at)
