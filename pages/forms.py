"""The form every page's form is made of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cards.mail_hosts import likely_host
from cards.models import Programme
from pages.catalogue import MESSAGES, Refusal
from pages.fields import LONGEST_KEPT, RadioField

FoundMistake = tuple[str | None, str, dict[str, Any]]
"""A field (None for the page), a message's id and its values."""


class PageHelper(FormHelper):
    """How crispy renders a form of ours. Built once for a form class and only read while rendering."""

    form_action = ""  # crispy's property would run reverse() at every rendering; our template posts to the page itself
    form_id = "step"
    include_media = False
    render_hidden_fields = True


class PageForm(forms.Form):
    """A form of one page: no browser validation, one button, errors by catalogue ids.

    `button` is the lazy label of its button. `programme` reaches the fields that follow the programme's rules
    (length of card numbers and PINs); None where no programme is known. Shape only: it reads and writes nothing.
    """

    use_required_attribute = False
    helper = PageHelper()
    button: Any = _("Continue")
    can_show = False
    """True: what is typed is hidden, and a button shows it."""
    form_html = ""
    """Written by crispy where the helper has a layout."""
    once = False
    """True: the form carries a random `form_token`, so that a double click counts once (see form_tokens)."""

    def __init__(self, *args: Any, programme: Programme | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.programme = programme
        for field in self.fields.values():
            if programme is not None and hasattr(field, "follow"):
                field.follow(programme)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Where there is only one thing to choose, it is chosen beforehand."""
        initial = super().get_initial_for_field(field, field_name)
        choices = list(cast(Iterable[tuple[Any, Any]], field.choices)) if isinstance(field, RadioField) else []
        return choices[0][0] if initial is None and len(choices) == 1 else initial

    def clean(self) -> dict[str, Any]:
        """Ask once about a likely slip in the host of an email address; who sends it again as it is means it."""
        cleaned = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            host = likely_host(cleaned.get(name, "")) if getattr(field, "has_host", False) else ""
            if host and host != self.data.get("declined"):
                self.add_error(name, Refusal("E26", host=host))
        return cleaned

    @property
    def declined(self) -> str:
        """The host that this page proposes; sent along, it is declined."""
        found = (error for errors in self.errors.as_data().values() for error in errors)
        asked = (error.values["host"] for error in found if isinstance(error, Refusal) and error.message_id == "E26")
        return next(asked, "")

    def typed(self) -> dict[str, list[str]]:
        """Give all that was typed, by field: what may not be kept, too."""
        return {name: [value for value in _values(self.data, name) if value] for name in self.fields}

    def kept(self) -> dict[str, list[str]]:
        """Give what was typed and may be shown again, by field; secrets are left out."""
        return _kept(self.fields, self.data)

    @classmethod
    def kept_for_later(cls, posted: QueryDict) -> dict[str, list[str]]:
        """Give what may be kept until somebody has signed in, of a form that cannot be built before: neither secrets
        nor codes nor numbers of cards and documents, mistyped or not."""
        fields = cls.base_fields.items()
        return _kept({name: field for name, field in fields if getattr(field, "waits", True)}, posted)

    def mistakes(self) -> list[FoundMistake]:
        """Give the first mistake of each field. One without an id (a library's) is told by its words."""
        found: list[FoundMistake] = []
        for name, errors in self.errors.as_data().items():
            error = errors[0]
            spoken = (error.message_id, error.values) if isinstance(error, Refusal) else (error.messages[0], {})
            found.append((None if name == NON_FIELD_ERRORS else name, *spoken))
        return found

    def take_mistakes(self, mistakes: Sequence[FoundMistake]) -> None:
        """Show mistakes that were found earlier, without checking what was typed again."""
        self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        for name, message_id, values in mistakes:
            known = name if name in self.fields else None
            self.add_error(known, Refusal(message_id, **values) if message_id in MESSAGES else message_id)


def _shortened(value: str) -> str:
    return value[:LONGEST_KEPT]


def _values(data: Any, name: str) -> list[str]:
    return data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]


def _kept(fields: Mapping[str, forms.Field], data: Any) -> dict[str, list[str]]:
    typed: dict[str, list[str]] = {}
    for name, field in fields.items():
        keep = getattr(field, "keep", _shortened)
        kept = [value for value in map(keep, _values(data, name)) if value]
        if kept:
            typed[name] = kept
    return typed
