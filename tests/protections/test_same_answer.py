"""An unknown card and a wrong code: the same status, the same bytes, the same work."""

import importlib
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import code_requests
from accounts.tests.factories import UserFactory
from activation.tests.browser import Browser
from activation.tests.factories import issue
from cards.dimensions import State
from cards.models import Card
from cards.tests.factories import CardFactory, resident_id
from vault.blind_index import blind_index

pytestmark = pytest.mark.django_db
#: What differs from one page to the next whoever asks: two tokens.
TOKENS = re.compile(rb'name="(csrfmiddlewaretoken|form_token)" value="[^"]*"')
Seen = tuple[int, str, int, bytes, list[str]]


@pytest.fixture(autouse=True)
def one_moment() -> Iterator[None]:
    """Pages say how many seconds are left until a code can be sent again."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def seen(path: str, answers: dict[str, str], typed: str) -> Seen:
    """Everything a stranger can compare: both answers, their length, and the statements that they took."""
    browser = Browser()
    browser.open(path)
    with CaptureQueriesContext(connection) as queries:
        sent = browser.client.post(path, answers)
        page = browser.client.get(sent["Location"])
    body = page.content.replace(typed.encode(), b"what was typed")
    statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"]).split(" WHERE ")[0] for query in queries]
    return sent.status_code, sent["Location"], len(body), TOKENS.sub(b"", body), statements


def at_the_door(card_number: str, code: str) -> Seen:
    return seen("/activate/enter-code/", {"card_number": card_number, "code": code}, card_number)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def cards_and_codes() -> dict[str, tuple[str, str]]:
    """Number and code of each kind that is told E05."""
    wrong, foreign, revoked, closed, without = (CardFactory.create() for _card in range(5))
    current = issue(wrong, "sms").derive()
    end: Card = CardFactory.create(state=State.TERMINATED)
    return {
        "unknown": ("6299999999999999", "904817"),
        "wrong": (wrong.number, other_than(current)),
        "foreign": (foreign.number, issue(closed, "sms").derive()),
        "revoked": (revoked.number, issue(revoked, "sms", revoked_at=timezone.now()).derive()),
        "terminated": (end.number, issue(end, "sms").derive()),
        "without a code": (without.number, "904817"),
    }


def test_what_is_not_accepted_at_the_door_is_answered_alike() -> None:
    answers = {name: at_the_door(*pair) for name, pair in cards_and_codes().items()}
    assert b"does not match our records" in answers["unknown"][3]
    assert {name: answer[:4] for name, answer in answers.items()} == dict.fromkeys(answers, answers["unknown"][:4])
    assert {name: answer[4] for name, answer in answers.items()} == dict.fromkeys(answers, answers["unknown"][4])


def test_deriving_only_where_there_is_a_card_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin says so when a card is unknown: the comparison above is not blind."""
    pairs = cards_and_codes()
    module = importlib.import_module("activation.services.enter_code")
    matching = module._matching_code

    def looking_first(card_number: str, code: str, programme: object) -> object:
        known = Card.objects.filter(number_index=blind_index("card_number", card_number)).exists()
        return matching(card_number, code, programme) if known else None

    monkeypatch.setattr(module, "_matching_code", looking_first)
    assert at_the_door(*pairs["wrong"])[4] != at_the_door(*pairs["unknown"])[4]


def test_asking_for_a_code_is_answered_alike() -> None:
    card: Card = CardFactory.create(phone="+8613800138000")
    other: Card = CardFactory.create()
    pairs = {"right": (card.number, "13800138000"), "wrong": (other.number, "13800138000")}
    pairs["unknown"] = ("6299999999999999", "13800138000")
    answers = {
        name: seen("/code/new/", {"card_number": number, "contact": contact}, number)
        for name, (number, contact) in pairs.items()
    }
    assert answers["right"] == answers["wrong"] == answers["unknown"]


def test_signing_in_is_answered_alike() -> None:
    UserFactory.create(phone="+8613800138000")
    known, unknown = (seen("/account/sign-in/", {"ident": phone}, phone) for phone in ("13800138000", "13900139000"))
    assert known == unknown


@pytest.mark.parametrize("path", ["/lost/", "/found/", "/not-me/"])
def test_asking_for_a_card_that_was_lost_is_answered_alike(path: str) -> None:
    """The form, and each wrong code behind it."""
    CardFactory.create(number="6200000000002604", phone="+8613800138000", state=State.ACTIVE)
    CardFactory.create(number="6200000000009999", phone="+8613700137000", state=State.ACTIVE)
    pairs = {"right": ("2604", "13800138000"), "tail": ("2604", "13700137000"), "unknown": ("2604", "13900138000")}
    answers = {
        name: seen(path, {"tail": tail, "contact": contact}, contact) for name, (tail, contact) in pairs.items()
    }
    assert answers["right"][0] == 303
    assert answers["right"] == answers["tail"] == answers["unknown"]


def test_asking_by_an_id_number_for_a_card_that_was_lost_is_answered_alike() -> None:
    mine = resident_id(2604)
    CardFactory.create(id_number=mine, phone="+8613800138000", state=State.ACTIVE)
    CardFactory.create(id_number=resident_id(4711), phone="+8613700137000", state=State.ACTIVE)
    pairs = {"right": (mine, "13800138000"), "other": (mine, "13700137000"), "unknown": (mine, "13900138000")}
    answers = {
        name: seen("/lost/no-number/", {"idno": idno, "contact": contact}, contact)
        for name, (idno, contact) in pairs.items()
    }
    assert answers["right"][0] == 303
    assert answers["right"] == answers["other"] == answers["unknown"]


def test_a_wrong_code_for_a_lost_card_is_answered_alike() -> None:
    CardFactory.create(number="6200000000002604", phone="+8613800138000", state=State.ACTIVE)
    shown: list[tuple[int, bytes, list[str]]] = []
    for contact in ("13800138000", "13900138000"):
        browser = Browser()
        browser.open("/lost/")
        browser.fill(tail="2604", contact=contact)
        code_requests.answer_waiting()
        with CaptureQueriesContext(connection) as queries:
            browser.fill(otp="000000")
        statements = [query["sql"].split(" ")[0] for query in queries]
        shown.append((browser.page.status_code, TOKENS.sub(b"", browser.page.content), statements))
    assert b"That code is not correct" in shown[0][1]
    assert shown[0] == shown[1]
