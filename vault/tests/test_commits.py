"""A commit that needs no disk is asked for one transaction at a time."""

import pytest
from django.db import connection, transaction

from vault.commits import need_no_disk


def waits_for_the_disk() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return cursor.fetchone() == ("on",)


@pytest.mark.django_db(transaction=True)
def test_it_ends_with_its_transaction(postgres: str) -> None:
    for ends in (None, ZeroDivisionError):
        try:
            with transaction.atomic():
                need_no_disk()
                assert not waits_for_the_disk()
                if ends:
                    raise ends
        except ZeroDivisionError:
            pass
        assert waits_for_the_disk()


@pytest.mark.django_db
def test_elsewhere_nothing_is_asked() -> None:
    with transaction.atomic():
        need_no_disk()
