"""Nothing a person can ask for gives tries back: neither a new code, nor a new session, at none of the three doors.

The codes come as they come to people: from a Celery worker, through a gateway.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.sending_limits import SENDS_APART
from accounts.services import SIGN_IN_TRIES
from accounts.tests.factories import UserFactory
from activation.limits import CODE_TRIES, SECURITY_CODE_TRIES
from activation.models import ActivationAttempt
from activation.tests.factories import issue
from cards.models import Card
from cards.tests.factories import CardFactory
from tests.protections.conftest import NAIVE, database_url
from tests.services.installation import Installation, WebServer
from tests.services.redis import RedisServer
from tests.services.sms import SmsGateway
from tests.services.visitor import Visitor
from vault import limits
from vault.limits import Limit
from vault.models import Counter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres", "with_its_keys")]

DOOR, SIGN_IN = "/activate/enter-code/", "/account/sign-in/"
PHONE = "+8613800138000"


@pytest.fixture(scope="module")
def phones() -> Iterator[SmsGateway]:
    with SmsGateway() as gateway:
        yield gateway


@pytest.fixture(scope="module")
def installation(
    django_db_setup: None,
    production_code: Path,
    redis_server: RedisServer,
    phones: SmsGateway,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    told = {"DATABASE_URL": database_url(), "REDIS_URL": redis_server.url, "SMS_URL": phones.url}
    with Installation(production_code, tmp_path_factory.mktemp("logs"), **told) as installation:
        yield installation


@pytest.fixture(scope="module")
def working(installation: Installation) -> Iterator[Installation]:
    with installation.worker:
        yield installation


@pytest.fixture(scope="module")
def web(working: Installation) -> Iterator[WebServer]:
    with working.web:
        yield working.web


@pytest.fixture(scope="module")
def naive_web(working: Installation) -> Iterator[WebServer]:
    with working.web_of(NAIVE, NAIVE="count in the session") as server:
        yield server


class Story:
    """Makes browsers, each in a network of its own, and reads the telephone."""

    def __init__(self, web: WebServer, phones: SmsGateway) -> None:
        self.web, self.phones, self.browsers = web, phones, 0
        phones.clear()

    def visitor(self, path: str) -> Visitor:
        self.browsers += 1
        visitor = Visitor(self.web.port, address=f"10.{self.browsers}.0.1")
        visitor.open(path)
        return visitor

    def code(self, count: int) -> str:
        """The code in the latest of so many messages."""
        code: str = self.phones.wait_for(count)[-1].body["params"]["code"]
        return code


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def a_minute_later() -> None:
    """Let the sixty seconds between two sendings be over, in the rows that count them."""
    apart = Counter.objects.filter(tries=SENDS_APART.tries, locked_until=None)
    apart.filter(ends_at__lt=timezone.now() + SENDS_APART.window).update(ends_at=timezone.now() - timedelta(seconds=1))


def tries(limit: Limit, subject: str) -> int:
    return limits.peek(limit, subject).tries


def activation_code_keeps_its_tries(story: Story) -> None:
    card: Card = CardFactory.create()
    wrong = other_than(issue(card, "sms").derive())

    def enter(code: str) -> str:
        return story.visitor(DOOR).fill(card_number=card.number, code=code).text

    for _try in range(4):
        enter(wrong)
    asked = story.visitor("/code/new/").fill(card_number=card.number, contact=card.phone)
    assert "Check your messages" in asked.text
    sent = story.code(1)
    assert tries(CODE_TRIES, card.number) == 4
    assert "Try again after" in enter(other_than(sent)), "it was the fifth"
    assert "Try again after" in enter(sent)


def contact_code_keeps_its_tries(story: Story) -> None:
    card: Card = CardFactory.create()
    letter, subject = issue(card, "letter").derive(), str(card.pk)

    def come_to_the_code() -> Visitor:
        visitor = story.visitor(DOOR)
        visitor.fill(card_number=card.number, code=letter)
        if visitor.current.path.endswith("/confirm-identity/"):
            visitor.fill(name=card.holder_name, idno=card.id_number)
        assert visitor.fill(phone=card.phone, via="sms").path.endswith("/confirm-contact/code/")
        return visitor

    visitor = come_to_the_code()
    wrong = other_than(story.code(1))
    for _try in range(3):
        visitor.fill(otp=wrong)
    a_minute_later()
    visitor.press("resend")
    assert other_than(story.code(2)) == wrong, "in the first half of its life the same digits are sent again"
    assert tries(SECURITY_CODE_TRIES, subject) == 3
    a_minute_later()
    again = come_to_the_code()
    again.fill(otp=wrong)
    page, form = again.current.path.partition("?")[0], again.form()
    assert "Get a new code after" in again.fill(otp=wrong).text, "it was the fifth"
    again.send(form | {"otp": story.code(3)}, page)
    assert "Get a new code after" in again.open(page).text
    assert ActivationAttempt.objects.get(card=card).contact_confirmed_at is None


def sign_in_code_keeps_its_tries(story: Story) -> None:
    UserFactory.create(phone=PHONE)

    def come_to_the_code() -> Visitor:
        visitor = story.visitor(SIGN_IN)
        assert visitor.fill(ident=PHONE).path.startswith("/account/sign-in/verify/")
        return visitor

    visitor = come_to_the_code()
    code = story.code(1)
    for _try in range(3):
        visitor.fill(otp=other_than(code))
    a_minute_later()
    visitor.press("resend")
    assert story.code(2) == code, "in the first half of its life the same digits are sent again"
    assert tries(SIGN_IN_TRIES, PHONE) == 3
    again = come_to_the_code()
    again.fill(otp=other_than(code))
    assert "You have 1 try left" in again.current.text
    assert "Get a new code after" in again.fill(otp=other_than(code)).text
    third = come_to_the_code()
    assert "Get a new code after" in third.current.text
    third.send({"otp": code})
    assert third.open("/cards/").path.startswith(SIGN_IN), "nobody is signed in"


EACH_DOOR = pytest.mark.parametrize(
    "keeps_its_tries", [activation_code_keeps_its_tries, contact_code_keeps_its_tries, sign_in_code_keeps_its_tries]
)


@EACH_DOOR
def test_neither_a_new_code_nor_a_new_session_gives_a_try_back(
    web: WebServer, phones: SmsGateway, keeps_its_tries: Callable[[Story], None]
) -> None:
    keeps_its_tries(Story(web, phones))


@EACH_DOOR
def test_counting_in_the_session_would_give_them_back(
    naive_web: WebServer, phones: SmsGateway, keeps_its_tries: Callable[[Story], None]
) -> None:
    with pytest.raises(AssertionError):
        keeps_its_tries(Story(naive_web, phones))
