"""What the room keeps: programmes, cards, what was done to them, and their PINs."""

from cards.models.card import Card
from cards.models.card_event import CardEvent
from cards.models.pin import Pin
from cards.models.programme import Programme

__all__ = ["Card", "CardEvent", "Pin", "Programme"]
