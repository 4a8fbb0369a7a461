"""The forms of the desk."""

import json
import re
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS

from cards.identity_documents import DocumentType
from cards.models import Programme
from cards.moves import OTHER
from desk.words import check_words
from pages.programmes import RESERVED


class ReasonForm(forms.Form):
    """Why something is done to a card; by which way a code goes where one is sent, and whose help is ended."""

    number = forms.CharField(label=_("Number of the new card"), max_length=64)
    whom = forms.ChoiceField(label=_("Whose help ends"), widget=forms.RadioSelect)
    by = forms.ChoiceField(label=_("Send by"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Reason"))
    comment = forms.CharField(
        label=_("Comment"),
        max_length=500,
        required=False,
        validators=[check_words],
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Write no card number, document number or code here."),
    )
    sure = forms.BooleanField(label=_("I have made sure that this is the right card. This cannot be undone."))

    def __init__(
        self,
        *args: Any,
        reasons: list[tuple[str, str]],
        ways: list[tuple[str, str]] | None,
        for_good: bool,
        whom: list[tuple[str, str]] | None = None,
        asks_number: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices("reason").choices = [("", "---------"), *reasons]
        for name, choices in (("by", ways), ("whom", whom)):
            if choices is None:
                del self.fields[name]
            else:
                self.choices(name).choices = choices
        if not asks_number:
            del self.fields["number"]
        if not for_good:
            del self.fields["sure"]

    def choices(self, name: str) -> forms.ChoiceField:
        """A field to choose from."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        return field

    def clean(self) -> dict[str, Any]:
        """A reason that says nothing needs words."""
        given = super().clean() or {}
        if given.get("reason") == OTHER and not given.get("comment", "").strip():
            self.add_error("comment", _("Write down the reason."))
        return given


class CloseCaseForm(forms.Form):
    """How a case ended."""

    reason = forms.CharField(
        label=_("How it ended"),
        max_length=500,
        validators=[check_words],
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Write no card number, document number or code here."),
    )


class Indented(json.JSONEncoder):
    """JSON as people read it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "indent": 2})


DIALLED = re.compile(r"[+(]?\d[\d ()\-\u2010-\u2013]+\d")
LONGEST_NUMBER = 64
EMPTIED: dict[str, Callable[[], Any]] = {
    "number_prefixes": list,
    "code_policy": dict,
    "code_fallback": list,
    "functions": list,
}


class ProgrammeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A programme. What its JSON columns may hold, their own validators say."""

    identity_fields = forms.MultipleChoiceField(
        label=_("Asked of the cardholder"),
        choices=[("name", _("Name")), ("id_number", _("Document number"))],
        widget=forms.CheckboxSelectMultiple,
    )
    id_types = forms.MultipleChoiceField(
        label=_("Identity documents taken"), choices=DocumentType.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Programme
        exclude: ClassVar[tuple[str, ...]] = ()
        widgets: ClassVar[dict[str, Any]] = {
            "brand_colour": forms.TextInput({"type": "color"}),
            "logo_svg": forms.Textarea({"rows": 8, "cols": 80, "spellcheck": "false"}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "code": _("Letters, digits and dashes; a part of the portal's addresses. It cannot be changed later."),
            "host_name": _("Only if the programme has a name of its own in the DNS, like card.example.org."),
            "brand_colour": _("Text on it and links are darkened or lightened by themselves until they can be read."),
            "logo_svg": _("The text of an SVG picture of at most 4 KB, with shapes only."),
            "number_prefixes": _('A list of digits in quotes, like ["6228", "955880"]. Empty takes every number.'),
            "code_policy": _('Only what differs from the defaults, like {"sms": {"digits": 6, "minutes": 10}}.'),
            "code_fallback": _(
                "Where a code did not arrive, the same code goes by the first of these ways that the cardholder has "
                'and that it has not gone yet, like ["email", "voice"]. Empty: by no other way. It keeps its digits '
                "and its life."
            ),
            "functions": _(
                'A list like [{"names": {"en": "Library", "zh-hans": "图书馆"}, "opens": "at_once"}]; '
                '"opens" is at_once, next_day, at_terminal or not_included; "note" may add texts by language.'
            ),
        }

    def clean_code(self) -> str:
        """Refuse a code that would hide pages of the portal."""
        code: str = self.cleaned_data["code"].lower()
        if code in RESERVED:
            raise forms.ValidationError(_("This word begins addresses of the portal itself. Choose another code."))
        return code

    def clean_region(self) -> str:
        """Refuse what is no region: no telephone number could be read there."""
        region: str = self.cleaned_data["region"]
        if region not in SUPPORTED_REGIONS:
            raise forms.ValidationError(_("Use the two letters of a country or region, like CN or HK."))
        return region

    def clean_hotline(self) -> str:
        """Refuse what no telephone dials."""
        hotline: str = self.cleaned_data["hotline"]
        if hotline and not DIALLED.fullmatch(hotline):
            raise forms.ValidationError(_("Write a telephone number: digits, +, brackets, dashes and spaces."))
        return hotline

    def clean(self) -> dict[str, Any]:
        """Refuse to close before opening, and prefixes as long as the number; what was emptied is empty, not none."""
        given = super().clean() or {}
        for name, empty in EMPTIED.items():
            if name in given and given[name] is None:
                given[name] = empty()
        opens, closes = given.get("opens_on"), given.get("closes_on")
        if opens and closes and closes <= opens:
            self.add_error("closes_on", _("The programme must close after it opens."))
        prefixes = given.get("number_prefixes")
        known = [one for one in prefixes if isinstance(one, str)] if isinstance(prefixes, list) else []
        if any(len(one) >= given.get("number_length", LONGEST_NUMBER) for one in known):
            self.add_error("number_prefixes", _("A prefix must be shorter than the card number."))
        return given
