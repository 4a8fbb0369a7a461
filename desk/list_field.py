"""A list that is typed with commas between its items."""

import re
from typing import Any

from django import forms


class ListField(forms.CharField):
    """Words or numbers with commas or spaces between them, in either script."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [item for item in re.split(r"[\s,，、]+", super().to_python(value) or "") if item]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))
