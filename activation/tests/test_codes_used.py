"""How many of the codes that were sent have been used: what the breaker asks of each kind."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.messages import signed_in
from accounts.models import SignInCode
from accounts.tests.factories import UserFactory
from activation.messages import confirmed, entered
from activation.models import ContactCode
from activation.tests.factories import issue
from activation.tests.journey import at_identity, the_attempt
from cards.code_rules import SHORT
from cards.dimensions import Channel
from cards.models import Card
from cards.tests.factories import CardFactory
from messaging.kinds import all_kinds

pytestmark = pytest.mark.django_db


def test_every_kind_that_carries_a_code_can_tell_how_many_were_used() -> None:
    carrying = {kind.name for kind in all_kinds() if kind.name.endswith("_code")}
    assert carrying >= {"activation_code", "contact_code", "sign_in_code"}
    assert {kind.name for kind in all_kinds() if kind.used} == carrying


def test_an_activation_code_is_used_when_it_has_opened_the_journey() -> None:
    at = timezone.now()
    unused, ended = issue(CardFactory.create()), issue(CardFactory.create(), revoked_at=at)
    reserved = issue(CardFactory.create(), reserved_until=at + timedelta(hours=24))
    consumed = issue(CardFactory.create(), consumed_at=at)
    newer = issue(CardFactory.create(), superseded_at=at, reserved_until=at + timedelta(hours=24))
    issue(CardFactory.create(), consumed_at=at)  # not asked for
    assert entered([code.pk for code in (unused, ended, reserved, consumed, newer)]) == 3
    assert entered([unused.pk]) == entered([]) == 0


def test_entering_a_code_uses_it() -> None:
    card: Card = CardFactory.create()
    at_identity(card)
    assert entered([the_attempt().code_id]) == 1


@pytest.mark.parametrize("used", [True, False])
def test_a_security_code_is_used_when_it_was_accepted(used: bool) -> None:
    at = timezone.now()
    card = CardFactory.create()
    at_identity(card)
    ends = {"consumed_at": at} if used else {"superseded_at": at}
    contact = ContactCode.draw(rule=SHORT, channel=Channel.SMS, at=at, attempt=the_attempt(), **ends)
    sign_in = SignInCode.draw(rule=SHORT, channel=Channel.SMS, at=at, user=UserFactory.create(), **ends)
    contact.save(force_insert=True)
    sign_in.save(force_insert=True)
    assert confirmed([contact.pk]) == signed_in([sign_in.pk]) == used
