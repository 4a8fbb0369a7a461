"""How long a card's document number and what was done to it are kept, and their going, in short steps."""

from datetime import datetime, timedelta

from cards.models import Card, CardEvent
from vault.ids import first_id
from vault.sweeping import delete_in_steps, update_in_steps

ID_NUMBER_KEPT = timedelta(days=30)
"""After the verdict."""
EVENTS_KEPT = timedelta(days=7 * 365 + 2)
"""Seven years, with the two leap days that they may have."""


def forget_id_numbers(at: datetime) -> int:
    """Forget the document number of cards that were activated 30 days ago; how many. Index and last digits stay.

    An activated card is never verified by the journey again. Whether a number that somebody says is the right one can
    still be told, by its index.
    """
    kept = Card.objects.with_id_number_since(at - ID_NUMBER_KEPT)
    return update_in_steps(kept.order_by("activated_at"), {"id_number": None})


def forget_events(at: datetime) -> int:
    """Delete events that are seven years old; how many went. They lie in the order of their ids, as they came."""
    oldest = at - EVENTS_KEPT
    return delete_in_steps(CardEvent.objects.filter(pk__lt=first_id(oldest), at__lt=oldest).order_by("pk"))
