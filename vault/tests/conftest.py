"""The table of the tests' own model, and keys to rotate."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from vault.tests.notes.models import Note

OLD, NEW = b"the old key of these tests: 32 b", b"the new key of these tests: 32 b"


@pytest.fixture(scope="session")
def note_table(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Note)
        connection.close()


@pytest.fixture
def notes(note_table: None, db: None) -> None:
    """For tests inside one transaction."""


@pytest.fixture
def kept_notes(note_table: None, transactional_db: None, settings: Settings) -> Iterator[None]:
    """For tests of several connections: the model is installed, what they commit goes."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "vault.tests.notes"]
    yield
    Note.objects.all().delete()


@pytest.fixture
def old_key(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {"old": OLD}


def put_new_key_in_front(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW, "old": OLD}


def take_old_key_out(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW}
