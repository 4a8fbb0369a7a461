"""After submission: the issuer host is asked, its verdict is recorded once, and what follows from it happens."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import CardBinding
from activation import tasks, verification
from activation.limits import IDENTITY_MISMATCHES
from activation.models import ActivationAttempt, ActivationCode
from activation.models.attempts import Verdict as Outcome
from activation.tasks import close_stale_attempts, sweep_attempts, verify_attempt
from activation.tests.browser import Browser
from activation.tests.factories import submitted
from activation.tests.journey import at_pin, at_wait, the_attempt
from activation.tests.worker import verify_all
from activation.verification import FEW, record_verdict, verify_waiting
from cards import issuer_hosts, states
from cards.dimensions import State, Via
from cards.events import Actor
from cards.issuer_hosts import HostUnavailable, IssuerHost, Verdict, register
from cards.models import Card, CardEvent, Pin, Programme
from cards.tests.factories import CardFactory
from messaging.models import Message
from vault import limits

pytestmark = pytest.mark.django_db


class RemoteHost(IssuerHost):
    """An issuer's system behind a network that fails as often as it is told to."""

    name = "remote"

    def __init__(self) -> None:
        self.failures = 0
        self.breaks_for: Card | None = None
        self.asked = 0

    def verify(self, *, card: Card, answers: Mapping[str, str]) -> Verdict:
        self.asked += 1
        if card == self.breaks_for:
            raise ValueError("broken")
        if self.asked <= self.failures:
            raise HostUnavailable
        return Verdict(issuer_hosts.Outcome.PASSED, "verified")


@pytest.fixture
def card() -> Card:
    return CardFactory.create()


@pytest.fixture
def host(card: Card) -> Iterator[RemoteHost]:
    host = RemoteHost()
    register(host)
    Programme.objects.update(issuer_host="remote")
    yield host
    del issuer_hosts._HOSTS["remote"]


def test_yes_consumes_the_code_activates_and_binds_the_card_and_tells_every_contact(card: Card) -> None:
    at_wait(card)
    verify_all()
    card.refresh_from_db()
    assert (card.state, card.pin_status) == ("active", "ok")
    assert ActivationCode.objects.get(card=card).consumed_at
    assert CardBinding.objects.live().get(card=card).user.email == card.email
    assert Message.objects.filter(kind="card_active").count() == 2
    states = CardEvent.objects.filter(card=card, kind="moved").order_by("at").values_list("to_state", flat=True)
    assert list(states) == ["activating", "active"]


def test_no_ends_the_attempt_and_leaves_the_card_as_it_was(card: Card) -> None:
    browser = at_pin(card)
    browser.open(browser.at.replace("choose-pin", "confirm-identity"))
    browser.fill(name="李四")
    browser.fill(pin="739146", pin2="739146")
    browser.fill(agree="on")
    verify_all()
    card.refresh_from_db()
    attempt = the_attempt()
    assert (attempt.verdict, card.state, card.pin_status) == ("not_matched", "pending_activation", "not_set")
    assert attempt.closed_at
    assert not Pin.objects.exists()
    assert not CardBinding.objects.exists()
    assert limits.peek(IDENTITY_MISMATCHES, str(card.pk)).tries == 1
    assert ActivationCode.objects.live(timezone.now()).filter(card=card).exists()
    assert Message.objects.filter(kind="activation_not_possible").count() == 2
    browser.open(browser.at.replace("wait", "problem"))
    assert "name" in attempt.reason
    assert attempt.reason not in browser.text
    assert "We tell the contacts registered for the card that it cannot be activated yet:" in browser.text


def test_a_verdict_is_recorded_once(card: Card) -> None:
    at_wait(card)
    verify_all()
    attempt = the_attempt()
    assert not record_verdict(attempt, Outcome.REFUSED, reason="late")
    assert the_attempt().verdict == "passed"
    assert Message.objects.filter(kind="card_active").count() == 2


def test_a_host_that_is_away_is_asked_again_later_and_the_page_says_so(card: Card, host: RemoteHost) -> None:
    host.failures = 2
    browser = at_wait(card)
    sweep_attempts()
    assert sweep_attempts() == 0
    assert the_attempt().verdict == ""
    for seconds in (15, 60):
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
            sweep_attempts()
    assert host.asked == 3
    assert the_attempt().verdict == "passed"
    browser.open(browser.at)
    assert "Your card is active" in browser.text


def test_an_attempt_that_the_host_breaks_on_keeps_no_other_waiting(card: Card, host: RemoteHost) -> None:
    at_wait(card)
    broken, other = the_attempt(), CardFactory.create(programme=card.programme)
    host.breaks_for = card
    at_wait(other)
    assert sweep_attempts() == 2
    other.refresh_from_db()
    broken.refresh_from_db()
    assert (other.state, broken.verdict) == ("active", "")
    host.breaks_for = None
    with time_machine.travel(timezone.now() + timedelta(seconds=15)):
        sweep_attempts()
    broken.refresh_from_db()
    assert broken.verdict == "passed"


@pytest.mark.parametrize(("to", "reason"), [(State.TERMINATED, "lost"), (State.BLOCKED, "fraud")])
def test_a_yes_for_a_card_that_was_closed_or_blocked_meanwhile_activates_nothing(
    card: Card, to: State, reason: str
) -> None:
    browser = at_wait(card)
    assert states.move(card_id=card.pk, to=to, actor=Actor.issuer(), channel=Via.API, reason=reason)
    verify_all()
    card.refresh_from_db()
    attempt = the_attempt()
    assert (card.state, attempt.verdict, attempt.reason) == (to, "refused", "card_no_longer_waits")
    assert not CardBinding.objects.exists()
    assert not Pin.objects.exists()
    assert not ActivationCode.objects.exclude(consumed_at=None).exists()
    assert not Message.objects.filter(kind="card_active").exists()
    browser.open(browser.at)
    assert "Your card is active" not in browser.text


def test_two_workers_ask_once(card: Card, host: RemoteHost) -> None:
    at_wait(card)
    attempt_id = str(the_attempt().pk)
    verify_attempt(attempt_id)
    verify_attempt(attempt_id)
    assert host.asked == 1


def test_no_answer_within_24_hours_gives_the_card_back(card: Card, host: RemoteHost) -> None:
    host.failures = 99
    at_wait(card)
    sweep_attempts()
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        close_stale_attempts()
    card.refresh_from_db()
    assert (the_attempt().verdict, card.state) == ("no_answer", "pending_activation")


def test_the_waiting_page_tells_the_truth_as_time_goes_by(card: Card, host: RemoteHost) -> None:
    browser = at_wait(card)
    address = browser.at
    for seconds, words in (
        (1, "We are checking your details"),
        (31, "This is taking longer than usual"),
        (181, "No result yet. You can leave"),
    ):
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
            browser.open(address)
            assert words in browser.text
            assert words in browser.open(f"{address}status/").content.decode()


def test_coming_back_with_card_number_and_code_shows_the_waiting_page_on_any_device(card: Card) -> None:
    at_wait(card)
    code = ActivationCode.objects.get(card=card).derive()
    browser = Browser()
    browser.open("/activate/enter-code/")
    browser.fill(card_number=card.number, code=code)
    assert browser.at.endswith("/wait/")
    assert ActivationAttempt.objects.count() == 1


def test_the_details_can_be_corrected_with_the_answers_copied(card: Card) -> None:
    browser = at_pin(card)
    browser.open(browser.at.replace("choose-pin", "confirm-identity"))
    browser.fill(name="李四")
    browser.fill(pin="739146", pin2="739146")
    browser.fill(agree="on")
    verify_all()
    browser.open(browser.at.replace("wait", "problem"))
    problem = browser.at
    browser.send(problem)
    following = browser.at
    assert following.endswith("/confirm-identity/")
    browser.send(problem)
    assert browser.at == following
    assert ActivationAttempt.objects.count() == 2
    browser.fill(name=card.holder_name)
    browser.fill(pin="739146", pin2="739146")
    browser.fill(agree="on")
    verify_all()
    card.refresh_from_db()
    assert card.state == "active"


def test_after_five_mismatches_nothing_can_be_corrected_until_the_named_time(card: Card) -> None:
    browser = at_pin(card)
    browser.open(browser.at.replace("choose-pin", "confirm-identity"))
    browser.fill(name="李四")
    browser.fill(pin="739146", pin2="739146")
    browser.fill(agree="on")
    verify_all()
    for _mismatch in range(4):
        limits.count(IDENTITY_MISMATCHES, str(card.pk))
    browser.open(browser.at.replace("wait", "problem"))
    assert "You have tried too many times. Try again after" in browser.text
    browser.send(browser.at)
    assert ActivationAttempt.objects.count() == 1


def test_one_sweep_looks_at_more_than_one_claim_and_stops_when_its_time_is_over(host: RemoteHost) -> None:
    host.failures = 1000
    for _number in range(FEW + 3):
        submitted(CardFactory.create(), submitted_at=timezone.now())
    assert verify_waiting(seconds=0) == 1
    assert sorted(ActivationAttempt.objects.values_list("tries", flat=True)) == [0] * (FEW + 2) + [1]
    assert verify_waiting() == FEW + 2
    assert host.asked == FEW + 3
    assert verify_waiting() == 0, "they are asked about again later"


@pytest.mark.parametrize(("quick", "goes_on"), [(3, True), (4, False)])
def test_a_sweep_that_found_the_host_quick_lets_the_next_one_go_on_at_once(
    host: RemoteHost, monkeypatch: pytest.MonkeyPatch, quick: int, goes_on: bool
) -> None:
    """Else whoever came while the broker was away waits for one sweep after the other, half of each beat."""
    published: list[Any] = []
    monkeypatch.setattr(tasks, "publish", lambda task, **options: published.append((task.name, options)))
    monkeypatch.setattr(verification, "QUICK", quick)
    host.failures = 1000
    for _number in range(3):
        submitted(CardFactory.create(), submitted_at=timezone.now())
    assert sweep_attempts() == 3
    expected = [("activation.tasks.sweep_attempts", {"queue": "codes", "expires": 10.0})]
    assert published == (expected if goes_on else [])


def test_after_24_hours_the_host_is_not_asked_any_more_whichever_sweep_comes_first(host: RemoteHost) -> None:
    attempt = submitted(CardFactory.create(), submitted_at=timezone.now() - timedelta(hours=24))
    verify_attempt(str(attempt.pk))
    assert sweep_attempts() == 0 == host.asked
    assert close_stale_attempts() == 1
    assert ActivationAttempt.objects.get().verdict == Outcome.NO_ANSWER
