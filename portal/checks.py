"""What a process refuses to start with. Every refusal names the variable and the remedy."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Advice

KEY_BYTES = 32
SECRET_KEY_CHARACTERS = 50
METRICS_TOKEN_CHARACTERS = 32
MAKE_KEY = "make one with `openssl rand -hex 32`"


def _secrets() -> Iterator[tuple[str, str, bytes]]:
    """(variable, what to call this key in a sentence, the key) of every key of the installation."""
    yield "DJANGO_SECRET_KEY", "DJANGO_SECRET_KEY", settings.SECRET_KEY.encode()
    yield "BLIND_INDEX_KEY", "BLIND_INDEX_KEY", settings.BLIND_INDEX_KEY
    for variable in ("CODE_KEYS", "FIELD_ENCRYPTION_KEYS", "PIN_PEPPERS"):
        for key_id, key in getattr(settings, variable).items():
            yield variable, f"the key {key_id!r} of {variable}", key


def _remedy(variable: str) -> str:
    shape = "hex" if variable == "BLIND_INDEX_KEY" else "id:hex"
    return (
        f"Set {variable} to at least {SECRET_KEY_CHARACTERS} random characters (`openssl rand -hex 32`)."
        if variable == "DJANGO_SECRET_KEY"
        else f"Write {variable} as {shape}, the key being {KEY_BYTES} bytes in hexadecimal digits: {MAKE_KEY}."
    )


@register(Tags.security)
def keys_are_fit(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every key is our own (outside development), long enough, and used for one thing only."""
    found: list[CheckMessage] = []
    seen: dict[bytes, str] = {}
    for variable, name, key in _secrets():
        if key == settings.DEFAULT_KEYS[variable]:
            if settings.MODE != "development":
                found.append(Error(f"{variable} is not set.", hint=_own(_remedy(variable)), id="portal.E001"))
            continue
        fits = len(key) >= SECRET_KEY_CHARACTERS if variable == "DJANGO_SECRET_KEY" else len(key) == KEY_BYTES
        if not fits or len(set(key)) < 8:
            found.append(Error(f"{name} is too short or too simple.", hint=_remedy(variable), id="portal.E002"))
        if other := seen.get(key):
            hint = f"Give {variable} a key of its own: {MAKE_KEY}."
            found.append(Error(f"{name} is equal to {other}.", hint=hint, id="portal.E003"))
        seen[key] = name
        if variable == "DJANGO_SECRET_KEY":
            # Written as hexadecimal digits, the same key would otherwise look different here.
            seen |= {bytes.fromhex(key.decode()): name} if _is_hex(key) else {}
    return found


def _is_hex(key: bytes) -> bool:
    try:
        return bool(bytes.fromhex(key.decode()))
    except ValueError:
        return False


def _own(remedy: str) -> str:
    return f"{remedy} To play the demo use `make run`; to work on the code set PORTAL_MODE=development."


@register(Tags.security)
def production_is_whole(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Production runs without DEBUG, on a broker that outlives the process, at an address of its own."""
    if settings.MODE != "production":
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        hint = "Unset DJANGO_DEBUG: its error pages show settings and data to everybody."
        found.append(Error("DJANGO_DEBUG is on in production.", hint=hint, id="portal.E004"))
    if settings.REDIS_URL.startswith("memory:"):
        hint = "Set REDIS_URL to redis://host:6379/0: other processes cannot see the memory:// broker."
        found.append(Error("REDIS_URL is not set, or is memory://.", hint=hint, id="portal.E005"))
    if not settings.DATABASE_URL_GIVEN:
        hint = "Set DATABASE_URL to postgres://user:password@host:5432/name."
        found.append(Error("DATABASE_URL is not set.", hint=hint, id="portal.E009"))
    if not settings.PORTAL_URL_GIVEN:
        hint = "Set PORTAL_URL to the address people reach the portal at, such as https://card.example.org."
        found.append(Error("PORTAL_URL is not set.", hint=hint, id="portal.E006"))
    elif not settings.BEHIND_TLS:
        hint = "Put TLS in front and set PORTAL_URL to its https:// address: cookies are not marked Secure without it."
        found.append(Advice("PORTAL_URL does not begin with https.", hint=hint, id="portal.W001"))
    if "*" in settings.ALLOWED_HOSTS:
        hint = "Set DJANGO_ALLOWED_HOSTS to the host names of the portal, separated by commas, without *."
        found.append(Error("DJANGO_ALLOWED_HOSTS takes every host name.", hint=hint, id="portal.E007"))
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < METRICS_TOKEN_CHARACTERS:
        hint = f"Set METRICS_TOKEN to at least {METRICS_TOKEN_CHARACTERS} characters: {MAKE_KEY}. Empty: no /metrics."
        found.append(Error("METRICS_TOKEN is too short.", hint=hint, id="portal.E010"))
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        hint = "Run `.venv/bin/python manage.py collectstatic --noinput` once for each version of the code."
        found.append(Error("The static files have not been gathered.", hint=hint, id="portal.E008"))
    return found
