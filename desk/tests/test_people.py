"""Who an account is and what it holds, and who did what to a card."""

from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.account_events import record
from accounts.models import CardHelper, Case, LossReport, User, UserSession
from accounts.tests.factories import CardBindingFactory, UserFactory
from activation.tests.factories import unsubmitted
from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.models import CardEvent
from cards.models.card_event import UNCOMMON_KINDS, EventKind
from desk.tests.conftest import SignIn, staff_as
from desk.tests.pages import list_of, page_of
from desk.tests.test_speed import statements
from tests.plans import as_new, plan_of

pytestmark = pytest.mark.django_db


def holder_of(cards: int) -> User:
    user = UserFactory.create(phone=f"+861380013{cards:04d}")
    at = timezone.now()
    for _card in range(cards):
        card = CardBindingFactory.create(user=user).card
        helper = UserFactory.create()
        CardHelper.objects.create(user=helper, card=card, place=1, since=at)
        CardHelper.objects.create(user=user, card=CardBindingFactory.create().card, place=1, since=at)
        UserSession.objects.create(user=user, browser="Chrome/Android", began_at=at, seen_at=at)
        record(user_id=user.pk, kind="signed_out_everywhere")
        LossReport.objects.create(card=card, frozen_at=at, changed_at=at)
        Case.objects.create(card=card, opened_at=at)
        unsubmitted(card, closes_at=at)
    Case.objects.create(user=user, notice="new_device", opened_at=at)
    return user


def test_an_account_is_called_by_its_masked_contact_and_tells_what_belongs_to_it(signed_in: SignIn) -> None:
    user = holder_of(2)
    page = signed_in("agent").get(page_of(user)).text
    assert "138 **** 0002" in page[: page.index("</title>")]
    for binding in user.bindings.all():
        assert page_of(binding.card) in page
        assert page_of(binding.card.helpers.get().user) in page
        for related in ("cases", "loss_reports", "activation_attempts"):
            row = getattr(binding.card, related).get()
            assert f'<td data-column="Reference"><a href="{page_of(row)}">{row.reference}</a></td>' in page
    assert page_of(user.cases.get()) in page
    for told in ("Chrome/Android", "You signed out everywhere", "Helps with cards of others"):
        assert told in page
    assert "uperuser" not in page and user.phone not in page
    assert f">{user.pk}" not in page


def test_what_only_staff_have_is_shown_of_staff(signed_in: SignIn) -> None:
    agent = staff_as("agent")
    page = signed_in("auditor").get(page_of(agent)).text
    assert agent.username and agent.username in page and "uperuser" in page


def test_an_account_with_many_cards_is_read_as_often_as_one_with_few(signed_in: SignIn) -> None:
    client = signed_in("agent")
    client.get(page_of(holder_of(2)))  # the first page of all looks up the content types and the programme
    few, many = (len(statements(client, page_of(holder_of(cards)))) for cards in (1, 5))
    assert few == many <= 17


def done_to_a_card(by: Actor, kind: EventKind = EventKind.REPLACEMENT_ASKED) -> CardEvent:
    card = CardBindingFactory.create().card
    return record_event(card_id=card.pk, kind=kind, actor=by, channel=Via.ADMIN, reason="lost")


def test_events_name_the_member_of_staff(signed_in: SignIn) -> None:
    agent: Any = staff_as("agent")
    event = done_to_a_card(Actor.staff(agent.pk, "agent"))  # type: ignore[arg-type]
    client = signed_in("supervisor")
    for address in (list_of(CardEvent), page_of(event), page_of(event.card)):
        assert f"Agent ({agent.username})" in client.get(address).text
    assert page_of(agent) in client.get(page_of(event)).text
    others = [done_to_a_card(Actor.staff(staff_as("agent").pk, "agent")) for _n in range(4)]  # type: ignore[arg-type]
    assert len(statements(client, list_of(CardEvent))) <= 10 and len(others) == 4


def test_the_portal_and_the_issuer_have_no_account(signed_in: SignIn) -> None:
    client = signed_in("auditor")
    for actor in (Actor.system("canary-of-a-task"), Actor.issuer("canary-of-a-task")):
        assert "canary-of-a-task" not in client.get(page_of(done_to_a_card(actor))).text


@time_machine.travel("2026-03-02 13:00:00+08:00")  # a day that does not end meanwhile
def test_events_are_narrowed_to_what_staff_did_to_a_kind_and_to_a_day(signed_in: SignIn) -> None:
    by_staff = done_to_a_card(Actor.staff(staff_as("agent").pk, "agent"))  # type: ignore[arg-type]
    imported = done_to_a_card(Actor.issuer("file"), EventKind.IMPORTED)
    client = signed_in("auditor")
    found = {
        query: {event.pk for event in (by_staff, imported) if page_of(event) in client.get(address(query)).text}
        for query in ("by=staff", "kind=replacement_asked", "kind=denied", "day=0", "day=1", "day=7", "day=x")
    }
    both = {by_staff.pk, imported.pk}
    assert found == {
        "by=staff": {by_staff.pk},
        "kind=replacement_asked": {by_staff.pk},
        "kind=denied": set(),
        "day=0": both,
        "day=1": set(),
        "day=7": both,
        "day=x": both,
    }


def address(query: str) -> str:
    return f"{reverse('admin:cards_cardevent_changelist')}?{query}"


def test_what_is_looked_for_among_millions_of_events_has_an_index(postgres: str) -> None:
    as_new(CardEvent)
    newest = CardEvent.objects.order_by("-pk")
    assert "card_event_by_staff" in plan_of(newest.filter(actor_kind="staff")[:50])
    for kind in UNCOMMON_KINDS:
        assert "card_event_uncommon" in plan_of(newest.filter(kind=kind)[:50])
