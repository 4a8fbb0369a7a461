"""Letters: codes for waiting cards, printed once, readable by the print shop alone."""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.management import CommandError, call_command
from django.utils import timezone

from activation.letters import drop_late_letters
from activation.models import ActivationCode
from activation.services import export_letters as service
from activation.tests.print_shop import PrintShop, elliptic_key, make_print_shop
from cards.models import Card
from cards.tests.factories import CardFactory, ProgrammeFactory
from messaging import tasks
from messaging.models import Message

pytestmark = pytest.mark.django_db
START = datetime.fromisoformat("2026-11-02T12:00:00+08:00")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> PrintShop:
    return make_print_shop(tmp_path_factory.mktemp("print-shop"))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def issue(many: int = 1, **card: Any) -> list[Card]:
    cards = CardFactory.create_batch(many, **card)
    call_command("issue_codes", programme="campus", channel="letter")
    return cards


def export(shop: PrintShop, to: Path, **options: Any) -> None:
    call_command("export_letters", programme="campus", to=to, certificate=shop.certificate, **options)


def code_of(card: Card) -> str:
    digits = ActivationCode.objects.filter(card=card).latest("issued_at").derive()
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


def test_a_letter_holds_the_card_its_holder_and_a_code_of_12_digits_that_lives_21_days(
    shop: PrintShop, tmp_path: Path
) -> None:
    (card,) = issue(number="6200123412345678", holder_name='王,小"明', language="en")
    code = ActivationCode.objects.get()
    assert code.expires_at - code.issued_at == timedelta(days=21)
    to = tmp_path / "letters.p7m"
    export(shop, to)
    last_day = timezone.localtime(code.expires_at) - timedelta(days=1)
    assert shop.rows(to) == [
        {
            "card_number": "6200123412345678",
            "holder_name": '王,小"明',
            "language": "en",
            "code": code_of(card),
            "valid_until": f"{last_day.day} {last_day:%B %Y}",
            "programme": "Campus card",
        }
    ]
    assert shop.decrypt(to, "smime") == shop.decrypt(to, "cms")


def test_valid_until_and_programme_are_in_the_language_of_the_card(
    tmp_path: Path, clock: time_machine.Traveller
) -> None:
    issue(language="zh-hans")
    travelling = make_print_shop(tmp_path)
    to = tmp_path / "letters.p7m"
    export(travelling, to)
    (row,) = travelling.rows(to)
    assert (row["valid_until"], row["programme"]) == ("2026 年 11 月 22 日", "校园一卡通")


def test_the_next_export_holds_only_what_is_new(shop: PrintShop, tmp_path: Path) -> None:
    first = issue(2)
    export(shop, tmp_path / "1.p7m")
    second = issue(1)
    export(shop, tmp_path / "2.p7m")
    export(shop, tmp_path / "3.p7m")
    assert [row["code"] for row in shop.rows(tmp_path / "1.p7m")] == [code_of(card) for card in first]
    assert [row["code"] for row in shop.rows(tmp_path / "2.p7m")] == [code_of(card) for card in second]
    assert not (tmp_path / "3.p7m").exists()


def test_a_letter_is_marked_with_the_digest_of_its_file(
    shop: PrintShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    issue(2)
    export(shop, tmp_path / "1.p7m")
    told = re.search(r"1\.p7m: 2 letters, SHA-256 ([0-9a-f]{64})", capsys.readouterr().out)
    assert told is not None
    assert set(Message.objects.values_list("gateway", "provider_id")) == {("print", told[1])}


def test_many_letters_are_several_files(shop: PrintShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LETTERS_A_FILE", 2)
    monkeypatch.setattr(service, "CHUNK", 1)
    issue(5)
    export(shop, tmp_path / "letters.p7m")
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["letters-2.p7m", "letters-3.p7m", "letters.p7m"]
    codes = [row["code"] for path in files for row in shop.rows(path)]
    assert len(codes) == len(set(codes)) == 5


def test_no_gateway_is_asked_to_send_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    published: list[object] = []
    monkeypatch.setattr(tasks, "publish", lambda task, *args, **options: published.append(args))
    issue()
    Message.objects.update(next_try_at=timezone.now())
    tasks.sweep_messages()
    assert published == []


def test_of_another_programme_nothing_is_exported(shop: PrintShop, tmp_path: Path) -> None:
    issue()
    ProgrammeFactory.create(code="transit")
    to = tmp_path / "letters.p7m"
    call_command("export_letters", programme="transit", to=to, certificate=shop.certificate)
    assert not to.exists() and Message.objects.waiting().count() == 1


def test_a_code_that_died_meanwhile_is_not_printed(shop: PrintShop, tmp_path: Path) -> None:
    kept, gone = issue(2)
    ActivationCode.objects.filter(card=gone).revoke(timezone.now())
    export(shop, tmp_path / "letters.p7m")
    assert [row["card_number"] for row in shop.rows(tmp_path / "letters.p7m")] == [kept.number]
    assert Message.objects.filter(dropped_at__isnull=False).count() == 1


def test_what_is_not_printed_in_half_of_its_life_is_dropped_and_the_card_told_anew(
    shop: PrintShop, tmp_path: Path
) -> None:
    (card,) = issue()
    assert drop_late_letters(timezone.now() + timedelta(days=10.4)) == 0
    assert drop_late_letters(timezone.now() + timedelta(days=10.6)) == 1
    assert drop_late_letters(timezone.now() + timedelta(days=10.6)) == 0
    export(shop, tmp_path / "1.p7m")
    assert not (tmp_path / "1.p7m").exists()
    call_command("issue_codes", programme="campus", channel="letter")
    export(shop, tmp_path / "2.p7m")
    assert [row["code"] for row in shop.rows(tmp_path / "2.p7m")] == [code_of(card)]


def test_a_lost_file_is_printed_again_by_its_digest(shop: PrintShop, tmp_path: Path) -> None:
    issue(2)
    export(shop, tmp_path / "1.p7m")
    before = shop.rows(tmp_path / "1.p7m")
    with pytest.raises(CommandError, match="No letter was exported in a file with this digest"):
        export(shop, tmp_path / "2.p7m", reprint="0" * 64)
    export(shop, tmp_path / "2.p7m", reprint=Message.objects.values_list("provider_id", flat=True)[0])
    assert shop.rows(tmp_path / "2.p7m") == before


def test_a_file_that_is_there_is_not_overwritten(shop: PrintShop, tmp_path: Path) -> None:
    issue()
    to = tmp_path / "letters.p7m"
    to.write_text("something else")
    with pytest.raises(CommandError, match="is there already: name another file"):
        export(shop, to)
    assert to.read_text() == "something else" and Message.objects.waiting().count() == 1


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda folder: make_print_shop(folder, key=elliptic_key()), "key is not RSA"),
        (lambda folder: make_print_shop(folder, key=rsa.generate_private_key(65537, 1024)), "shorter than 2048 bits"),
        (lambda folder: make_print_shop(folder, ends_in=timedelta(days=-1)), "not valid today"),
        (lambda folder: PrintShop(Path(__file__), Path(__file__)), "no certificate in PEM form"),
        (lambda folder: PrintShop(folder / "missing", folder / "missing"), "No such file"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, make: Any, sentence: str
) -> None:
    issue()
    with pytest.raises(CommandError, match=sentence):
        export(make(tmp_path), tmp_path / "letters.p7m")
    assert Message.objects.waiting().count() == 1


def test_no_code_is_on_the_disk_in_the_log_or_on_the_terminal(
    shop: PrintShop, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        (card,) = issue()
        export(shop, tmp_path / "letters.p7m")
    code = code_of(card)
    told = caplog.text + "".join(capsys.readouterr())
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (code, code.replace(" ", ""), card.number, card.holder_name):
        assert secret not in told and secret.encode() not in written
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_whole_file_of_codes_that_died_meanwhile_does_not_end_the_export(
    shop: PrintShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LETTERS_A_FILE", 2)
    issue(2)
    ActivationCode.objects.revoke(timezone.now())
    issue()
    export(shop, tmp_path / "letters.p7m")
    assert not Message.objects.waiting().exists()
    assert (tmp_path / "letters.p7m").exists()
