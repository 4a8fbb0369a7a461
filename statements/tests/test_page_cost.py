"""What a page of a statement reads, as PostgreSQL counts it: as little of a long statement as of a short one."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.models import Card
from statements.asked import Asked
from statements.looking_back import look_back
from statements.models import Transaction
from statements.statement import ROWS, place_of, transactions_asked
from statements.tests.factories import come_in, record
from tests.plans import as_new

pytestmark = pytest.mark.django_db
LONG, SHORT = 20_000, 50
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
FEW_PAGES = 80
"""Of 8 KiB, for one query: some levels of an index, and at worst another page for each of the rows."""

FILL = """
INSERT INTO statements_transaction (id, programme_id, card_id, issuer_id, at, amount, currency, kind, description,
    merchant_name, merchant_category, country)
SELECT gen_random_uuid(), %s, %s, %s || n, %s + n * interval '20 minutes',
    CASE WHEN n %% 40 = 0 THEN 100 ELSE -100 END, 'CNY',
    CASE WHEN n %% 40 = 0 THEN 'top_up' WHEN n %% 100 = 1 THEN 'fee' ELSE 'purchase' END, '', '', 5800 + n %% 12, 'CN'
FROM generate_series(1, %s) n
"""


@pytest.fixture
def user() -> User:
    holder: User = UserFactory.create()
    return holder


@pytest.fixture
def cards(postgres: str, user: User) -> tuple[Card, Card]:
    """A card with a long statement and one with a short one, in one table."""
    long, short = (CardBindingFactory.create(user=user).card for _n in range(2))
    as_new(Transaction)
    with connection.cursor() as cursor:
        for card, name, count in ((long, "L", LONG), (short, "S", SHORT)):
            cursor.execute(FILL, [card.programme_id, card.pk, name, BEGIN, count])
        cursor.execute("ANALYZE statements_transaction")
    return long, short


def read_by(sql: str) -> tuple[int, int, set[str]]:
    """Run a query: the most rows that one of its steps met, the pages it touched, and which kinds of steps it took."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        (plan,) = cursor.fetchone()
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    steps, met = [top], 0
    kinds = set()
    while steps:
        step = steps.pop()
        steps += step.get("Plans", [])
        kinds.add(f"{step['Node Type']} {step.get('Index Name', step.get('Relation Name', ''))}".strip())
        met = max(met, step["Actual Rows"] * step["Actual Loops"] + step.get("Rows Removed by Filter", 0))
    return int(met), top["Shared Hit Blocks"] + top["Shared Read Blocks"], kinds


def queries(user: User, card: Card, query: str) -> list[str]:
    """The queries of a page that look at transactions."""
    client = Client()
    client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/cards/{card.pk}/transactions/?{query}").status_code == 200
    return [one["sql"] for one in captured if 'FROM "statements_transaction"' in one["sql"]]


def in_the_middle(card: Card) -> str:
    rows = transactions_asked(card, Asked(newest=False)).order_by("-at", "-id")
    return str(place_of(rows[rows.count() // 2]))


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("month=all", "transaction_of_card"),
        ("month=2025-01", "transaction_of_card"),
        ("month=all&show=in", "transaction_in"),
        ("month=all&show=out", "transaction_out"),
        ("month=all&show=fee", "transaction_kind"),
        ("month=all&after={middle}", "transaction_of_card"),
        ("month=all&before={middle}", "transaction_of_card"),
    ],
)
def test_a_page_reads_its_rows_off_an_index_and_nothing_else(
    user: User, cards: tuple[Card, Card], query: str, index: str
) -> None:
    long, short = cards
    (asked,) = queries(user, long, query.format(middle=in_the_middle(long)))
    assert len(queries(user, short, query.format(middle=in_the_middle(short)))) == 1
    met, pages, kinds = read_by(asked)
    assert met <= ROWS + 2 and pages <= FEW_PAGES  # the one that tells of another page; the one leafed from
    assert any(kind.endswith(index) for kind in kinds) and not any("Seq Scan" in kind for kind in kinds)


def test_counting_rows_away_would_read_all_that_went_before(cards: tuple[Card, Card]) -> None:
    rows = Transaction.objects.of_card(cards[0].pk).order_by("-at", "-id")[LONG // 2 : LONG // 2 + ROWS]
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        met, pages, _kinds = read_by(cursor.mogrify(sql, parameters))
    assert met > LONG // 2 and pages > FEW_PAGES


def test_what_went_before_a_payment_is_found_by_a_few_probes(cards: tuple[Card, Card]) -> None:
    long, _short = cards
    now = timezone.now()
    rows = come_in(long, *(record(long, now - timedelta(minutes=n), merchant_category="7995") for n in range(20)))
    with CaptureQueriesContext(connection) as captured:
        assert look_back(rows)[rows[0].pk].count == 10
    met, pages, kinds = read_by(captured[0]["sql"])
    assert met <= 20 * 20 and pages <= 20 * 12, (met, pages, kinds)
    assert not any("Seq Scan statements_transaction" in kind for kind in kinds)


def test_a_batch_is_joined_by_indexes_however_large_the_table_is(cards: tuple[Card, Card]) -> None:
    long, _short = cards
    with CaptureQueriesContext(connection) as captured:
        come_in(long, *(record(long, BEGIN - timedelta(minutes=n), balance=n) for n in range(20)))
    joined: list[Any] = [one["sql"] for one in captured if "SELECT id FROM incoming_transaction" in one["sql"]]
    assert len(joined) == 1
    _met, pages, kinds = read_by(joined[0])
    assert pages <= 20 * 8 and "Seq Scan statements_transaction" not in kinds
