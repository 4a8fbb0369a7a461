"""An import that is met by another one, or fails on the way, loses and doubles nothing: it is simply run again."""

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from cards.importing_rows import AT_ONCE
from statements import importing, writing
from statements.models import MonthTotal, Transaction
from statements.tests.transaction_files import bank_card, paid, run, write

pytestmark = pytest.mark.django_db


def kept() -> tuple[int, int, int]:
    """Transactions, how many the sums count, and what these come to."""
    totals = MonthTotal.objects.values_list("outgoing_count", "outgoing")
    return Transaction.objects.count(), sum(count for count, _sum in totals), sum(total for _count, total in totals)


def test_another_import_of_the_same_rows_at_the_same_moment_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is ahead by ten rows when this one, which has not looked for any, writes."""
    bank_card()
    file = write(tmp_path / "t.csv", *(paid(n, amount_minor="-1") for n in range(30)))
    monkeypatch.setattr(importing, "bring_in", meeting(importing.bring_in))
    outcome = run(file)
    assert (outcome.code, outcome.count("New"), outcome.count("Transactions that")) == (0, 20, 10)
    assert kept() == (30, 30, 30)


def meeting(bring_in: Any) -> Any:
    """`bring_in`, before which another import brings in ten of the same rows, once."""
    met: list[bool] = []

    def brought_in(programme: Any, rows: Any) -> None:
        if not met:
            met.append(True)
            bring_in(programme, rows[10:20])
        bring_in(programme, rows)

    return brought_in


def test_a_failure_on_the_way_leaves_whole_batches_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank_card()
    file = write(tmp_path / "t.csv", *(paid(n, amount_minor="-1") for n in range(2 * AT_ONCE + 10)))
    batches: list[int] = []

    def fail_later(*args: Any) -> None:
        batches.append(len(args[1]))
        writing.write_transactions(*args)
        if len(batches) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as undone:
        undone.setattr(importing, "write_transactions", fail_later)
        assert run(file).code == 130
    assert kept() == (AT_ONCE, AT_ONCE, AT_ONCE)
    outcome = run(file)
    assert (outcome.count("New"), outcome.count("Transactions that")) == (AT_ONCE + 10, AT_ONCE)
    assert kept() == (2 * AT_ONCE + 10,) * 3


def test_sums_and_rows_come_in_together_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bank_card()

    def refuse(*args: Any) -> None:
        raise IntegrityError("no balances today")

    monkeypatch.setattr(writing, "keep_balances", refuse)
    assert run(write(tmp_path / "t.csv", paid(1))).code == 2
    assert kept() == (0, 0, 0)
