"""The environment, read once at the start by typed readers.

Each reader refuses nonsense with `Unreadable`: a sentence that names the variable and says what to write instead. The
value itself is repeated only by readers that never read a secret.
"""

import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from messaging.gateways.addresses import HOSTLESS, AddressesNotReadable, named_addresses

ENVIRONMENT = environ.Env()
ENVIRONMENT.escape_proxy = True

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}
KEY_ID = re.compile(r"[a-z0-9_-]{1,16}")
MAILBOX = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]+|[^\s@,;<>]+@localhost")
SMTP_SCHEMES = {"smtp": 25, "smtps": 587, "smtp+tls": 587, "smtp+ssl": 465}
ANYMAIL = re.compile(r"anymail\+(?P<provider>[a-z]+(-[a-z]+)*):(//)?\?(?P<query>.+)")
OPTION = re.compile(r"[a-z][a-z_]*")
SMTP_SETTINGS = {
    f"EMAIL_{name}" for name in ("BACKEND", "HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
}


class Unreadable(ImproperlyConfigured):
    """A variable of the environment holds something that cannot be meant."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"{name} cannot be read. {remedy}")


def every(*readers: Callable[[], Any]) -> list[Any]:
    """What each of these gives; what several of them refuse is told at once."""
    read, refused = [], []
    for reader in readers:
        try:
            read.append(reader())
        except Unreadable as refusal:
            refused.append(str(refusal))
    if refused:
        raise ImproperlyConfigured("\n".join(refused))
    return read


def text(name: str, default: str = "") -> str:
    """The variable as typed, without white space around it; `default` when it is unset or empty."""
    if ENVIRONMENT.ENVIRON.get(name, "").startswith("$"):
        raise Unreadable(name, "It begins with $, which would name another variable: write \\$ instead.")
    return ENVIRONMENT.str(name, default="").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """True or False; anything but the eight accepted words is refused rather than taken for False."""
    typed = text(name).lower()
    if not typed:
        return default
    if typed not in YES | NO:
        raise Unreadable(name, f"It is {typed!r}: write 1 or 0.")
    return typed in YES


def number(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    typed = text(name, str(default))
    if not (typed.isascii() and typed.isdigit() and low <= int(typed[:9]) <= high):
        raise Unreadable(name, f"It is {typed!r}: write a whole number from {low} to {high}.")
    return int(typed)


def words(name: str) -> list[str]:
    """A list separated by commas; white space and empty items are dropped."""
    return [item.strip() for item in text(name).split(",") if item.strip()]


def choice(name: str, default: str, options: Collection[str]) -> str:
    """One of the given words."""
    typed = text(name, default)
    if typed not in options:
        raise Unreadable(name, f"It is {typed!r}: write one of {', '.join(options)}.")
    return typed


def address(name: str, default: str, *, schemes: Collection[str]) -> str:
    """A URL with one of `schemes`. It may hold a password, so it is never repeated."""
    typed = text(name, default)
    _refuse_unusable(name, typed, schemes)
    return typed


def gateways(name: str, default: str, *, schemes: Collection[str], default_name: str = "") -> str:
    """Addresses of gateways as `messaging.gateways.addresses` reads them, each with one of `schemes`, in one line."""
    typed = text(name, default)
    try:
        addresses = named_addresses(typed, default_name=default_name)
    except AddressesNotReadable as error:
        raise Unreadable(name, str(error)) from None
    for url in addresses.values():
        _refuse_unusable(name, url, schemes)
    return typed


def _refuse_unusable(name: str, typed: str, schemes: Collection[str]) -> None:
    try:
        parts = urlsplit(typed)
        usable = parts.scheme in schemes and (bool(parts.hostname) or parts.scheme in HOSTLESS)
        parts.port  # noqa: B018 - reading it raises ValueError for a port that is no number
    except ValueError:
        usable = False
    if not usable:
        raise Unreadable(name, f"Write an address that begins with {' or '.join(f'{s}:' for s in schemes)}")
    if parts.scheme == "file" and not unquote(parts.path).startswith("/"):
        raise Unreadable(name, "Write file:// and the full path of a directory, such as file:///var/lib/portal/inbox.")


def mailbox(name: str) -> str:
    """One email address, or nothing."""
    typed = text(name)
    if typed and not MAILBOX.fullmatch(typed):
        raise Unreadable(name, "Write one email address, such as operators@example.org, or leave it empty.")
    return typed


def site(name: str, default: str) -> str:
    """The address people reach us at: scheme, host and perhaps a port, without a path and without the last slash."""
    typed = address(name, default, schemes=("http", "https")).rstrip("/")
    parts = urlsplit(typed)
    if parts.path or parts.query or parts.fragment or parts.username:
        raise Unreadable(name, "Write only scheme and host, such as https://card.example.org")
    return typed


def key(name: str, default: bytes) -> bytes:
    """One key in hexadecimal digits."""
    typed = text(name)
    return _hex(name, typed) if typed else default


def key_ring(name: str, default: dict[str, bytes]) -> dict[str, bytes]:
    """Keys by their id, newest first, written `id:hex,id:hex`."""
    ring: dict[str, bytes] = {}
    for item in words(name):
        key_id, colon, digits = (part.strip() for part in item.partition(":"))
        if not colon or not KEY_ID.fullmatch(key_id):
            raise Unreadable(name, "Write id:hex,id:hex, newest first; an id is 1 to 16 of a-z, 0-9, _ and -.")
        if key_id in ring:
            raise Unreadable(name, f"The key id {key_id!r} is there twice: give every key its own id.")
        ring[key_id] = _hex(name, digits)
    return ring or default


def _hex(name: str, digits: str) -> bytes:
    try:
        value = bytes.fromhex(digits)
    except ValueError:
        value = b""
    if not value:
        raise Unreadable(name, "Write the key in hexadecimal digits, such as the output of `openssl rand -hex 32`.")
    return value


def database(name: str, default: str, *, base: Path) -> dict[str, Any]:
    """Django's settings for a `sqlite:///path` or `postgres://user:password@host/name` database.

    A relative SQLite path is taken from `base`. SQLite gets WAL, and transactions that take their write lock when they
    begin and wait 20 seconds for it. Connections persist, and are tried before they are used again.
    `?prepare_threshold=none` is for a pooler that gives each transaction another connection and cannot keep prepared
    statements (see `vault.planned`).
    """
    typed = text(name, default)
    scheme, separator, _ = typed.partition("://")
    if not separator or scheme not in ("sqlite", "postgres", "postgresql"):
        raise Unreadable(name, "Write sqlite:///path or postgres://user:password@host:5432/name")
    try:
        config: dict[str, Any] = ENVIRONMENT.db_url_config(typed)
    except (ValueError, ImproperlyConfigured):
        config = {}
    if not config.get("NAME"):
        raise Unreadable(name, "Write sqlite:///path or postgres://user:password@host:5432/name")
    config |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    options = config.setdefault("OPTIONS", {})
    if scheme == "sqlite":
        if config["NAME"] != ":memory:":
            config["NAME"] = str(base / config["NAME"])
        options |= {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL"}
    else:
        # A worker that lost the database's machine, not only its server, must notice it too (libpq, in s and ms).
        for option, value in {"connect_timeout": 3, "keepalives_idle": 10, "tcp_user_timeout": 15_000}.items():
            options.setdefault(option, value)
        prepared = str(options.get("prepare_threshold", 3))
        options["prepare_threshold"] = int(prepared) if prepared.isdecimal() else None
    return config


def email(name: str, default: str) -> dict[str, Any]:
    """Django's `EMAIL_...` settings for `smtp://`, `smtps://`, `console:`, `file:///directory` or `memory:`.

    Or those of django-anymail for `anymail+PROVIDER:?option=value&...`: each option is its setting `PROVIDER_OPTION`.
    """
    typed = text(name, default)
    if typed.startswith("anymail+"):
        return _anymail(name, typed)
    typed = address(name, default, schemes=(*SMTP_SCHEMES, *HOSTLESS))
    parts = urlsplit(typed)
    if parts.scheme in SMTP_SCHEMES:
        config: dict[str, Any] = ENVIRONMENT.email_url_config(typed)
        config["EMAIL_PORT"] = parts.port or SMTP_SCHEMES[parts.scheme]
        return {name: value or "" for name, value in config.items() if name in SMTP_SETTINGS} | {"EMAIL_TIMEOUT": 10}
    module = {
        "console": "django.core.mail.backends.console",
        "file": "messaging.gateways.file",
        "memory": "django.core.mail.backends.locmem",
    }[parts.scheme]
    settings: dict[str, Any] = {"EMAIL_BACKEND": f"{module}.EmailBackend"}
    if parts.scheme == "file":
        settings["EMAIL_FILE_PATH"] = unquote(parts.path)
    return settings


def _anymail(name: str, typed: str) -> dict[str, Any]:
    found = ANYMAIL.fullmatch(typed)
    options = dict(parse_qsl(found["query"], strict_parsing=True)) if found and "=" in found["query"] else {}
    if found is None or not all(OPTION.fullmatch(option) for option in options):
        raise Unreadable(name, "Write anymail+PROVIDER:?option=value&option=value with anymail's names of them.")
    provider = found["provider"].replace("-", "_")
    shared = {"WEBHOOK_SECRET"}
    settings = {option.upper(): value for option, value in options.items()}
    settings = {key if key in shared else f"{provider.upper()}_{key}": value for key, value in settings.items()}
    return {
        "EMAIL_BACKEND": f"anymail.backends.{provider}.EmailBackend",
        # What we add to a mail, a provider may lack: then it goes without.
        "ANYMAIL": {"IGNORE_UNSUPPORTED_FEATURES": True, **settings},
    }
