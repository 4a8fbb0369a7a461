"""Every form that anybody can open answers known and unknown cards, phones and emails alike, byte for byte.

Tokens, cookies' values and what was typed may differ. A form that is in no table fails the first test. The long form
(`make timing`) asks 300 known and 300 unknown people at each.
"""

import importlib
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.urls import reverse
from django.utils import timezone
from kombu import pools

from accounts import code_requests, services
from accounts.contacts import index_of
from accounts.models import User
from messaging import enqueue
from messaging.delivery import deliver_due
from messaging.models import Message
from pages.tests.browser import Browser
from portal.celery import app
from tests.protections.addresses import asks_to_sign_in, names, takes_posts
from tests.protections.public_forms import BEHIND_A_PROOF, WALKS, Step, Walk
from tests.protections.strangers import Stranger, unknown_people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]  # bytes depend on no database

TOKENS = re.compile(rb'name="(csrfmiddlewaretoken|form_token)" value="[^"]*"')
DOWN = "127.0.0.1:9"
"""Where nobody listens."""

Seen = tuple[tuple[Any, ...], ...]


def test_every_public_form_has_a_row() -> None:
    public = {name for name in names() if takes_posts(name) and not asks_to_sign_in(name)}
    walked = {step.name for walk in WALKS.values() for step in walk.steps}
    assert public == walked | set(BEHIND_A_PROOF)
    assert not walked & set(BEHIND_A_PROOF)


@pytest.fixture
def many(request: pytest.FixtureRequest) -> int:
    """People of each kind."""
    return 300 if request.config.getoption("--full") else 3


@pytest.fixture(params=["as usual", "gateways down", "Redis down"])
def broken(request: pytest.FixtureRequest, settings: LazySettings) -> Iterator[str]:
    """What is not there meanwhile."""
    settings.SMS_URL, broker = "memory:", app.conf.broker_url
    if request.param == "gateways down":
        settings.SMS_URL = f"http://{DOWN}/"
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, *DOWN.split(":")
    if request.param == "Redis down":
        use_broker(f"redis://{DOWN}/0")
    yield request.param
    use_broker(broker)
    enqueue._rest_until = 0.0


SMTP = "django.core.mail.backends.smtp.EmailBackend"


def use_broker(url: str) -> None:
    app.conf.broker_url = url
    pools.reset()  # type: ignore[no-untyped-call]
    app._pool = None
    app.amqp._producer_pool = None


def send_all_that_waits() -> None:
    """What the workers do."""
    code_requests.answer_waiting()
    for channel in ("sms", "email"):
        deliver_due(channel, urgent=True, seconds=5)


def answer_to(step: Step, who: Stranger, browser: Browser) -> Seen:
    """Everything that a stranger can compare: the page with the form, the answer to it, and the page after that."""
    path = reverse(step.name)
    enqueue._rest_until = 0.0  # each time the broker is tried anew
    page = browser.client.get(path, REMOTE_ADDR=who.address)
    sent = browser.client.post(path, who.typed(step.answers), REMOTE_ADDR=who.address)
    after = browser.client.get(sent["Location"], REMOTE_ADDR=who.address)
    return tuple(looked_at(answer, who) for answer in (page, sent, after))


def looked_at(answer: Any, who: Stranger) -> tuple[Any, ...]:
    headers = {name: value for name, value in answer.items() if name != "X-Request-ID"}
    cookies = {name: {**morsel, "expires": ""} for name, morsel in answer.cookies.items()}
    body = TOKENS.sub(b"", answer.content)
    return answer.status_code, repr(headers), repr(cookies), len(body), who.unnamed(body)


def answers_at(walk: Walk, many: int) -> Iterator[tuple[str, set[Seen], set[Seen]]]:
    """For each form of the walk: what the known and what the unknown were answered, asked in random order."""
    crowd = [*walk.known(many), *unknown_people(many)]
    browsers = {who: Browser() for who in crowd}
    for step in walk.steps:
        answers: dict[bool, set[Seen]] = {True: set(), False: set()}
        for who in random.sample(crowd, len(crowd)):
            answers[who.known].add(answer_to(step, who, browsers[who]))
        send_all_that_waits()
        yield step.name, answers[True], answers[False]


def are_answered_alike(walk: Walk, many: int) -> list[Seen]:
    """Check it, and give the one answer of each form."""
    answers = []
    for name, known, unknown in answers_at(walk, many):
        assert known == unknown, name
        (one,) = known
        assert [answer[0] for answer in one] == [200, 303, 200], name
        answers.append(one)
    return answers


@pytest.mark.parametrize("name", WALKS)
def test_known_and_unknown_are_answered_alike(
    name: str, broken: str, many: int, caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        are_answered_alike(WALKS[name], many)
    if WALKS[name].codes_come:  # what was said to be broken was needed, and was broken
        sent = Message.objects.filter(sent_at__isnull=False).count()
        assert (sent > 0) == (broken != "gateways down")  # of 300, as many as a gateway takes in a moment
        assert ("broker did not take" in caplog.text) == (broken == "Redis down")


def test_counting_only_what_exists_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin looks for an account before it counts: the page says from when one can press "send again"."""
    asking = services.request_code

    def looking_first(*, subject: str, **more: Any) -> object:
        return asking(subject=subject, **more) if User.objects.holding_contact(index_of(subject)).exists() else None

    monkeypatch.setattr(importlib.import_module("accounts.services.sign_in"), "request_code", looking_first)
    with time_machine.travel(timezone.now(), tick=False), pytest.raises(AssertionError, match="accounts:"):
        are_answered_alike(WALKS["sign in by phone"], 2)
