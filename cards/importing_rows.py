"""A good row as it is staged: sealed under a new card's id, with its indexes and its digest."""

from cards.importing_staging import StagedRow
from cards.models import Card
from cards.models.tail_field import tail_of
from cards.records import CardRecord
from vault.blind_index import blind_index
from vault.fields import sealed_value
from vault.ids import new_id


def staged_row(row_no: int, record: CardRecord) -> StagedRow:
    """Seal a record as the card it would become. Its digest covers all columns, so it tells any change."""
    pk = new_id()
    number, phone, email = record.card_number, record.phone, record.email
    return (
        row_no,
        pk.hex,
        sealed_value(Card, "number", pk, number),
        blind_index("card_number", number).hex,
        tail_of(number),
        sealed_value(Card, "holder_name", pk, record.holder_name),
        record.id_type,
        sealed_value(Card, "id_number", pk, record.id_number),
        blind_index("id_number", record.id_number).hex,
        tail_of(record.id_number),
        sealed_value(Card, "phone", pk, phone) if phone else None,
        blind_index("phone", phone).hex if phone else None,
        sealed_value(Card, "email", pk, email) if email else None,
        blind_index("email", email).hex if email else None,
        record.language,
        record.expires_on or None,
        blind_index("record", "\n".join(record)).hex,
    )


def rejected_row(row_no: int, card_number: str) -> StagedRow:
    """Stage the card number of a rejected row, so that another row with it is found to be its double."""
    return (row_no, None, None, blind_index("card_number", card_number).hex, *[None] * 13)
