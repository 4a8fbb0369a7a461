"""The forms of the journey: shape only, they read and write nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cards.identity_documents import DocumentType
from cards.masks import mask_id
from pages.catalogue import Refusal
from pages.fields import (
    CardNumberField,
    CodeField,
    ConsentField,
    ContactField,
    DocumentNumberField,
    EmailField,
    NameField,
    OtpField,
    PhoneField,
    RadioField,
)
from pages.forms import PageForm
from pages.markup import with_digits
from pages.times import clock

NONE_OF_THESE = "none"


class EnterCodeForm(PageForm):
    once = True

    card_number = CardNumberField()
    code = CodeField(
        label=_("Activation code"),
        help_text=with_digits(
            _(
                "12 digits from your email or the card envelope, like %(example)s, "
                "or the 6 digits from your text message"
            ),
            example="7391 0264 8853",
        ),
    )

    def __init__(self, *args: Any, by_sms: bool = False, **kwargs: Any) -> None:
        """`by_sms`: a code was asked for in this browser, so a telephone may offer the one it has just received."""
        super().__init__(*args, **kwargs)
        if by_sms:
            self.fields["code"].widget.attrs["autocomplete"] = "one-time-code"


class RequestCodeForm(PageForm):
    once = True

    card_number = CardNumberField()
    contact = ContactField(
        label=_("Mobile number or email address"),
        help_text=_("The one registered for the card"),
    )


class ConfirmIdentityForm(PageForm):
    """Name and document number. With an earlier answer the number is shown masked, and empty means unchanged."""

    name = NameField(label=_("Full name"), help_text=_("As shown on your identity document"))
    idno = DocumentNumberField()

    def __init__(self, *args: Any, document: str, known_number: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        idno = cast(DocumentNumberField, self.fields["idno"])
        idno.ask_for(document)
        idno.label = capfirst(gettext("%(doc)s number") % {"doc": DocumentType(document).label})
        if document == DocumentType.RESIDENT_ID:
            idno.label = gettext("Resident ID number")
            idno.help_text = gettext("18 characters. If it ends in X you can type * instead")
        if known_number:
            idno.required = False
            kept = gettext("You entered %(number)s. Leave this empty to keep it")
            idno.help_text = with_digits(kept, number=mask_id(known_number))

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or self.cleaned_data), "document": self.document}


class ChooseDocumentForm(PageForm):
    doc = RadioField(label=_("Type of document"), empty="E18")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = self.programme.id_types if self.programme else DocumentType.values
        choices = [(kind, capfirst(label)) for kind, label in DocumentType.choices if kind in taken]
        cast(RadioField, self.fields["doc"]).choices = [*choices, (NONE_OF_THESE, _("None of these"))]


class ConfirmContactForm(PageForm):
    phone = PhoneField(label=_("Mobile number"), help_text=_("Needed only for a code by text message"), required=False)
    email = EmailField(
        label=_("Email address"),
        help_text=_("Needed only for a code by email. You can add it to your account later"),
        required=False,
    )
    via = RadioField(
        label=_("How should we send the code?"),
        empty="E25",
        choices=[("sms", _("Text message")), ("email", _("Email"))],
        initial="sms",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("via") == "sms" and "phone" in cleaned and not cleaned["phone"]:
            self.add_error("phone", Refusal("E20"))
        if cleaned.get("via") == "email" and "email" in cleaned and not cleaned["email"]:
            self.add_error("email", Refusal("E24"))
        return cleaned


class ContactCodeForm(PageForm):
    once = True

    otp = OtpField(label=_("Security code"))

    def __init__(self, *args: Any, works_until: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if works_until is not None:
            hint = gettext("6 digits, works until %(time)s. You can paste the whole message")
            self.fields["otp"].help_text = hint % {"time": clock(works_until)}


class SubmitActivationForm(PageForm):
    button = _("Confirm and activate")

    agree = ConsentField(label=_("I agree to my information being used as described in “How we use your information”"))
