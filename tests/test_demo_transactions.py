"""The demo's transactions are real: made by their generator, taken whole by the import."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from cards.models import Programme
from demo import generate_transactions as generate
from portal.demo.seed import day_before_the_seed
from statements.models import Balance, Transaction
from statements.records import COLUMNS

DEMO = Path(generate.__file__).parent


@pytest.mark.django_db
@pytest.mark.parametrize("code", generate.PLACES)
def test_every_row_comes_in_and_the_balance_is_the_sum(code: str) -> None:
    given = next(one for one in json.loads((DEMO / "programmes.json").read_text("utf-8")) if one["code"] == code)
    Programme.objects.create(**given)
    for command, folder in (("import_cards", "cards"), ("import_transactions", "transactions")):
        call_command(command, DEMO / f"{folder}/{code}.csv", programme=code, stdout=StringIO())
    assert Transaction.objects.count() == generate.CARDS * generate.EACH
    for balance in Balance.objects.all():
        amounts = Transaction.objects.of_card(balance.card_id).values_list("amount", flat=True)
        assert balance.amount == sum(amounts) > 0


def test_the_same_payments_are_dated_up_to_the_day_that_is_wanted(tmp_path: Path) -> None:
    kept, recent = (list(generate.rows("bank", day)) for day in (generate.LAST_DAY, date(2031, 3, 1)))
    undated = [[row[:1] + row[3:] for row in rows] for rows in (kept, recent)]
    assert undated[0] == undated[1]
    assert max(str(row[2]) for row in recent).startswith("2031-03-01")
    assert not {row[1] for row in kept} & {row[1] for row in recent}, "a demo takes the kept files beside its own"
    assert [file.name for file in generate.write(tmp_path, date(2031, 3, 1))] == ["bank.csv", "transit.csv"]


def test_the_committed_files_are_what_the_generator_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "TRANSACTIONS", tmp_path)
    generate.main()
    assert generate.COLUMNS == COLUMNS
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in (DEMO / "transactions").iterdir()}
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (DEMO / "transactions" / path.name).read_bytes()


@pytest.mark.django_db
def test_a_demo_is_given_payments_up_to_the_day_before_it_is_filled() -> None:
    given = next(one for one in json.loads((DEMO / "programmes.json").read_text("utf-8")) if one["code"] == "bank")
    Programme.objects.create(**given)
    with time_machine.travel("2031-03-02 12:00:00+00:00"):
        call_command("import_cards", DEMO / "cards/bank.csv", programme="bank", stdout=StringIO())
    with time_machine.travel("2031-03-05 12:00:00+00:00"):
        assert day_before_the_seed() == date(2031, 3, 1)
