"""Whether the keys fit what lies in the database: a few rows of every table with sealed columns are opened.

A key that is missing or another one under the same id shows nowhere else before a page that needs it fails. A single
damaged row is no wrong key: what counts is that nothing at one end of a table opens, its oldest rows or its newest.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, models

from vault.blind_index import blind_index
from vault.fields import BlindIndexField, EncryptedTextField
from vault.sealing import CannotUnseal

ROWS = 5
REMEDIES = {
    "FIELD_ENCRYPTION_KEYS": "Put the key back that sealed them, under its id: without it they cannot be read.",
    "BLIND_INDEX_KEY": "Put the key back that they were written with: without it nothing is found.",
}


def keys_that_do_not_fit() -> dict[str, list[str]]:
    """The variables whose keys are not those of the data, each with the tables that say so. Bounded."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if any(isinstance(field, EncryptedTextField) for field in model._meta.local_fields):
            for variable in sorted({variable for way in ("pk", "-pk") for variable in _unfit(model, way)}):
                found.setdefault(variable, []).append(table)
    return found


def _unfit(model: type[models.Model], way: str) -> Iterator[str]:
    opened, alike = set[bool](), set[bool]()
    for row in model._base_manager.order_by(way)[:ROWS]:
        opened |= set(_opened(row))
        alike |= set(_alike(row))
    if opened == {False}:
        yield "FIELD_ENCRYPTION_KEYS"
    if alike == {False}:
        yield "BLIND_INDEX_KEY"


def _opened(row: models.Model) -> Iterator[bool]:
    for field in row._meta.local_fields:
        if isinstance(field, EncryptedTextField) and row.__dict__[field.attname] != "":
            yield _text(row, field.attname) is not None


def _alike(row: models.Model) -> Iterator[bool]:
    for field in row._meta.local_fields:
        index = getattr(row, field.attname) if isinstance(field, BlindIndexField) else None
        if isinstance(field, BlindIndexField) and index and (text := _text(row, field.of)):
            yield index == blind_index(field.kind, text)


def _text(row: Any, name: str) -> str | None:
    try:
        return str(getattr(row, name))
    except CannotUnseal:
        return None


@register(Tags.security, deploy=True)
def keys_fit_the_data(**kwargs: Any) -> list[CheckMessage]:
    """The keys are those that the data was written with. An empty, older or absent database says nothing of them."""
    try:
        found = keys_that_do_not_fit()
    except DatabaseError:
        return []
    return [
        Error(f"{variable} does not fit the data in {', '.join(tables)}.", hint=REMEDIES[variable], id="vault.E003")
        for variable, tables in found.items()
    ]
