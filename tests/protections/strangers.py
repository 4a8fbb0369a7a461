"""People whom the portal knows, and people whom it does not, who type what looks alike.

What of it a page shows again is equally long for all of them: the last four digits of every card and the last two of
every phone are the same.
"""

import re
from dataclasses import dataclass

from accounts.models import User
from activation.tests.factories import issue
from cards.dimensions import PinStatus, State
from cards.models import Card
from cards.tests.factories import CardFactory, resident_id

TAIL = "2604"


@dataclass(frozen=True)
class Stranger:
    """What somebody types; `known` says whether a card and an account of somebody are that."""

    number: int
    known: bool

    @property
    def _digits(self) -> str:
        return f"{'1' if self.known else '7'}{self.number:05d}"

    @property
    def card(self) -> str:
        return f"6200{self._digits}00{TAIL}"

    @property
    def idno(self) -> str:
        return resident_id(self.number if self.known else self.number + 9000)

    @property
    def phone(self) -> str:
        return f"138{self._digits}00"

    @property
    def email(self) -> str:
        return f"person{self._digits}@example.com"

    @property
    def address(self) -> str:
        """A network of their own, so that nobody is slowed down for what others send."""
        return f"10.{128 * self.known + self.number // 250}.{self.number % 250}.1"

    def typed(self, answers: dict[str, str]) -> dict[str, str]:
        """The answers with what this person has for the words in braces."""
        return {name: answer.format(me=self) for name, answer in answers.items()}

    def unnamed(self, body: bytes) -> bytes:
        """A page without what this person has typed, in digits or in groups of digits."""
        for what in (self.card, self.idno, self.phone, self.email):
            spelled = r"[ -]?".join(re.escape(letter) for letter in what)
            body = re.sub(spelled.encode(), b"what was typed", body)
        return body


def known_people(many: int, since: int = 0) -> list[Stranger]:
    """People with a card in use and an account."""
    people = [Stranger(since + number, known=True) for number in range(many)]
    for who in people:
        make_card(who, State.ACTIVE)
        User(phone=f"+86{who.phone}", email=who.email, language="en", password="!").save()
    return people


def waiting_people(many: int, since: int = 0) -> list[Stranger]:
    """People whose card waits for them, with a code."""
    people = [Stranger(since + number, known=True) for number in range(many)]
    for who in people:
        issue(make_card(who, State.PENDING_ACTIVATION), "email")
    return people


def unknown_people(many: int, since: int = 0) -> list[Stranger]:
    return [Stranger(since + number, known=False) for number in range(many)]


def make_card(who: Stranger, state: State) -> Card:
    card: Card = CardFactory.create(
        number=who.card,
        id_number=who.idno,
        phone=f"+86{who.phone}",
        email=who.email,
        state=state,
        language="en",
        **({"pin_status": PinStatus.OK} if state == State.ACTIVE else {}),
    )
    return card
