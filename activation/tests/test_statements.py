"""What the busiest page asks of the database, so that nobody adds a statement to it without noticing."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activation.models import ActivationCode
from activation.services.enter_code import CODES_LOOKED_AT
from activation.tests.browser import Browser
from activation.tests.factories import issue
from cards.models import Card
from cards.programmes import all_programmes
from cards.tests.factories import CardFactory, ProgrammeFactory
from vault.blind_index import blind_index

pytestmark = pytest.mark.django_db(transaction=True)

AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
ENTER_CODE = "/campus/activate/enter-code/"


def statements(act: Callable[[], Any]) -> list[str]:
    """The verb and the table of every statement, in order."""
    with CaptureQueriesContext(connection) as asked:
        act()
    told = (query["sql"].replace('"', "").split() for query in asked.captured_queries)
    return [f"{words[0]} {_table(words)}" for words in told if words[0] not in AROUND]


def _table(words: list[str]) -> str:
    before = {"SELECT": "FROM", "INSERT": "INTO", "UPDATE": "UPDATE", "DELETE": "FROM"}[words[0]]
    at = words.index(before) + 1
    while words[at].startswith("("):
        at = words.index(before, at) + 1
    return words[at]


@pytest.fixture
def card() -> Card:
    card = CardFactory.create(programme=ProgrammeFactory.create(code="campus"))
    all_programmes()
    return card


TRY = [*["INSERT vault_counter"] * 2, "SELECT activation_activationcode"]
"""Both limits of the place, both of the card number, and the look."""


def test_the_page_asks_nothing(card: Card) -> None:
    assert statements(lambda: Browser().open(ENTER_CODE)) == []


def test_a_wrong_code_is_two_counts_and_one_look(card: Card) -> None:
    browser = Browser()
    browser.open(ENTER_CODE)
    asked = statements(lambda: browser.fill(card_number=card.number, code="123456"))
    assert "does not match our records" in browser.text
    assert asked == [*TRY, "INSERT django_session", "SELECT django_session"]


def test_whether_a_card_is_known_or_not_as_many_codes_are_read(card: Card) -> None:
    """What is read takes time: a look that finds nothing is over sooner."""
    for _other in range(CODES_LOOKED_AT):
        issue(CardFactory.create())
    mine = issue(card)
    for index, own in ((blind_index("card_number", card.number), [mine]), (uuid4(), [])):
        found = ActivationCode.objects.newest_of(index, None, CODES_LOOKED_AT)
        assert [code for code in found if code.of_this_card] == own
        assert len(found) == CODES_LOOKED_AT


def test_a_card_that_does_not_exist_asks_the_same_as_one_that_does(card: Card) -> None:
    unknown = CardFactory.build(programme=card.programme).number
    browser = Browser()
    browser.open(ENTER_CODE)
    asked = statements(lambda: browser.fill(card_number=unknown, code="123456"))
    assert asked == [*TRY, "INSERT django_session", "SELECT django_session"]


def test_right_digits_of_a_changed_record_ask_the_same_as_wrong_ones(card: Card) -> None:
    code = issue(card, "sms")
    Card.objects.filter(pk=card.pk).update(record_version=2)
    browser = Browser()
    browser.open(ENTER_CODE)
    asked = statements(lambda: browser.fill(card_number=card.number, code=code.derive()))
    assert asked == [*TRY, "INSERT django_session", "SELECT django_session"]


def test_a_right_code_and_the_next_page_are_twelve_statements(card: Card) -> None:
    code = issue(card, "sms")
    browser = Browser()
    browser.open(ENTER_CODE)
    browser.fill(card_number=card.number, code="123456" if code.derive() != "123456" else "654321")
    asked = statements(lambda: browser.fill(card_number=card.number, code=code.derive()))
    assert "Confirm your identity" in browser.text
    assert asked == [
        "SELECT django_session",
        *TRY,
        "UPDATE vault_counter",
        "UPDATE activation_activationcode",
        "SELECT cards_card",
        "INSERT activation_activationattempt",
        "INSERT cards_cardevent",
        "UPDATE django_session",
        "SELECT django_session",
        "SELECT activation_activationattempt",
    ]
