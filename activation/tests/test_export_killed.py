"""An export that is killed: no letter is lost, and none is in two files that have a name."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from activation.tests.print_shop import PrintShop, make_print_shop
from cards.tests.factories import CardFactory
from messaging.models import Message, Tally
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> PrintShop:
    return make_print_shop(tmp_path_factory.mktemp("print-shop"))


def issue(many: int) -> None:
    CardFactory.create_batch(many)
    call_command("issue_codes", programme="campus", channel="letter")


def killed(point: str, database: str, shop: PrintShop, to: Path) -> None:
    environment = os.environ | {"DATABASE_URL": database, "PORTAL_MODE": "development"}
    command = [sys.executable, "-m", "activation.tests.exporter", point, str(to), str(shop.certificate)]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, timeout=180)
    assert ended.returncode == -9, ended.stderr.decode()


def letters_in(folder: Path, shop: PrintShop) -> Counter[str]:
    """How often each card is in the files that have a name."""
    named = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return Counter(row["card_number"] for path in named for row in shop.rows(path))


POINTS = (
    "while it writes",
    "before its letters are marked",
    "before the commit",
    "before the file has its name",
)


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_the_next_export_makes_it_whole(
    postgres: str, shop: PrintShop, tmp_path: Path, point: str
) -> None:
    issue(3)
    killed(point, postgres, shop, tmp_path / "1.p7m")
    assert letters_in(tmp_path, shop) == {}
    call_command("export_letters", programme="campus", to=tmp_path / "2.p7m", certificate=shop.certificate)
    letters = letters_in(tmp_path, shop)
    assert len(letters) == 3 and set(letters.values()) == {1}
    assert not Message.objects.waiting().exists()


def test_a_file_that_gets_its_name_before_its_letters_are_marked_prints_them_twice(
    postgres: str, shop: PrintShop, tmp_path: Path
) -> None:
    """The twin: why the order is as it is."""
    issue(3)
    killed("naming first", postgres, shop, tmp_path / "1.p7m")
    call_command("export_letters", programme="campus", to=tmp_path / "2.p7m", certificate=shop.certificate)
    assert set(letters_in(tmp_path, shop).values()) == {2}


def test_two_exports_at_once_share_no_letter(postgres: str, shop: PrintShop, tmp_path: Path) -> None:
    issue(40)

    def export(number: int) -> None:
        to = tmp_path / f"{number}.p7m"
        call_command("export_letters", programme="campus", to=to, certificate=shop.certificate)

    at_once(2, export)
    letters = letters_in(tmp_path, shop)
    assert len(letters) == 40 and set(letters.values()) == {1}
    assert Tally.objects.get(name="sends", gateway="print").value == 40
