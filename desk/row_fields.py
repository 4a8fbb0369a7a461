"""What a programme keeps as a table, filled in row by row: the codes of each way, and the card's functions."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cards.code_rules import LENGTHS, check_policy
from cards.dimensions import Channel
from cards.functions import Opens

Rows = dict[str, dict[str, Any]]
"""What was typed: by row, by column."""


class RowsWidget(forms.Widget):
    """Rows of labelled inputs, each named `<field>-<row>-<column>`: these rows, or numbered ones and two to spare."""

    template_name = "desk/rows.html"
    use_fieldset = True
    spare = 2
    wrong: frozenset[str] = frozenset()
    """The rows that were not taken."""

    def __init__(self, columns: Mapping[str, tuple[Any, forms.Widget]], rows: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.columns, self.rows = columns, rows

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Rows:
        """Read all rows that were sent."""
        typed: Rows = {}
        for key in data:
            row, _dash, column = key.removeprefix(f"{name}-").partition("-")
            if key.startswith(f"{name}-") and column in self.columns and self.is_row(row):
                typed.setdefault(row, {})[column] = data.get(key)
        return typed

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)

    def is_row(self, row: str) -> bool:
        return row in self.rows if self.rows is not None else row.isascii() and row.isdigit() and len(row) < 4

    def titled(self, value: Rows) -> Iterator[tuple[str, Any]]:
        """Name each row that is shown, and say its title."""
        if self.rows is not None:
            yield from self.rows.items()
        else:
            for number in range(len(value) + self.spare):
                yield str(number), number + 1

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        filled: Rows = value or {}
        if self.rows is None:  # numbered anew, so that a row that was emptied leaves no gap
            order = sorted(filled, key=int)
            wrong = {str(number) for number, row in enumerate(order) if row in self.wrong}
            filled = {str(number): filled[row] for number, row in enumerate(order)}
        else:
            wrong = set(self.wrong)
        context["widget"]["rows"] = [
            {
                "title": title,
                "wrong": row in wrong,
                "cells": list(self.cells(f"{name}-{row}", filled.get(row, {}), wrong=row in wrong)),
            }
            for row, title in self.titled(filled)
        ]
        return context

    def cells(self, row: str, filled: dict[str, Any], *, wrong: bool) -> Iterator[dict[str, Any]]:
        marked = {"aria-invalid": "true"} if wrong else {}
        for column, (label, widget) in self.columns.items():
            name = f"{row}-{column}"
            yield {"label": label, **widget.get_context(name, filled.get(column), {"id": f"id_{name}", **marked})}


class RowsField(forms.Field):
    """What is filled in row by row. The rows that are wrong are marked, and no others."""

    widget: RowsWidget

    def read_rows(self, typed: Rows, read: Callable[[str, dict[str, Any]], Any]) -> dict[str, Any]:
        """Read each row that says anything; `read` gives nothing where it does not. Raises ValidationError with the
        mistakes of all."""
        made: dict[str, Any] = {}
        mistakes: dict[str, forms.ValidationError] = {}
        for row in typed:
            try:
                made[row] = read(row, typed[row])
            except forms.ValidationError as mistake:
                mistakes[row] = mistake
        self.widget.wrong = frozenset(mistakes)
        if mistakes:
            raise forms.ValidationError(
                list(dict.fromkeys(said for one in mistakes.values() for said in one.messages))
            )
        return {row: one for row, one in made.items() if one}


SENT = {channel: label for channel, label in Channel.choices if channel not in (Channel.AGENT, Channel.CARRIER)}
"""Ways by which codes travel. Nobody reads one out and no card comes with one yet: rules for those would be idle."""


class CodePolicyField(RowsField):
    """Digits and life of a code by each way; what is left empty is as usual. Gives what `check_policy` asks for."""

    def __init__(self, **kwargs: Any) -> None:
        lengths = [("", _("As usual")), *((digits, digits) for digits in LENGTHS)]
        columns = {
            "digits": (_("Digits"), forms.Select(choices=lengths)),
            "minutes": (_("Minutes it lives"), forms.NumberInput({"min": 1})),
        }
        super().__init__(widget=RowsWidget(columns, SENT), **kwargs)

    def to_python(self, value: Any) -> dict[str, dict[str, int]]:
        """Raise ValidationError for what is no whole number, or no rule of a code."""
        return self.read_rows(value or {}, self.rule_of)

    def rule_of(self, channel: str, typed: dict[str, Any]) -> dict[str, int]:
        """What differs from what is usual for this way."""
        try:
            rule = {column: int(text) for column, text in typed.items() if text}
        except ValueError:
            raise forms.ValidationError(gettext("Write minutes as a whole number.")) from None
        check_policy({channel: rule})
        return rule


class FunctionsField(RowsField):
    """The card's functions, one a row; a row without any text is none. Gives what `check_functions` asks for."""

    def __init__(self, **kwargs: Any) -> None:
        self.languages = settings.LANGUAGES
        self.one_text = forms.CharField(required=False, max_length=200)
        columns: dict[str, tuple[Any, forms.Widget]] = {
            **self.texts_of("names", pgettext_lazy("of a function", "Name")),
            "opens": (_("When it opens"), forms.Select(choices=Opens.choices)),
            **self.texts_of("note", _("Note")),
        }
        super().__init__(widget=RowsWidget(columns), **kwargs)

    def texts_of(self, part: str, label: Any) -> dict[str, tuple[Any, forms.Widget]]:
        """One input for each language, labelled with the language's own name."""
        return {
            f"{part}-{code}": (
                format_lazy(_("{label} ({language})"), label=label, language=language),
                forms.TextInput({"lang": code}),
            )
            for code, language in self.languages
        }

    def prepare_value(self, value: Any) -> Any:
        """Spread stored functions over rows; what was typed is rows already."""
        if not isinstance(value, list):
            return value
        return {str(number): self.row_of(function) for number, function in enumerate(value)}

    def row_of(self, function: dict[str, Any]) -> dict[str, str]:
        texts = {f"{part}-{code}": text for part in ("names", "note") for code, text in function.get(part, {}).items()}
        return {**texts, "opens": function["opens"]}

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        """Raise ValidationError where a name is missing in a language, or a note in some."""
        typed: Rows = value or {}
        return list(self.read_rows({row: typed[row] for row in sorted(typed, key=int)}, self.function_of).values())

    def function_of(self, row: str, typed: dict[str, Any]) -> dict[str, Any]:
        """The function of a row; nothing where the row has no text."""
        names, note = self.texts(typed, "names"), self.texts(typed, "note")
        if not names and not note:
            return {}
        if len(names) < len(self.languages):
            raise forms.ValidationError(
                gettext("Function %(n)d needs its name in every language.") % {"n": int(row) + 1}
            )
        if note and len(note) < len(self.languages):
            raise forms.ValidationError(
                gettext("Function %(n)d needs its note in every language, or in none.") % {"n": int(row) + 1}
            )
        return {"names": names, "opens": typed.get("opens"), **({"note": note} if note else {})}

    def texts(self, typed: dict[str, Any], part: str) -> dict[str, str]:
        texts = {code: self.one_text.clean(typed.get(f"{part}-{code}")) for code, _name in self.languages}
        return {code: text for code, text in texts.items() if text}
