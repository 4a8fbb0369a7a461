"""What every test of the portal may use."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from argon2 import PasswordHasher
from django.conf import settings
from django.test import Client, TransactionTestCase
from whitenoise.middleware import WhiteNoiseMiddleware

from cards.pins import LocalCustody
from cards.programmes import forget_programmes
from messaging import silence
from messaging.rests import forget_rests
from tests.services.clone import copy_clone
from tests.services.emptying import empty_tables

pytest_plugins = ["tests.services.fixtures"]

hypothesis.settings.register_profile("busy", deadline=None)  # a machine that does other work beside is no mistake
hypothesis.settings.load_profile("busy")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Keep SQLite's test database in a file, as the portal does: one in memory has neither WAL nor its locks."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folder: Path = tmp_path_factory.mktemp("database")
        database["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> Iterator[None]:
    """After tests that commit; only what a page or another process must see is committed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once() -> Iterator[None]:
    """Each test's client starts the portal anew, and looking for all static files is half of that."""
    found: dict[str, object] = {}
    find = WhiteNoiseMiddleware.add_files_from_finders

    def find_once(it: WhiteNoiseMiddleware) -> None:
        if not found:
            find(it)
            found.update(it.files)
        it.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", find_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_pins() -> Iterator[None]:
    """What a PIN was hashed with is kept beside it, so that servers under test check it as they check any other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LocalCustody, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def programmes_read_once() -> Iterator[None]:
    """A test's own transaction is no reason to read the programmes at each request: nobody else sees what is in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cards.programmes.connection", SimpleNamespace(in_atomic_block=False))
        patch.setattr("cards.programmes.SECONDS", 3600)  # who counts queries counts none that time has brought
        yield


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Which programmes there were in another test, and which gateways failed there, is nothing to this one."""
    forget_programmes()
    forget_rests()
    silence.forget()


@pytest.fixture
def client() -> Client:
    """A browser that asks for English, the language that the tests read."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def clean_copy(tmp_path: Path) -> Path:
    """A copy of what git would clone, in which a test may make what it likes."""
    return copy_clone(tmp_path / "clone")
