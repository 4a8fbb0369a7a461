"""A required field that was left empty is named: its mistake may stand apart from it."""

from typing import Any

from django import forms
from django.utils.translation import gettext

_DJANGO = forms.Field.default_error_messages["required"]


class NamesRequired(forms.BaseForm):
    """Comes first among a form's bases; what a field says of its own, it goes on saying."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.label and field.error_messages.get("required") == _DJANGO:
                field.error_messages["required"] = gettext("Fill in “%(field)s”.") % {"field": field.label}
