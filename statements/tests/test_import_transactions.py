"""What was paid with an issuer's cards goes in."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cards.tests.factories import CardFactory, ProgrammeFactory
from statements.models import Balance, MonthTotal, Transaction
from statements.tests.transaction_files import bank_card, imported, paid, run, write

pytestmark = pytest.mark.django_db


def test_a_row_becomes_a_transaction_whose_every_value_can_be_read(tmp_path: Path) -> None:
    card = bank_card()
    outcome = imported(tmp_path, paid(1, country="jp", kind="Purchase", currency="jpy", amount_minor="-1200"))
    assert (outcome.count("New transactions"), outcome.count("Rejected")) == (1, 0)
    row = Transaction.objects.get()
    assert (row.card, row.programme, row.issuer_id) == (card, card.programme, "T00000001")
    assert row.at == datetime(2026, 3, 2, 4, 30, 1, tzinfo=UTC)
    assert (row.amount, row.currency, row.kind, row.country) == (-1200, "JPY", "purchase", "JP")
    assert (row.description, row.merchant_name, row.merchant_category) == ("午餐", "面馆", "5812")
    row.full_clean()


def test_an_imported_transaction_is_like_one_that_is_saved(tmp_path: Path) -> None:
    bank_card()
    imported(tmp_path, paid(description="a\tb\\c".replace("\t", " ")))
    before = Transaction.objects.values().get()
    Transaction.objects.get().save()
    assert Transaction.objects.values().get() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_both_encodings_of_chinese_spreadsheets_are_told_apart(tmp_path: Path, encoding: str) -> None:
    bank_card()
    assert run(write(tmp_path / "t.csv", paid(description="𠮷野家·早餐"), encoding=encoding)).code == 0
    assert Transaction.objects.get().description == "𠮷野家·早餐"


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        ("2026-3-1 0:30", datetime(2026, 2, 28, 16, 30, tzinfo=UTC)),
        ("2026/03/01 00:30:09", datetime(2026, 2, 28, 16, 30, 9, tzinfo=UTC)),
        ("2026-03-01T00:30:09.250+08:00", datetime(2026, 2, 28, 16, 30, 9, tzinfo=UTC)),
        ("2026-02-28T16:30:09Z", datetime(2026, 2, 28, 16, 30, 9, tzinfo=UTC)),
    ],
)
def test_moments_are_of_the_programmes_zone_unless_they_say_another(tmp_path: Path, at: str, moment: datetime) -> None:
    bank_card()
    imported(tmp_path, paid(at=at))
    assert Transaction.objects.get().at == moment
    assert MonthTotal.objects.get().month == date(2026, 3, 1)


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    bank_card()
    rows = [paid(n, balance_minor=str(100 + n)) for n in range(5)]
    imported(tmp_path, *rows)
    before = [list(model.objects.order_by("pk").values()) for model in (Transaction, Balance, MonthTotal)]
    again = imported(tmp_path, *rows, paid(9))
    assert (again.count("New transactions"), again.count("Transactions that were")) == (1, 5)
    Transaction.objects.filter(issuer_id="T00000009").delete()
    assert [list(model.objects.order_by("pk").values()) for model in (Transaction, Balance)] == before[:2]


def test_a_transaction_with_other_values_under_a_known_id_is_refused(tmp_path: Path) -> None:
    bank_card()
    imported(tmp_path, paid(1))
    outcome = run(write(tmp_path / "again.csv", paid(1, amount_minor="-1"), paid(2)))
    assert outcome.mistakes == [
        "Row 2: issuer_id is imported already with other values: a correction is a transaction of its own"
    ]
    assert Transaction.objects.get(issuer_id="T00000001").amount == -12650
    assert Transaction.objects.count() == 2


def test_two_programmes_may_use_the_same_ids(tmp_path: Path) -> None:
    bank_card()
    CardFactory.create(programme=ProgrammeFactory(code="campus"), number="6200000000000001")
    imported(tmp_path, paid(1))
    other = write(tmp_path / "campus.csv", paid(1, card_number="6200000000000001"))
    assert run(other, "campus").count("New transactions") == 1


def test_sums_of_a_month_are_kept_by_currency_and_kind(tmp_path: Path) -> None:
    bank_card()
    imported(
        tmp_path,
        paid(1, amount_minor="-100"),
        paid(2, amount_minor="-250"),
        paid(3, amount_minor="70", kind="refund"),
        paid(4, amount_minor="-9", currency="HKD"),
        paid(5, amount_minor="-1", at="2026-04-01 00:00:00"),
    )
    imported(tmp_path, paid(6, amount_minor="-50"), paid(7, amount_minor="5"))
    kept = MonthTotal.objects.order_by("month", "currency", "kind").values_list(
        "month", "currency", "kind", "incoming", "outgoing", "incoming_count", "outgoing_count"
    )
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    assert list(kept) == [
        (march, "CNY", "purchase", 5, 400, 1, 3),
        (march, "CNY", "refund", 70, 0, 1, 0),
        (march, "HKD", "purchase", 0, 9, 0, 1),
        (april, "CNY", "purchase", 0, 1, 0, 1),
    ]


def test_the_balance_is_that_of_the_latest_moment_whatever_the_order_of_files(tmp_path: Path) -> None:
    card = bank_card()
    imported(tmp_path, paid(20, balance_minor="2000"), paid(10, balance_minor="1000"), paid(25))
    imported(tmp_path, paid(5, balance_minor="500"))
    balance = Balance.objects.get()
    assert (balance.card, balance.amount, balance.currency) == (card, 2000, "CNY")
    assert balance.as_of == Transaction.objects.get(issuer_id="T00000020").at
    imported(tmp_path, paid(26, balance_minor="-7"))
    assert Balance.objects.get().amount == -7


def test_numbers_and_addresses_of_people_in_the_words_keep_their_ends_only(tmp_path: Path) -> None:
    bank_card()
    imported(tmp_path, paid(description="转账至 6222 0212 3456 7894 张*, 13800138000, li@example.com, 订单 12345678"))
    assert Transaction.objects.get().description == "转账至 ****7894 张*, ****8000, ***@example.com, 订单 12345678"


def test_a_dry_run_says_what_would_happen_and_writes_nothing(tmp_path: Path) -> None:
    bank_card()
    imported(tmp_path, paid(1))
    outcome = run(write(tmp_path / "t.csv", paid(1), paid(2), paid(3, currency="?")), dry_run=True)
    assert (outcome.count("New"), outcome.count("Transactions that"), outcome.count("Rejected")) == (1, 1, 1)
    assert Transaction.objects.count() == 1
    assert MonthTotal.objects.get().outgoing == 12650
