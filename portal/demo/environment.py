"""The demo's own settings: keys and a password, made once and kept in `var/demo.env`, so that a restart can still read
what the last run wrote, and so that a command in another shell works on the demo that is running."""

import contextlib
import os
import secrets
import sqlite3
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SECRETS = ("DJANGO_SECRET_KEY", "CODE_KEYS", "FIELD_ENCRYPTION_KEYS", "PIN_PEPPERS", "BLIND_INDEX_KEY")


class CannotGoOn(Exception):
    """The demo cannot start; the message says what to do."""


def var_dir() -> Path:
    """Where a portal on this machine keeps its files: `PORTAL_VAR`, else `var/` beside the code."""
    return Path(os.environ.get("PORTAL_VAR") or BASE_DIR / "var").absolute()


def make() -> None:
    """Write `demo.env`, unless it is there. It is complete or absent, and only its owner can read it."""
    folder = var_dir()
    file = folder / "demo.env"
    if file.exists():
        return
    if _holds_tables(folder / "portal.sqlite3"):
        raise CannotGoOn(
            f"{file} is missing, and with it the keys of {folder / 'portal.sqlite3'}. "
            f"Put it back, or delete {folder} to begin with a new demo."
        )
    lines = {
        "PORTAL_MODE": "demo",
        "DJANGO_SECRET_KEY": secrets.token_hex(32),
        "CODE_KEYS": f"demo:{secrets.token_hex(32)}",
        "FIELD_ENCRYPTION_KEYS": f"demo:{secrets.token_hex(32)}",
        "PIN_PEPPERS": f"demo:{secrets.token_hex(32)}",
        "BLIND_INDEX_KEY": secrets.token_hex(32),
        "DEMO_ADMIN_PASSWORD": secrets.token_urlsafe(12),
    }
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"demo.env.{os.getpid()}"
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.writelines(f"{name}={value}\n" for name, value in lines.items())
    unfinished.rename(file)


def take() -> None:
    """Put what `demo.env` says into the environment; a variable that is already set wins."""
    for line in (var_dir() / "demo.env").read_text().splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)


def take_if_nothing_is_set() -> None:
    """For a command in a shell without settings of its own: let it work on the demo, if there is one."""
    if not any(name in os.environ for name in ("PORTAL_MODE", *SECRETS)) and (var_dir() / "demo.env").exists():
        take()


def _holds_tables(database: Path) -> bool:
    """Whether there is anything that lost keys would lose: `make check` leaves an empty file behind."""
    if not database.exists():
        return False
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
