"""Files of cards that take the place of others, for the tests of their import."""

from pathlib import Path
from typing import Any

from django.db import transaction

from cards import states
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card
from cards.records import COLUMNS
from cards.replacements import retire_replaced
from cards.tests import card_files
from cards.tests.card_files import Outcome, run, write
from cards.tests.factories import resident_id

HEADER = (*COLUMNS, "replaces")
NAMED = "Cards whose place new ones take"


def good(serial: int, **cells: str) -> dict[str, str]:
    """Another card of the same person for each serial."""
    return card_files.good(serial, **{"id_number": resident_id(0), **cells})


def number(serial: int) -> str:
    return good(serial)["card_number"]


def imported(folder: Path, *rows: dict[str, str], **options: Any) -> Outcome:
    return run(write(folder / "cards.csv", *rows, header=HEADER), **options)


def pairs() -> dict[str, str]:
    """Old and new numbers of the cards that have been replaced."""
    cards = Card.objects.exclude(replaced_by=None).select_related("replaced_by")
    return {card.number: card.replaced_by.number for card in cards if card.replaced_by}


def activate(card: Card) -> None:
    """As a verdict does, in one transaction."""
    with transaction.atomic():
        Card.objects.filter(pk=card.pk).update(state=State.ACTIVATING)
        states.move(card_id=card.pk, to=State.ACTIVE, actor=Actor.system(), channel=Via.SYSTEM, reason="verified")
        retire_replaced(by=card.pk)
