"""The typed readers take what can be meant and refuse nonsense, naming the variable and the remedy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from messaging.gateways.addresses import SMS_SCHEMES
from portal import env

SECRET = "hunter2"


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def put(value: str) -> None:
        monkeypatch.setenv("X", value)

    return put


def database(name: str) -> Any:
    return env.database(name, "sqlite:///x", base=Path("/base"))


def sms(name: str) -> str:
    return env.gateways(name, "console:", schemes=SMS_SCHEMES)


@pytest.mark.parametrize(
    ("reader", "typed", "meant"),
    [
        (env.text, "  a b ", "a b"),
        (env.text, r"\$ecret", "$ecret"),
        (env.flag, "On", True),
        (env.flag, "0", False),
        (env.flag, "", False),
        (lambda name: env.number(name, 5, low=1, high=9), " 9 ", 9),
        (env.words, " a , ,b,", ["a", "b"]),
        (env.words, "", []),
        (lambda name: env.choice(name, "a", ("a", "b")), "b", "b"),
        (sms, "file:///a%20b", "file:///a%20b"),
        (sms, " https://a/?b=c  backup=http://d:81/ ", "https://a/?b=c  backup=http://d:81/"),
        (lambda name: env.site(name, ""), "https://card.example.org/", "https://card.example.org"),
        (env.mailbox, " operators@example.org ", "operators@example.org"),
        (env.mailbox, "", ""),
        (lambda name: env.key(name, b"default"), "00ff", b"\x00\xff"),
        (lambda name: env.key(name, b"default"), "", b"default"),
        (lambda name: env.key_ring(name, {}), "new:00ff, old:ff00", {"new": b"\x00\xff", "old": b"\xff\x00"}),
    ],
)
def test_reads_what_is_meant(
    setting: Callable[[str], None], reader: Callable[[str], Any], typed: str, meant: object
) -> None:
    setting(typed)
    assert reader("X") == meant


def test_key_ring_keeps_the_newest_first(setting: Callable[[str], None]) -> None:
    setting("z:00,a:11")
    assert list(env.key_ring("X", {})) == ["z", "a"]


@pytest.mark.parametrize(
    ("reader", "typed"),
    [
        (env.text, "$ecret"),
        (env.flag, "maybe"),
        (env.flag, "ja"),
        *[(lambda name: env.number(name, 5, low=1, high=9), typed) for typed in ("0", "10", "x", "-1", "1.5", "９")],
        (lambda name: env.choice(name, "a", ("a", "b")), "c"),
        *[(sms, typed) for typed in ("sms.example.org", "ftp://x", "https://", "file://relative", "http://x:port/")],
        *[(sms, typed) for typed in (f"https://a https://u:{SECRET}@b", f"{SECRET}", f"ftp://u:{SECRET}@h")],
        *[(sms, typed) for typed in (f"A B=https://u:{SECRET}@a", f"=https://{SECRET}@a", f"a=https://b {SECRET}")],
        *[(lambda name: env.site(name, ""), typed) for typed in ("https://a/b", "https://u:p@a", "https://a?x", "a")],
        *[(env.mailbox, typed) for typed in ("operators", "a@example.org, b@example.org", "a b@example.org", "a@b")],
        *[(lambda name: env.key(name, b""), typed) for typed in ("xyz", "abc", f"{SECRET}")],
        *[
            (lambda name: env.key_ring(name, {}), typed)
            for typed in ("00ff", "a:", "a:zz", "A B:00", "a:00,a:11", ":00", f"a:{SECRET}")
        ],
        *[
            (database, typed)
            for typed in ("mysql://a/b", "postgres", f"postgres://u:{SECRET}@h", "postgres://h:port/x", "nonsense")
        ],
        *[
            (lambda name: env.email(name, "console:"), typed)
            for typed in ("localhost", f"imap://u:{SECRET}@h", "smtp://", "smtp://h:port", "file://x")
        ],
    ],
)
def test_refuses_nonsense_and_names_the_variable(
    setting: Callable[[str], None], reader: Callable[[str], Any], typed: str
) -> None:
    setting(typed)
    with pytest.raises(env.Unreadable, match=r"^X cannot be read\. .*([Ww]rite|[Gg]ive)") as refusal:
        reader("X")
    assert SECRET not in str(refusal.value)


def test_sqlite_waits_for_its_lock_and_takes_it_at_once(setting: Callable[[str], None]) -> None:
    setting("sqlite:///var/a.sqlite3")
    config = database("X")
    assert config["NAME"] == "/base/var/a.sqlite3"
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert config["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]


def test_postgresql_connections_persist_and_are_tried_first(setting: Callable[[str], None]) -> None:
    setting("postgres://user:p%40ss@host:5433/name")
    config = database("X")
    assert (config["USER"], config["PASSWORD"], config["HOST"], config["PORT"]) == ("user", "p@ss", "host", 5433)
    assert config["CONN_MAX_AGE"] > 0
    assert config["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(("asked", "times"), [("", 3), ("?prepare_threshold=9", 9), ("?prepare_threshold=none", None)])
def test_postgresql_prepares_statements_unless_told_not_to(
    setting: Callable[[str], None], asked: str, times: int | None
) -> None:
    setting(f"postgres://user:word@host/name{asked}")
    assert database("X")["OPTIONS"]["prepare_threshold"] == times


@pytest.mark.parametrize(
    ("typed", "port", "encryption"),
    [
        ("smtp://mail", 25, {}),
        ("smtp+tls://u:p%2Fw@mail", 587, {"EMAIL_USE_TLS": True}),
        ("smtp+ssl://u:p@mail:466", 466, {"EMAIL_USE_SSL": True}),
    ],
)
def test_email_goes_to_the_server_it_names(
    setting: Callable[[str], None], typed: str, port: int, encryption: dict[str, bool]
) -> None:
    setting(typed)
    config = env.email("X", "console:")
    assert config["EMAIL_HOST"] == "mail"
    assert config["EMAIL_PORT"] == port
    assert {name: value for name, value in config.items() if "_USE_" in name} == encryption
    assert config["EMAIL_TIMEOUT"] == 10
    assert config["EMAIL_HOST_PASSWORD"] == {25: "", 587: "p/w", 466: "p"}[port]
