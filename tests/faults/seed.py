"""`python -m tests.faults.seed 20` writes twenty cards with a live code, and prints what their holders know as JSON.

For a database that is not the suite's, which a test may freeze.
"""

import json
import sys
from typing import Any

import django

django.setup()

from activation.tests.factories import issue  # noqa: E402  (needs the models)
from cards.models import Card  # noqa: E402
from cards.tests.factories import CardFactory  # noqa: E402


def holder(card: Card, code: str) -> dict[str, str]:
    """What the card's holder knows."""
    return {"number": card.number, "phone": card.phone, "name": card.holder_name, "idno": card.id_number, "code": code}


def holders(count: int) -> list[dict[str, Any]]:
    """Write that many cards, each with a code in its holder's hand."""
    cards: list[Card] = CardFactory.create_batch(count)
    return [holder(card, issue(card, "sms").derive()) for card in cards]


if __name__ == "__main__":
    json.dump(holders(int(sys.argv[1])), sys.stdout)
