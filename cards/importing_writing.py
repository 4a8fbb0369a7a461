"""Bringing sealed rows into the cards: new ones, and changed ones whose card nobody uses yet."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.transaction import atomic
from django.utils import timezone

from cards.dimensions import ActorKind, Fulfilment, PinStatus, Profile, State, Via
from cards.events import Actor
from cards.importing_rows import KEPT, SealedRow
from cards.importing_tables import packer, put_rows, unpack
from cards.models import Card, CardEvent, Programme
from cards.models.card_event import EventKind
from cards.moves import WAITING
from cards.new_holders import count_left, end_all, with_new_holder
from cards.replacements import unname_other_persons
from vault.fields import EncryptedTextField
from vault.sealing import seal, unseal

SOURCE = "import"
"""What the events of an import name as the issuer's hand."""

_UNCHANGING = {"id", "number", "number_index", "number_tail"}
_SEALED = {field.name: field for field in Card._meta.get_fields() if isinstance(field, EncryptedTextField)}


class Existing(NamedTuple):
    """What is known of a card that is there already."""

    id: UUID
    programme_id: UUID
    state: str
    record_digest: UUID | None


def existing_cards(rows: Collection[SealedRow]) -> dict[str, Existing]:
    """Find the cards of rows that are there already, by the index of their number in hex."""
    found = Card.objects.filter(number_index__in=[UUID(row.number_index) for row in rows]).values_list(
        "number_index", *Existing._fields
    )
    return {index.hex: Existing(*rest) for index, *rest in found if index}


def insert_cards(programme: Programme, rows: Collection[SealedRow]) -> None:
    """Insert new cards and their events, all or none. Raises IntegrityError when one of the numbers exists."""
    now = _moment(timezone.now())
    given = {
        "programme_id": programme.pk.hex,
        "fulfilment": Fulfilment.NOT_APPLICABLE.value,
        "state": State.PENDING_ACTIVATION.value,
        "previous_state": "",
        "wrong_pins": 0,
        "state_since": now,
        "pin_status": PinStatus.NOT_SET.value,
        "profile": Profile.ALLOCATED.value if programme.kind == Programme.Kind.ESIM else "",
        "record_version": 1,
        "created_at": now,
        "updated_at": now,
    }
    event = {
        "kind": EventKind.IMPORTED.value,
        "from_state": "",
        "to_state": State.PENDING_ACTIVATION.value,
        "actor_kind": ActorKind.ISSUER.value,
        "actor_id": SOURCE,
        "actor_role": "",
        "channel": Via.SYSTEM.value,
        "reason": "",
        "comment": "",
        "reference": "",
        "at": now,
    }
    with atomic():
        if connection.vendor == "postgresql":
            # Nothing has been reported yet: what a crash of the server takes back is imported again. An import ends
            # with a DROP TABLE, which always commits synchronously, and all that came before with it.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit = off")
        put_rows("cards_card", KEPT, (row.packed for row in rows), same=given)
        # A card is imported once, so this event takes the card's id and cannot be written twice.
        put_rows("cards_cardevent", ("id", "card_id"), map(packer(), ((row.id, row.id) for row in rows)), same=event)


Change = tuple[SealedRow, UUID]
"""A row, and the id of the card that is there already."""


def cards_for_others(changes: Collection[Change], *, lock: bool = False) -> set[UUID]:
    """Give the cards that these rows would register for somebody else; `lock` them all, in the order of their ids."""
    cards = Card.objects.filter(pk__in=[card_id for _row, card_id in changes]).order_by("pk")
    known = (cards.select_for_update() if lock else cards).values_list("pk", "id_type", "id_number_index")
    return with_new_holder(
        {card_id: _document(row) for row, card_id in changes}, {pk: (kind, index) for pk, kind, index in known}
    )


def update_cards(changes: Collection[Change]) -> tuple[set[UUID], int]:
    """Update the cards with these ids, where they still wait and have another record; gives the ids of those, and how
    many of them have left an account with that.

    The record's version grows with it, and codes issued for an earlier version are dead. The cards are locked first,
    so that two imports at once agree on whose card it was. One that is somebody else's now takes no other's place.
    """
    with atomic(), connection.cursor() as cursor:
        others = cards_for_others(changes, lock=True)
        updated = [card_id for row, card_id in changes if _update(cursor, row, card_id)]
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
        others &= set(updated)
        left = count_left(others)
        end_all(others, timezone.now())
        unname_other_persons(others, actor=Actor.issuer(SOURCE), channel=Via.SYSTEM)
    return set(updated), left


def _document(row: SealedRow) -> tuple[str, UUID]:
    values = dict(zip(KEPT, unpack(row.packed), strict=True))
    return values["id_type"], UUID(values["id_number_index"])


def _update(cursor: Any, row: SealedRow, card_id: UUID) -> bool:
    """Update one card. What was sealed for a new card is sealed anew, for this one's id."""
    values = dict(zip(KEPT, unpack(row.packed), strict=True))
    values = {name: value for name, value in values.items() if name not in _UNCHANGING}
    for name in values.keys() & _SEALED.keys():
        if values[name] is not None:
            field = _SEALED[name]
            plain = unseal(values[name], bound_to=field.bound_to(UUID(row.id)))
            values[name] = seal(plain, bound_to=field.bound_to(card_id))
    values["updated_at"] = _moment(timezone.now())
    waiting = sorted(WAITING)
    cursor.execute(
        f"UPDATE cards_card SET {', '.join(f'{name} = %s' for name in values)}, record_version = record_version + 1"
        f" WHERE id = %s AND state IN ({', '.join(['%s'] * len(waiting))})"
        " AND (record_digest IS NULL OR record_digest <> %s)",
        [*values.values(), card_id.hex, *map(str, waiting), row.record_digest],
    )
    return bool(cursor.rowcount)


def _moment(at: datetime) -> str:
    """Give a moment as text that this database takes."""
    return str(connection.ops.adapt_datetimefield_value(at))
