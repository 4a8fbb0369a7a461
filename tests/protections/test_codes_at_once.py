"""Codes tried by 200 browsers at once, over HTTP at a server with two processes, on PostgreSQL.

Each protection is asked for by one function. The twin without the protection has to fail the same function.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts import code_requests
from accounts.models import SignInCode
from accounts.services import SIGN_IN_TRIES
from accounts.tests.factories import UserFactory
from activation.limits import CODE_TRIES, SECURITY_CODE_TRIES
from activation.models import ActivationAttempt, ContactCode
from activation.tests.factories import issue
from cards.models import Card
from cards.tests.factories import CardFactory
from tests.protections.conftest import NAIVE, database_url
from tests.protections.volleys import (
    Press,
    each,
    five_have_not_given_back,
    look_before_one_writes,
    press_at_once,
    visitors,
)
from tests.services.installation import Installation, WebServer
from tests.services.visitor import Visitor
from vault import limits
from vault.limits import Limit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres", "with_its_keys")]

MANY = 200
ENOUGH = 48
"""Browsers against a twin: more than it takes to go through a limit of five."""

THE_FIFTH = "the fifth is told at once that it was the last one, as all others are"
MORE_THAN_FIVE = r"assert \(([6-9]|\d\d), "

DOOR, STOPPED = "/activate/enter-code/", "/activate/stopped/"
SIGN_IN, VERIFY = "/account/sign-in/", "/account/sign-in/verify/"
PHONE = "+8613800138000"


@pytest.fixture(scope="module")
def installation(
    django_db_setup: None, production_code: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    with Installation(production_code, tmp_path_factory.mktemp("logs"), DATABASE_URL=database_url()) as installation:
        yield installation


@pytest.fixture(scope="module")
def web(installation: Installation) -> Iterator[WebServer]:
    with installation.web:
        yield installation.web


@pytest.fixture(scope="module")
def read_then_write(installation: Installation) -> Iterator[WebServer]:
    with installation.web_of(NAIVE, NAIVE="read then write") as server:
        yield server


@pytest.fixture(scope="module")
def refuse_inside(installation: Installation) -> Iterator[WebServer]:
    with installation.web_of(NAIVE, NAIVE="refuse inside") as server:
        yield server


@pytest.fixture(
    params=[("read_then_write", look_before_one_writes), ("refuse_inside", press_at_once)], ids=lambda p: p[0]
)
def naive(request: pytest.FixtureRequest) -> tuple[WebServer, Press]:
    name, press = request.param
    return request.getfixturevalue(name), press


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


# ---- The activation code.


def good_code_opens_one_attempt_for_one_session(web: WebServer, many: int, press: Press = press_at_once) -> None:
    card: Card = CardFactory.create()
    crowd = visitors(web.port, many)
    each(crowd, lambda visitor: visitor.open(DOOR))
    answers = press(crowd, card_number=card.number, code=issue(card, "letter").derive())
    assert {answer.status for answer in answers} == {303}
    attempt = ActivationAttempt.objects.get()
    first_page = f"/activate/{attempt.reference}/confirm-identity/"
    assert {answer.location for answer in answers} == {first_page}
    assert len({visitor.cookies["sessionid"] for visitor in crowd}) == many
    pages = [page.path for page in each(crowd, lambda visitor: visitor.open(first_page))]
    assert (pages.count(first_page), pages.count(STOPPED)) == (1, many - 1)
    assert attempt.seats_given == many
    assert limits.peek(CODE_TRIES, card.number).tries == 0


def test_one_good_code_from_200_sessions_opens_one_attempt_that_one_session_holds(web: WebServer) -> None:
    good_code_opens_one_attempt_for_one_session(web, MANY)


def test_counting_by_read_then_write_would_turn_some_of_them_away(read_then_write: WebServer) -> None:
    with pytest.raises(AssertionError, match=r"500|stopped"):
        good_code_opens_one_attempt_for_one_session(read_then_write, ENOUGH, five_have_not_given_back)


def wrong_codes_are_evaluated_five_times(web: WebServer, many: int, press: Press = press_at_once) -> None:
    card: Card = CardFactory.create()
    wrong = other_than(issue(card, "sms").derive())
    crowd = visitors(web.port, many)
    each(crowd, lambda visitor: visitor.open(DOOR))
    answers = [answer.location for answer in press(crowd, card_number=card.number, code=wrong)]
    told_wrong, locked = answers.count(f"{DOOR}?e=1#errors"), answers.count(STOPPED)
    assert (told_wrong, locked) == (4, many - 4), THE_FIFTH
    assert_locked(CODE_TRIES, card.number)
    assert not ActivationAttempt.objects.exists()
    assert len({visitor.cookies["sessionid"] for visitor in crowd}) == many


def test_200_wrong_codes_from_200_sessions_are_evaluated_five_times(web: WebServer) -> None:
    wrong_codes_are_evaluated_five_times(web, MANY)


def test_200_wrong_codes_would_be_evaluated_more_often_without(naive: tuple[WebServer, Press]) -> None:
    server, press = naive
    with pytest.raises(AssertionError, match=MORE_THAN_FIVE):
        wrong_codes_are_evaluated_five_times(server, ENOUGH, press)


def assert_locked(limit: Limit, subject: str) -> None:
    counted = limits.peek(limit, subject)
    assert (counted.tries, counted.allowed) == (5, False)


# ---- The code that confirms a contact. Only the browser with the seat reaches its page, so it presses many times.


def seated_at_contact_code(web: WebServer) -> tuple[Visitor, ContactCode]:
    card: Card = CardFactory.create()
    visitor = Visitor(web.port)
    visitor.open(DOOR)
    visitor.fill(card_number=card.number, code=issue(card, "letter").derive())
    visitor.fill(name=card.holder_name, idno=card.id_number)
    visitor.fill(phone=card.phone, via="sms")
    return visitor, ContactCode.objects.get()


def open_many_times(visitor: Visitor, many: int) -> list[Visitor]:
    """The same browser, its page opened in many windows: one session, and each window its own form token."""
    path, windows = visitor.current.path, visitors(visitor.connection.port, many)
    for window in windows:
        window.cookies = visitor.cookies
    each(windows, lambda window: window.open(path))
    return windows


def wrong_contact_codes_are_evaluated_five_times(web: WebServer, many: int, press: Press = press_at_once) -> None:
    visitor, code = seated_at_contact_code(web)
    answers = [answer.location for answer in press(open_many_times(visitor, many), otp=other_than(code.derive()))]
    told_wrong = sum(location.endswith("/confirm-contact/code/?e=1#errors") for location in answers)
    assert (told_wrong, answers.count(STOPPED)) == (4, many - 4), THE_FIFTH
    assert_locked(SECURITY_CODE_TRIES, str(code.attempt.card_id))
    assert ActivationAttempt.objects.get().contact_confirmed_at is None


def test_200_wrong_contact_codes_at_once_are_evaluated_five_times(web: WebServer) -> None:
    wrong_contact_codes_are_evaluated_five_times(web, MANY)


def test_200_wrong_contact_codes_would_be_evaluated_more_often_without(naive: tuple[WebServer, Press]) -> None:
    server, press = naive
    with pytest.raises(AssertionError, match=MORE_THAN_FIVE):
        wrong_contact_codes_are_evaluated_five_times(server, ENOUGH, press)


def test_200_good_contact_codes_at_once_confirm_once_and_lock_nobody_out(web: WebServer) -> None:
    visitor, code = seated_at_contact_code(web)
    answers = press_at_once(open_many_times(visitor, MANY), otp=code.derive())
    assert {(answer.status, answer.location.rsplit("/", 2)[1]) for answer in answers} == {(303, "choose-pin")}
    code.refresh_from_db()
    assert code.consumed_at is not None
    assert limits.peek(SECURITY_CODE_TRIES, str(code.attempt.card_id)).tries == 0


# ---- The code to sign in with.


def at_sign_in_code(web: WebServer, many: int) -> tuple[list[Visitor], SignInCode]:
    """Browsers that all wait for the code of one phone, and that code."""
    UserFactory.create(phone=PHONE)
    crowd = visitors(web.port, many)
    each(crowd, lambda visitor: visitor.open(SIGN_IN))
    each(crowd, lambda visitor: visitor.fill(ident=PHONE))
    code_requests.answer_waiting()
    return crowd, SignInCode.objects.get()


def wrong_sign_in_codes_are_evaluated_five_times(web: WebServer, many: int, press: Press = press_at_once) -> None:
    crowd, code = at_sign_in_code(web, many)
    answers = [answer.location for answer in press(crowd, otp=other_than(code.derive()))]
    counted = Counter("#errors" in answer for answer in answers if answer.startswith(VERIFY))
    assert (counted[True], counted[False]) == (4, many - 4), THE_FIFTH
    assert_locked(SIGN_IN_TRIES, PHONE)
    assert len({visitor.cookies["sessionid"] for visitor in crowd}) == many


def test_200_wrong_sign_in_codes_from_200_sessions_are_evaluated_five_times(web: WebServer) -> None:
    wrong_sign_in_codes_are_evaluated_five_times(web, MANY)


def test_200_wrong_sign_in_codes_would_be_evaluated_more_often_without(naive: tuple[WebServer, Press]) -> None:
    server, press = naive
    with pytest.raises(AssertionError, match=MORE_THAN_FIVE):
        wrong_sign_in_codes_are_evaluated_five_times(server, ENOUGH, press)


def test_one_good_sign_in_code_from_200_sessions_signs_in_one(web: WebServer) -> None:
    crowd, code = at_sign_in_code(web, MANY)
    answers = press_at_once(crowd, otp=code.derive())
    used = "/account/sign-in/?next=%2Fcards%2F&used=1"
    assert Counter((answer.status, answer.location) for answer in answers) == {
        (303, "/cards/"): 1,
        (303, used): MANY - 1,
    }
    pages = [page.path for page in each(crowd, lambda visitor: visitor.open("/cards/"))]
    assert (pages.count("/cards/"), len(pages)) == (1, MANY)
    assert limits.peek(SIGN_IN_TRIES, PHONE).tries == 0
