"""Production does not start on unfit settings, whichever process is started, and says what to do."""

import secrets

import pytest

from portal.tests.servers import GRANIAN, production, run
from tests.services.processes import free_port

KEY = secrets.token_hex(32)
UNFIT = {
    "default secret key": ({"DJANGO_SECRET_KEY": ""}, "DJANGO_SECRET_KEY is not set", "openssl rand -hex 32"),
    "default code keys": ({"CODE_KEYS": ""}, "CODE_KEYS is not set", "Write CODE_KEYS as id:hex"),
    "default field keys": ({"FIELD_ENCRYPTION_KEYS": ""}, "FIELD_ENCRYPTION_KEYS is not set", "as id:hex"),
    "default peppers": ({"PIN_PEPPERS": ""}, "PIN_PEPPERS is not set", "Write PIN_PEPPERS as id:hex"),
    "default index key": ({"BLIND_INDEX_KEY": ""}, "BLIND_INDEX_KEY is not set", "openssl rand -hex 32"),
    "the default, written out": (
        {"CODE_KEYS": "mine:" + b"code-key-for-development-only-32".hex()},
        "CODE_KEYS is not set",
        "openssl rand -hex 32",
    ),
    "short secret key": ({"DJANGO_SECRET_KEY": "short"}, "DJANGO_SECRET_KEY is too short", "at least 50"),
    "short old key": ({"CODE_KEYS": f"new:{KEY},old:00ff"}, "the key 'old' of CODE_KEYS is too short", "32 bytes"),
    "long field key": ({"FIELD_ENCRYPTION_KEYS": f"a:{KEY}{KEY}"}, "of FIELD_ENCRYPTION_KEYS", "32 bytes"),
    "a key of zeros": ({"PIN_PEPPERS": f"a:{'00' * 32}"}, "of PIN_PEPPERS is too short or too simple", "32 bytes"),
    "equal keys": (
        {"CODE_KEYS": f"a:{KEY}", "PIN_PEPPERS": f"b:{KEY}"},
        "'b' of PIN_PEPPERS is equal to the key 'a' of CODE_KEYS",
        "Give PIN_PEPPERS a key of its own",
    ),
    "equal to the secret key": (
        {"DJANGO_SECRET_KEY": KEY, "BLIND_INDEX_KEY": KEY},
        "BLIND_INDEX_KEY is equal to DJANGO_SECRET_KEY",
        "a key of its own",
    ),
    "memory broker": ({"REDIS_URL": "memory://"}, "REDIS_URL", "redis://host:6379/0"),
    "no broker": ({"REDIS_URL": ""}, "REDIS_URL is not set", "redis://host:6379/0"),
    "debug": ({"DJANGO_DEBUG": "1"}, "DJANGO_DEBUG is on", "Unset DJANGO_DEBUG"),
    "no database": ({"DATABASE_URL": ""}, "DATABASE_URL is not set", "postgres://"),
    "no address": ({"PORTAL_URL": ""}, "PORTAL_URL is not set", "https://card.example.org"),
    "every host": ({"DJANGO_ALLOWED_HOSTS": "*"}, "DJANGO_ALLOWED_HOSTS takes every", "without *"),
    "short metrics token": ({"METRICS_TOKEN": "guess me"}, "METRICS_TOKEN is too short", "at least 32"),
    "texts written down": ({"SMS_URL": "console:"}, "SMS_URL=console:", "Set SMS_URL to https://"),
    "emails written down": ({"EMAIL_URL": "file:///tmp/mail"}, "writes codes down", "Set EMAIL_URL to smtp"),
    "no number": ({"PORT": "http"}, "PORT cannot be read", "whole number"),
    "no mode": ({"PORTAL_MODE": "prod"}, "PORTAL_MODE cannot be read", "production"),
}


@pytest.mark.parametrize(("changes", "fault", "remedy"), UNFIT.values(), ids=UNFIT.keys())
def test_production_names_the_variable_and_the_remedy(changes: dict[str, str], fault: str, remedy: str) -> None:
    ended = run(["manage.py", "check"], production(**changes))
    assert ended.returncode != 0
    assert fault in ended.stdout
    assert remedy in ended.stdout
    assert "Traceback" not in ended.stdout
    assert KEY not in ended.stdout


def test_keys_that_are_still_those_of_the_example_are_all_named_at_once() -> None:
    example = {
        "CODE_KEYS": "id:hex",
        "FIELD_ENCRYPTION_KEYS": "id:hex",
        "PIN_PEPPERS": "id:hex",
        "BLIND_INDEX_KEY": "hex",
    }
    ended = run(["manage.py", "check"], production(**example))
    assert ended.returncode != 0 and "Traceback" not in ended.stdout
    assert [name for name in example if f"{name} cannot be read. Write" in ended.stdout] == list(example)


def test_fit_production_is_refused_for_nothing_of_this() -> None:
    ended = run(["manage.py", "check"], production())
    assert not any(fault in ended.stdout for _, fault, _ in UNFIT.values())
    assert ended.returncode == 0 or "collectstatic" in ended.stdout


def test_static_files_must_be_gathered(tmp_path: object) -> None:
    ended = run(["manage.py", "check"], production(PORTAL_STATIC=f"{tmp_path}"))
    assert ended.returncode != 0
    assert "manage.py collectstatic" in ended.stdout


@pytest.mark.parametrize(
    "command",
    [
        ["-m", *GRANIAN, "--port", str(free_port())],
        ["-m", "celery", "-A", "portal", "worker", "--pool", "solo"],
        ["-m", "celery", "-A", "portal", "beat"],
        ["manage.py", "migrate"],
        ["manage.py", "import_cards", "none.csv", "--programme", "none"],
    ],
    ids=["granian", "worker", "beat", "migrate", "import_cards"],
)
def test_no_process_starts_on_a_default_key(command: list[str]) -> None:
    ended = run(command, production(CODE_KEYS="", DJANGO_DEBUG="1"))
    assert ended.returncode != 0
    assert "CODE_KEYS is not set" in ended.stdout
    assert "Unset DJANGO_DEBUG" in ended.stdout


@pytest.mark.parametrize(
    "command",
    [
        ["-m", *GRANIAN, "--port", str(free_port())],
        ["-m", "celery", "-A", "portal", "worker", "--pool", "solo"],
        ["-m", "celery", "-A", "portal", "beat"],
    ],
    ids=["granian", "worker", "beat"],
)
def test_no_process_starts_on_a_variable_it_cannot_read(command: list[str]) -> None:
    ended = run(command, production(CODE_KEYS="nonsense"))
    assert ended.returncode != 0
    assert "CODE_KEYS cannot be read. Write id:hex" in ended.stdout
