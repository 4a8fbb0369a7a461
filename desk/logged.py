"""What the log keeps of a change, and how it is told."""

import json
from datetime import datetime
from functools import partial
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.forms import ModelForm, PasswordInput
from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from vault.fields import BlindIndexField, EncryptedTextField

LONGEST, BEFORE = 100, 25
"""Characters that are kept of a value; and of these, before the first by which two long ones differ."""
_SECRET = (EncryptedTextField, BlindIndexField)

Value = str | bool
"""A value as the log keeps it: text, empty where there was none; yes and no are said in the reader's language."""


class LogsInWords(ModelAdmin):  # type: ignore[type-arg]
    """Keeps the names of changed fields as the catalogue has them, so that each reader has them in their language.

    Django keeps labels as a page shows them, with a capital: of those the catalogue knows nothing.
    """

    def construct_change_message(self, request: Any, form: Any, formsets: Any, add: bool = False) -> Any:
        """Django's, with the model's own names."""
        told: Any = super().construct_change_message(request, form, formsets, add)
        with override(None):
            names = {str(capfirst(field.verbose_name)): str(field.verbose_name) for field in self.opts.fields}
        for part in told:
            changed = part.get("changed", {})
            if "fields" in changed:
                changed["fields"] = [names.get(label, label) for label in changed["fields"]]
        return told


class LogsValues(LogsInWords):
    """Keeps what each changed field was and became, too. For policy: tables without anything secret or personal."""

    def construct_change_message(self, request: Any, form: Any, formsets: Any, add: bool = False) -> Any:
        """The names, and beside them the values in the same order."""
        told = super().construct_change_message(request, form, formsets, add)
        for part in told:
            if "fields" in part.get("changed", {}):
                part["changed"]["values"] = values_of(form)
        return told

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's, which tells the values as well."""
        answer = super().history_view(request, object_id, extra_context)
        for entry in getattr(answer, "context_data", {}).get("action_list", ()):
            entry.get_change_message = partial(str, told_change(entry))
        return answer


def values_of(form: "ModelForm[Any]") -> list[tuple[Value, Value] | None]:
    """What each changed field of a form was and became, in Django's order; None for what no log may hold."""
    return [
        both_kept(form.get_initial_for_field(form.fields[name], name), form.cleaned_data.get(name))
        if may_be_kept(form, name)
        else None
        for name in form.changed_data
    ]


def may_be_kept(form: "ModelForm[Any]", name: str) -> bool:
    """Whether a field is neither encrypted nor typed behind dots."""
    model: type[Model] = form._meta.model
    columns = {column.name: column for column in model._meta.get_fields()}
    return not (isinstance(columns.get(name), _SECRET) or isinstance(form.fields[name].widget, PasswordInput))


def both_kept(old: Any, new: Any) -> tuple[Value, Value]:
    """What a value was and became, each shortened to where they differ: a programme's functions are long."""
    was, became = as_text(old), as_text(new)
    if isinstance(was, bool) or isinstance(became, bool):
        return was, became
    alike = sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], zip(was, became, strict=False)))
    if max(len(was), len(became)) > LONGEST and alike > BEFORE:
        was, became = ("…" + text[alike - BEFORE :] for text in (was, became))
    return Truncator(was).chars(LONGEST), Truncator(became).chars(LONGEST)


def as_text(value: Any) -> Value:
    """A value as text; moments by the portal's clock, as staff typed them."""
    if isinstance(value, bool):
        return value
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, datetime):
        return f"{localtime(value, ZoneInfo(settings.TIME_ZONE)):%Y-%m-%d %H:%M %z}"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
        return ", ".join(f"{key}: {one}" for key, one in sorted(value.items()))
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, list | dict) else str(value)


def told_change(entry: LogEntry) -> str:
    """What was changed, from what to what, in the language of the reader; Django's sentence where no value is kept."""
    parts = json.loads(entry.change_message) if entry.change_message.startswith("[") else []
    changed = next((part["changed"] for part in parts if "values" in part.get("changed", {})), None)
    if changed is None:
        return str(entry.get_change_message())
    told = [
        _("%(field)s: %(old)s → %(new)s") % {"field": _(name), "old": in_words(pair[0]), "new": in_words(pair[1])}
        if pair
        else _(name)
        for name, pair in zip(changed["fields"], changed["values"], strict=True)
    ]
    return _("Changed. %(changes)s") % {"changes": _("; ").join(told)}


def in_words(value: Value) -> str:
    """A kept value, as it is read."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value or _("(empty)")
