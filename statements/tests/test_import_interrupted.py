"""An import that fails on the way loses and doubles nothing: it is simply run again."""

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from statements import bringing_in, importing_rows, writing
from statements.models import MonthTotal, Transaction
from statements.tests.transaction_files import bank_card, paid, run, write

pytestmark = pytest.mark.django_db


def kept() -> tuple[int, int, int]:
    """Transactions, how many the sums count, and what these come to."""
    totals = MonthTotal.objects.values_list("outgoing_count", "outgoing")
    return Transaction.objects.count(), sum(count for count, _sum in totals), sum(total for _count, total in totals)


def test_a_person_who_interrupts_is_told_how_to_go_on_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank_card()
    file = write(tmp_path / "t.csv", *(paid(n, amount_minor="-1") for n in range(210)))
    monkeypatch.setattr(importing_rows, "AT_ONCE", 100)
    batches: list[int] = []

    def interrupt(*args: Any) -> int:
        batches.append(writing.write_transactions(*args))
        if len(batches) == 2:
            raise KeyboardInterrupt
        return batches[-1]

    with monkeypatch.context() as undone:
        undone.setattr(bringing_in, "write_transactions", interrupt)
        interrupted = run(file)
    assert (interrupted.code, interrupted.error) == (130, "Interrupted. Run the same command again to go on.")
    assert kept() == (100, 100, 100)
    outcome = run(file)
    assert (outcome.count("New"), outcome.count("Transactions that")) == (110, 100)
    assert kept() == (210, 210, 210)


def test_sums_and_rows_come_in_together_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bank_card()

    def refuse() -> None:
        raise IntegrityError("no balances today")

    monkeypatch.setattr(bringing_in, "keep_balances", refuse)
    assert run(write(tmp_path / "t.csv", paid(1))).code == 2
    assert kept() == (0, 0, 0)


def test_what_another_import_brought_meanwhile_is_known(tmp_path: Path) -> None:
    bank_card()
    assert run(write(tmp_path / "some.csv", *(paid(n, amount_minor="-1") for n in range(10, 20)))).code == 0
    outcome = run(write(tmp_path / "all.csv", *(paid(n, amount_minor="-1") for n in range(30))))
    assert (outcome.code, outcome.count("New"), outcome.count("Transactions that")) == (0, 20, 10)
    assert kept() == (30, 30, 30)
