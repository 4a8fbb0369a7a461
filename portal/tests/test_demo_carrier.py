"""The demo with a carrier: what it loses does not come to the phone."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from demo.carrier.conduct import Conduct
from portal.demo.carrier import phone_address
from portal.tests.servers import BARE, demo, fetch, run
from portal.tests.test_demo import eventually

SEEDED = 8
WORDS = "seed=7 loss=0.5"


def test_the_phone_shows_what_the_carrier_delivers_and_the_ledger_what_it_took(tmp_path: Path) -> None:
    server, address = demo(tmp_path / "var", log=tmp_path / "log", CARRIER=WORDS)
    with server:
        told = re.search(r"http://127.0.0.1:\d+/ledger", (tmp_path / "log").read_text())
        assert told is not None
        assert eventually(lambda: json.loads(fetch(told[0])[1])["messages"] == SEEDED)
        keys = [call["key"] for call in json.loads(fetch(told[0])[1])["calls"]]
        arrives = [key for key in keys if not Conduct.read(WORDS).is_lost(key)]
        page = fetch(f"{address}/demo/")[1]
        assert eventually(lambda: reported(tmp_path / "var") == {True: len(arrives), False: SEEDED - len(arrives)})
    kept = [json.loads(file.read_text())["to"] for file in (tmp_path / "var" / "sms").glob("*.json")]
    assert len(kept) == len(arrives)
    assert all(to in page for to in kept)


def test_the_phone_is_found_among_several_gateways() -> None:
    assert phone_address("http://a/ phone=file:///var/p%20q/sms") == "file:///var/p%20q/sms"
    assert phone_address("http://a/") == ""


def reported(var: Path) -> dict[bool, int]:
    """How many text messages were delivered, and how many were not, as far as receipts have said so."""
    with closing(sqlite3.connect(var / "portal.sqlite3")) as connection:
        return {
            delivered: connection.execute(
                f"SELECT count(*) FROM messaging_message WHERE channel = 'sms' AND {column} IS NOT NULL"
            ).fetchone()[0]
            for delivered, column in ((True, "delivered_at"), (False, "undelivered_at"))
        }


@pytest.mark.parametrize("words", ["seed=seven", "calm=1"])
def test_words_that_are_not_clear_are_told_without_a_traceback(tmp_path: Path, words: str) -> None:
    ended = run(["-m", "portal.demo"], BARE | {"PORTAL_VAR": f"{tmp_path / 'var'}", "CARRIER": words})
    assert ended.returncode != 0
    assert f"CARRIER cannot be read. {words}" in ended.stdout
    assert "Traceback" not in ended.stdout
