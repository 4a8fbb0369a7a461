"""What is wrong with a value a person or an issuer gave, told by the id of a catalogue message."""

from typing import Any


class Mistake(ValueError):
    """A value that cannot be taken as it is.

    `message_id` is the id of the sentence in the message catalogue ("E13") and `params` are its values. No wording is
    here, and never the value itself, because mistakes are logged, counted and shown to staff.
    """

    def __init__(self, message_id: str, **params: Any) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.params = params


class NameNotUnderstood(Mistake):
    """A name that is empty (E10) or longer than 100 characters (E11)."""


class DocumentNumberNotUnderstood(Mistake):
    """An identity document's number that is empty (E12, E16), of the wrong length (E13, E17) or mistyped (E14)."""


class PhoneNotUnderstood(Mistake):
    """A phone number that is empty (E20), no mainland mobile number (E21) or incomplete (E22)."""


class EmailNotUnderstood(Mistake):
    """An email address that is empty or not one (E23)."""


class CardNumberNotUnderstood(Mistake):
    """A card number that is empty (E63), of the wrong length (E64) or mistyped (E64b)."""
