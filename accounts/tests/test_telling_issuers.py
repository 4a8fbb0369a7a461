"""The issuer is told the state of a reported card until its system has taken it."""

from collections.abc import Mapping

import pytest
import time_machine
from django.utils import timezone

from accounts.loss import telling_issuers
from accounts.models import LossReport
from accounts.models.loss_codes import Act
from accounts.tests.losing import a_card, asks, digits_of, enters, froze
from cards import issuer_hosts
from cards.dimensions import State
from cards.issuer_hosts import HostUnavailable, IssuerHost, Outcome, Verdict
from cards.models import Card, CardEvent
from cards.models.card_event import EventKind

pytestmark = pytest.mark.django_db


class Ledger(IssuerHost):
    """An issuer's system that can be away, and notes what it is told."""

    name = "records"

    def __init__(self) -> None:
        self.away, self.told = False, list[tuple[str, str]]()

    def verify(self, *, card: Card, answers: Mapping[str, str]) -> Verdict:
        return Verdict(Outcome.PASSED)

    def take_state(self, *, card: Card, reference: str) -> None:
        if self.away:
            raise HostUnavailable
        self.told.append((card.state, reference))


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    host = Ledger()
    monkeypatch.setitem(issuer_hosts._HOSTS, "records", host)
    return host


def test_the_card_is_frozen_and_the_page_says_received_while_the_issuer_is_away(issuer: Ledger) -> None:
    issuer.away = True
    card = a_card()
    browser = froze(card)
    telling_issuers.tell_waiting()
    assert "Received. We are telling the issuer." in browser.text
    report = LossReport.objects.get()
    assert report.issuer_told_at is None and report.next_try_at > timezone.now()
    issuer.away = False
    with time_machine.travel(report.next_try_at):
        telling_issuers.tell_waiting()
        browser.open("/lost/done/")
    assert issuer.told == [(State.SUSPENDED, report.reference)]
    assert "The issuer knows." in browser.text
    assert CardEvent.objects.filter(card=card, kind=EventKind.ISSUER_TOLD).count() == 1


def test_each_change_is_told_anew_and_the_last_word_is_the_true_one(issuer: Ledger) -> None:
    card = a_card()
    browser = froze(card)
    telling_issuers.tell_waiting()
    browser.fill(what="replace")
    browser.fill()
    telling_issuers.tell_waiting()
    assert [state for state, _reference in issuer.told] == [State.SUSPENDED, State.TERMINATED]
    assert telling_issuers.tell_waiting() == 0


def test_what_changed_while_the_issuer_was_asked_is_told_again(
    issuer: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = a_card()
    froze(card)
    take = issuer.take_state

    def meanwhile(*, card: Card, reference: str) -> None:
        take(card=card, reference=reference)
        if len(issuer.told) == 1:
            enters(asks("/found/", contact=card.email), digits_of(card, Act.UNFREEZE))

    monkeypatch.setattr(issuer, "take_state", meanwhile)
    telling_issuers.tell_waiting()
    assert [state for state, _reference in issuer.told] == [State.SUSPENDED, State.ACTIVE]
    assert LossReport.objects.get().issuer_told_at is not None
