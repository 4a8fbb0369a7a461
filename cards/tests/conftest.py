"""What the tests of cards share."""

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from cards.tests.example_code import ExampleCode


@pytest.fixture(scope="session")
def example_table(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The table of ExampleCode, made once beside those of the migrations."""
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(ExampleCode)


@pytest.fixture
def codes(example_table: None, db: None) -> type[ExampleCode]:
    """ExampleCode with its table."""
    return ExampleCode
