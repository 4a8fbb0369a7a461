"""The forms of the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.moves import OTHER
from desk.required_fields import NamesRequired
from desk.words import check_words


class ReasonForm(NamesRequired, forms.Form):
    """Why something is done; by which way a code goes where one is sent, and whose help is ended."""

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
    sure = forms.BooleanField(error_messages={"required": _("Tick the box if that is so.")})

    def __init__(
        self,
        *args: Any,
        reasons: list[tuple[str, str]],
        ways: list[tuple[str, str]] | None,
        sure: Any = "",
        whom: list[tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices("reason").choices = [("", "---------"), *reasons]
        for name, choices in (("by", ways), ("whom", whom)):
            if choices is None:
                del self.fields[name]
            else:
                self.choices(name).choices = choices
                if len(choices) == 1:  # nothing to choose
                    self.fields[name].initial = choices[0][0]
        self.fields["sure"].label = sure
        if not sure:
            del self.fields["sure"]

    def choices(self, name: str) -> forms.ChoiceField:
        """A field to choose from."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        return field

    def clean(self) -> dict[str, Any]:
        """A reason that says nothing needs words. Words that were not taken are mistake enough."""
        given = super().clean() or {}
        if given.get("reason") == OTHER and "comment" in given and not given["comment"].strip():
            self.add_error("comment", _("Write down the reason."))
        return given


class CloseCaseForm(NamesRequired, forms.Form):
    """How a case ended."""

    reason = forms.CharField(
        label=_("How it ended"),
        max_length=500,
        validators=[check_words],
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Write no card number, document number or code here."),
    )
