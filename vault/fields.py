"""Model fields for what must not lie readable in the database."""

import uuid
from typing import TYPE_CHECKING, Any, NoReturn

from django import forms
from django.core import checks
from django.core.exceptions import FieldError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import pre_save

from vault.blind_index import blind_index
from vault.sealing import newest_prefix, seal, unseal

if TYPE_CHECKING:
    TextColumn = models.Field[str | None, str]
    IndexColumn = models.UUIDField[uuid.UUID | None, uuid.UUID | None]
else:
    TextColumn, IndexColumn = models.Field, models.UUIDField


class Sealed:
    """A column's bytes as they were read, not opened yet, and the row they were read from."""

    __slots__ = ("data", "row")

    def __init__(self, data: bytes, row: uuid.UUID | None = None) -> None:
        self.data = data
        self.row = row

    def __repr__(self) -> str:
        return "<sealed>"


class EncryptedAttribute(DeferredAttribute):
    """Opens the value when it is first looked at, so that a row can be read without decrypting it."""

    field: "EncryptedTextField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed) and instance is not None:
            value = self.field.open(value, instance)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, Sealed) and value.row is None:
            value.row = instance.__dict__.get(instance._meta.pk.attname)
        instance.__dict__[self.field.attname] = "" if value is None else value


class EncryptedTextField(TextColumn):
    """Text that is encrypted at rest, bound to its table, column and row.

    In Python it is always a `str`. Nothing (`""` or None) is stored as NULL and read as `""`; `blank=True` therefore
    makes the column nullable. It can only be written through an instance (`save`, `bulk_create`), because the row's id
    is part of the seal, and only be looked up by `isnull`; equality goes through a BlindIndexField beside it.
    Reading raises CannotUnseal when the bytes were made for another place or by a key we do not hold.
    """

    description = "Encrypted text"
    descriptor_class = EncryptedAttribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", kwargs.get("blank", False))
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if not isinstance(self.model._meta.pk, models.UUIDField):
            found.append(
                checks.Error(
                    "An encrypted field needs a model whose primary key is a UUIDField.",
                    hint="Declare id = models.UUIDField(primary_key=True, default=new_id, editable=False).",
                    obj=self,
                    id="vault.E001",
                )
            )
        if self.blank and not self.null:
            found.append(
                checks.Error(
                    "An encrypted field that may be blank needs a nullable column.",
                    hint="Leave null out: blank=True implies it.",
                    obj=self,
                    id="vault.E002",
                )
            )
        return found

    def bound_to(self, pk: uuid.UUID) -> str:
        """The place that the seal is bound to: "<table>.<column>|<id in hex>"."""
        return f"{self.model._meta.db_table}.{self.column}|{pk.hex}"

    def open(self, sealed: Sealed, instance: models.Model) -> str:
        row = sealed.row or instance.pk
        return unseal(sealed.data, bound_to=self.bound_to(row)).decode()

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        """The sealed column. Untouched bytes go back as they are, unless the row's id or the newest key changed."""
        pk: uuid.UUID = model_instance.pk
        held = model_instance.__dict__.get(self.attname)
        if isinstance(held, Sealed) and held.row == pk and held.data.startswith(newest_prefix()):
            return held
        text = getattr(model_instance, self.attname)
        return Sealed(seal(text.encode(), bound_to=self.bound_to(pk)), pk) if text else None

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if isinstance(value, Sealed):
            return memoryview(value.data)
        if value is None or value == "":
            return None
        raise TypeError(
            f"{self.model._meta.label}.{self.name} is sealed together with its row's id: assign it to an instance and "
            "save that. update(), bulk_update() and fixtures cannot write it."
        )

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            self._refuse_lookup(lookup_name)
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        self._refuse_lookup(lookup_name)

    def _refuse_lookup(self, lookup_name: str) -> NoReturn:
        raise FieldError(
            f"{self.model._meta.label}.{self.name} is encrypted and cannot be looked up by {lookup_name!r}: compare a "
            "BlindIndexField beside it with blind_index(kind, value), or use isnull."
        )

    def to_python(self, value: Any) -> str:
        return "" if value is None else str(value)

    def value_to_string(self, obj: models.Model) -> NoReturn:
        raise TypeError(f"{self.model._meta.label}.{self.name} is encrypted and not written into fixtures.")

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.CharField, "max_length": self.max_length, **kwargs})


def sealed_value(model: type[models.Model], field_name: str, pk: uuid.UUID, text: str) -> bytes | None:
    """The bytes of an encrypted column, for COPY and other bulk writes that pass no instance. None where empty."""
    field = model._meta.get_field(field_name)
    if not isinstance(field, EncryptedTextField):
        raise TypeError(f"{model._meta.label}.{field_name} is not an EncryptedTextField.")
    return seal(text.encode(), bound_to=field.bound_to(pk)) if text else None


def sealed(model: type[models.Model], field_name: str, pk: uuid.UUID, text: str) -> Sealed | None:
    """What `update()` takes for an encrypted column of this one row. None where empty."""
    data = sealed_value(model, field_name, pk, text)
    return Sealed(data, pk) if data else None


class BlindIndexField(IndexColumn):
    """A keyed hash of another attribute of the row, written with it; None where that is empty.

    `BlindIndexField(of="phone", kind="phone", db_index=True)`. Look up with
    `filter(phone_index=blind_index("phone", normalised))`. `save(update_fields=...)` must name both or neither.
    One that `outlives` its text stays when the text is forgotten: saving a row without the text leaves it as it was.
    """

    description = "Blind index"

    def __init__(self, *args: Any, of: str, kind: str, outlives: bool = False, **kwargs: Any) -> None:
        self.of, self.kind, self.outlives = of, kind, outlives
        super().__init__(*args, **{"null": True, "blank": True, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        outlives = {"outlives": True} if self.outlives else {}
        return name, path, args, {**kwargs, "of": self.of, "kind": self.kind, **outlives}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not cls._meta.abstract:
            pre_save.connect(self._refuse_half, sender=cls, dispatch_uid=f"{cls._meta.label}.{name}")

    def _refuse_half(self, update_fields: frozenset[str] | None, **kwargs: Any) -> None:
        if update_fields and (self.of in update_fields) != (self.name in update_fields):
            raise ValueError(f"save(update_fields=...) must name {self.of!r} and its index {self.name!r} together.")

    def pre_save(self, model_instance: models.Model, add: bool) -> uuid.UUID | None:
        text = getattr(model_instance, self.of)
        if self.outlives and not text:
            return getattr(model_instance, self.attname)
        index = blind_index(self.kind, text) if text else None
        setattr(model_instance, self.attname, index)
        return index
