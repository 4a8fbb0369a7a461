"""What keeps the desk fast on a million rows: which statements it runs, and how many."""

import re
from typing import Any

import pytest
import time_machine
from django.contrib.admin import site
from django.db import connection
from django.db.models import Model
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from activation.tests.factories import issue
from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.models import Card, Programme
from cards.models.card_event import EventKind
from cards.tests.factories import CardFactory
from desk import paginator
from desk.models import Staff
from desk.search import Kind, by_card
from desk.tests.conftest import SignIn
from desk.tests.pages import list_of, page_of, registered, tell_story
from messaging.tests.factories import make_message
from tests.plans import as_new, plan_of
from vault.blind_index import blind_index

FEW_ROWS = {
    "cards.programme",
    "desk.staff",
    "messaging.destination",
    "messaging.gatewayrate",
    "messaging.gatewaysender",
    "messaging.providertemplate",
}
"""Policy and staff: written by hand, so never many."""
WHOLE_TABLE = re.compile(r"^SELECT COUNT\(\*\)(?!.* LIMIT \d+\))", re.S)


def statements(client: Any, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def test_no_list_counts_its_whole_table(signed_in: SignIn) -> None:
    tell_story()
    client = signed_in("superuser")
    for model in registered():
        if model._meta.label_lower in FEW_ROWS:
            continue
        run = statements(client, list_of(model))
        assert [sql for sql in run if WHOLE_TABLE.search(sql)] == [], model
        assert any(f"LIMIT {paginator.COUNTED}" in sql for sql in run), model


def test_count_of_a_whole_table_would_be_noticed(db: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        Card.objects.count()
    assert WHOLE_TABLE.search(captured.captured_queries[0]["sql"])


def test_lists_are_read_in_the_order_of_their_primary_key(signed_in: SignIn) -> None:
    tell_story()
    client = signed_in("superuser")
    for model in registered():
        table = model._meta.db_table
        pages = [sql for sql in statements(client, list_of(model)) if f'FROM "{table}"' in sql and "ORDER BY" in sql]
        if model._meta.label_lower not in FEW_ROWS:
            assert pages and all(f'ORDER BY "{table}"."id" DESC' in sql for sql in pages), model


def test_counting_stops(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    CardFactory.create_batch(4)
    client = signed_in("agent")
    assert "4 cards" in client.get(list_of(Card)).content.decode()
    monkeypatch.setattr(paginator, "COUNTED", 3)
    assert "The newest 3. Search or filter to see others." in client.get(list_of(Card)).content.decode()


def add_to_story(card: Card, count: int) -> None:
    for _more in range(count):
        code = issue(card, superseded_at=None, revoked_at=card.created_at)
        make_message(subject_id=code.pk)
        record_event(card_id=card.pk, kind=EventKind.CODE_ISSUED, actor=Actor.system(), channel=Via.SYSTEM)


@time_machine.travel("2026-03-02 12:00:00+08:00", tick=False)  # a session notes its use every half a minute
def test_pages_ask_as_often_for_many_rows_as_for_one(signed_in: SignIn) -> None:
    story = tell_story()
    client = signed_in("superuser")
    addresses = [*map(list_of, registered()), page_of(story.card)]
    client.get(page_of(story.card))  # a process looks up kinds of rows once
    before = {address: len(statements(client, address)) for address in addresses}
    for number in range(4):
        tell_story(
            number=f"620000000000000{number}",
            id_number=f"11010519491231000{number}",
            phone=f"+861390000000{number}",
            email=f"more{number}@example.com",
            account_phone=f"+861370000000{number}",
            account_email=f"account{number}@example.com",
        )
    add_to_story(story.card, 8)
    client.get(page_of(story.card))  # and the programmes, as often as one is written
    after = {address: len(statements(client, address)) for address in addresses}
    assert after == before
    assert max(after.values()) <= 20  # a card's page: each button is there only where it can do something


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("path", ["", "card__"])
def test_search_reads_indexes_only(postgres: str, kind: Kind, path: str) -> None:
    from_model: type[Model] = Card if not path else Card._meta.get_field("activation_codes").related_model
    value = "AAAA-BBBB-CCCC" if kind == Kind.REFERENCE else blind_index(kind, "x")
    as_new(from_model)
    rows = from_model._default_manager.filter(**{f"{by_card(path)[kind]}__in": [value]}).order_by("-pk")[:2]
    plan = plan_of(rows)
    assert "Index" in plan and "Seq Scan" not in plan, plan


@pytest.mark.django_db
def test_search_without_an_index_would_be_noticed(postgres: str) -> None:
    as_new(Card)
    assert "Seq Scan" in plan_of(Card.objects.filter(language="x").order_by("language")[:2])


@pytest.mark.django_db
def test_first_page_reads_the_primary_key_only(postgres: str) -> None:
    as_new(Card, Programme)
    plan = plan_of(Card.objects.select_related("programme").order_by("-pk")[:50], ruled_out=("seqscan", "sort"))
    assert "Index Scan Backward using cards_card_pkey" in plan


@pytest.mark.django_db
def test_few_blocked_cards_have_an_index_of_their_own(postgres: str) -> None:
    as_new(Card)
    plan = plan_of(Card.objects.filter(state="blocked").order_by("-pk")[:50])
    assert "card_uncommon_state" in plan, plan


@pytest.mark.django_db
def test_staff_among_a_million_accounts_are_found_by_their_usernames(postgres: str, rf: RequestFactory) -> None:
    as_new(User)
    plan = plan_of(site._registry[Staff].get_queryset(rf.get("/")))
    assert "accounts_user_username" in plan and "Seq Scan" not in plan, plan


def test_find_asks_a_few_times_whatever_is_typed(signed_in: SignIn) -> None:
    story, client = tell_story(), signed_in("agent")
    for text in (story.card.number, "138 0000 0000", "nobody@example.com", "A7K4-22QP-Z9HM"):
        with CaptureQueriesContext(connection) as captured:
            client.post(reverse("admin:find"), {"wanted": text})
        assert len(captured) <= 22
