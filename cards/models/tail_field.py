"""The last four characters of an encrypted value, kept readable so that lists need not decrypt."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    TextColumn = models.CharField[str, str]
else:
    TextColumn = models.CharField

TAIL = 4


class TailField(TextColumn):
    """The tail of another field `of` the row, filled in whenever the row is saved.

    It outlives its text: saving a row whose text is forgotten leaves it as it was.
    A value shorter than eight characters shows only its second half, so that a tail is never most of the value.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": TAIL, "blank": True, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        """Tell migrations whose tail it is."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Take the tail of the value that is being saved."""
        value = getattr(model_instance, self.of)
        if not value:
            return str(getattr(model_instance, self.attname))
        tail = tail_of(value)
        setattr(model_instance, self.attname, tail)
        return tail


def tail_of(value: str) -> str:
    """Give the last four characters of `value`, of a short one only its second half."""
    return value[-min(TAIL, len(value) // 2) :] if len(value) > 1 else ""
