"""The demo's transactions are real: made by their generator, taken whole by the import."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from cards.models import Programme
from demo import generate_transactions as generate
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


def test_the_committed_files_are_what_the_generator_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "TRANSACTIONS", tmp_path)
    generate.main()
    assert generate.COLUMNS == COLUMNS
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in (DEMO / "transactions").iterdir()}
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (DEMO / "transactions" / path.name).read_bytes()
