"""Rows that are read in binary are those that Django reads: cards and programmes have every kind of column."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from cards.models import Card, Programme
from cards.tests.factories import CardFactory
from vault.planned import columns
from vault.reading import read_rows, read_values

pytestmark = pytest.mark.django_db


def test_instances_are_the_same_with_moments_and_json_and_sealed_columns() -> None:
    card = CardFactory.create()
    for model, pk in ((Card, card.pk), (Programme, card.programme_id)):
        wanted = model._meta.pk.get_db_prep_value(pk, connection)
        statement = f"SELECT {columns(model)} FROM {model._meta.db_table} WHERE id = %s"
        (found,) = read_rows(statement, [wanted], model)
        by_django = model.objects.get(pk=pk)
        for field in model._meta.concrete_fields:
            assert getattr(found, field.attname) == getattr(by_django, field.attname), field.name


def test_values_are_those_of_the_queryset() -> None:
    CardFactory.create_batch(3)
    soon = timezone.now() + timedelta(hours=1)
    cards = Card.objects.filter(created_at__lt=soon).order_by("pk")
    asked = cards.values_list("pk", "created_at", "number_tail", "email_index", "programme__code", "programme__names")
    assert read_values(asked) == list(asked)
    assert len(read_values(asked)) == 3


def test_a_broken_statement_fails_as_any_other(postgres: str) -> None:
    with pytest.raises(ProgrammingError):
        read_rows("SELECT nothing FROM cards_card", [], Card)
