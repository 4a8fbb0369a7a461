"""The keys of the demo: made once, never made anew over a database that they would lose."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from portal.demo.environment import CannotGoOn, make


def test_an_empty_database_is_no_reason_to_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
    with closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    make()
    assert (tmp_path / "demo.env").exists()


def test_a_database_without_its_keys_is_never_given_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
    with closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as connection:
        connection.execute("CREATE TABLE cards (id)")
    with pytest.raises(CannotGoOn, match=r"demo\.env is missing"):
        make()
    assert not (tmp_path / "demo.env").exists()
