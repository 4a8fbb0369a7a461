"""The forms of a loss (P17) and of "it was not me". Shape only."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.any_document import AnyDocumentField
from accounts.code_purposes import OF_LOSSES, hint
from accounts.models.loss_codes import Act
from accounts.models.loss_reports import LONGEST_SAID
from cards.mistakes import Mistake
from pages.fields import ContactField, OtpField, RadioField, TailField, TypedField
from pages.forms import PageForm

BLOCK, REPLACE = "block", "replace"


class LossForm(PageForm):
    tail = TailField(label=_("Last 4 digits of the card number"))
    contact = ContactField(label=_("Mobile number or email address registered for the card"))


class LossByIdForm(PageForm):
    idno = AnyDocumentField()
    contact = ContactField(label=_("Mobile number or email address registered for the card"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(AnyDocumentField, self.fields["idno"]).take_for(self.programme)


class LossCodeForm(PageForm):
    """`act` says which message to look for."""

    once = True
    act = Act.NOT_ME
    button = _("Continue")

    otp = OtpField(label=_("Security code"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["otp"].help_text = hint(OF_LOSSES[self.act])


class UnfreezeCodeForm(LossCodeForm):
    act = Act.UNFREEZE
    button = _("Unfreeze the card")


class FreezeCodeForm(LossCodeForm):
    act = Act.FREEZE
    button = _("Freeze the card")


class ChoiceForm(PageForm):
    """Asks for one of a few things that only the view knows."""

    choices: Sequence[tuple[str, Any]] = ()

    def __init__(self, *args: Any, choices: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = next(iter(self.fields.values()))
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared below
        field.choices = choices


class WhichCardForm(ChoiceForm):
    which = RadioField(label=_("Which card do you mean?"), empty="E61b")


class ContactToUseForm(ChoiceForm):
    button = _("Send the code")

    via = RadioField(label=_("Where should we send the code?"), empty="E25")


class LastUseField(TypedField):
    """When somebody last used their card, in their own words."""

    attrs: ClassVar[dict[str, Any]] = {"autocomplete": "off"}

    def read(self, text: str) -> str:
        said = " ".join(text.split())
        if len(said) > LONGEST_SAID:
            raise Mistake("E61c", m=LONGEST_SAID, n=len(said))
        return said


class WhatForm(PageForm):
    """`asks_last_use`: whether there is a report to keep the answer with."""

    what = RadioField(
        label=_("What do you want to do?"),
        empty="E61",
        choices=[
            (BLOCK, _("Freeze it for now. You can unfreeze it yourself within 7 days")),
            (REPLACE, _("Report lost and get a new card. The old card never works again")),
        ],
    )
    last_used = LastUseField(
        label=_("When did you last use it? (optional)"),
        help_text=_("Helps with payments you do not recognise. For example: yesterday at noon, in the canteen"),
        required=False,
    )

    def __init__(self, *args: Any, asks_last_use: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_last_use:
            del self.fields["last_used"]


class FreezeForm(PageForm):
    button = _("Freeze the card")


class ReportLostForm(PageForm):
    button = _("Report lost")


class NotMeForm(PageForm):
    button = _("It was not me")
