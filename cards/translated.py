"""Texts that issuers write in every language of the portal: one JSON column, one input per language."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def in_language(texts: Mapping[str, str], language: str | None = None) -> str:
    """Give the text in `language` (the current one when None), else in the portal's default, else any, else ""."""
    for wanted in (language or get_language() or "", settings.LANGUAGE_CODE):
        if texts.get(wanted):
            return texts[wanted]
    return next((text for text in texts.values() if text), "")


class TranslatedWidget(forms.MultiWidget):
    """One text input for each of the portal's languages, each labelled with the language's own name."""

    template_name = "cards/translated_widget.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        self.languages = list(settings.LANGUAGES)
        super().__init__({code: forms.TextInput({"lang": code}) for code, _name in self.languages}, attrs)

    def decompress(self, value: Any) -> list[str]:
        """Spread the stored texts over the inputs."""
        texts = value if isinstance(value, dict) else {}
        return [texts.get(code, "") for code, _name in self.languages]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add each language's name, to stand above its input."""
        context = super().get_context(name, value, attrs)
        for part, (_code, language) in zip(context["widget"]["subwidgets"], self.languages, strict=True):
            part["language"] = language
        return context


class TranslatedFormField(forms.MultiValueField):
    """The texts of all languages. A required one wants every language, so that nobody meets a gap."""

    widget = TranslatedWidget

    def __init__(self, **kwargs: Any) -> None:
        for unused in ("encoder", "decoder", "max_length"):
            kwargs.pop(unused, None)
        self.codes = [code for code, _name in settings.LANGUAGES]
        super().__init__([forms.CharField(max_length=200) for _code in self.codes], require_all_fields=True, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        """Join the inputs to one value, without the languages left empty."""
        return {code: text for code, text in zip(self.codes, data_list or [], strict=False) if text}


class TranslatedField(models.JSONField):
    """A JSON column {"en": "Campus card", "zh-hans": "校园卡"}; read it with `in_language`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse anything that is not texts by language."""
        if not is_translated(value):
            raise ValidationError(_('This must be texts by language, like {"en": "Card", "zh-hans": "卡"}.'))
        super().validate(value, model_instance)

    def formfield(self, **kwargs: Any) -> forms.Field:
        """Make the field with one input per language."""
        label = {"label": capfirst(self.verbose_name), "help_text": self.help_text, "required": not self.blank}
        return TranslatedFormField(**{**label, "initial": {}, **kwargs})


def is_translated(value: object) -> bool:
    """Say whether `value` is texts by language code."""
    return isinstance(value, dict) and all(isinstance(part, str) for pair in value.items() for part in pair)
