"""The forms in which a new PIN is chosen. Shape only."""

from typing import Any, cast

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.contacts import mask
from cards.identity_documents import DocumentType, check_document_number
from cards.mistakes import Mistake
from cards.models.card import Contact
from pages.fields import CardNumberField, DocumentNumberField, OtpField, PinField, RadioField
from pages.forms import PageForm
from pages.markup import spoken_mask
from pages.pin_form import PinForm


class ChooseWayForm(PageForm):
    """Which registered contact the code goes to; none is chosen beforehand."""

    once = True
    button = _("Send the code")

    via = RadioField(label=_("Where should we send the code?"), empty="E25")

    def __init__(self, *args: Any, contacts: list[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(contact.channel), spoken_mask(mask(contact.address))) for contact in contacts]
        cast(RadioField, self.fields["via"]).choices = choices


class NewPinForm(PinForm):
    """The code, and the new PIN with it: nothing is kept between two pages."""

    once = True
    field_order = ["otp", "pin", "pin2"]
    button = _("Choose this PIN")

    otp = OtpField(label=_("Security code"), help_text=_("6 digits. You can paste the whole message"))


class OldPinField(PinField):
    """The PIN that the card has now."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.missing = "E45"


class ChangePinForm(PinForm):
    once = True
    field_order = ["old", "pin", "pin2"]
    button = _("Change the PIN")

    old = OldPinField(label=pgettext_lazy("label", "Current PIN"))


class AnyDocumentField(DocumentNumberField):
    """F-RID: the number of whichever document the programme takes."""

    documents: list[str]

    def take(self, documents: list[str]) -> None:
        """Accept a number that one of these documents can have."""
        self.documents = documents
        self.ask_for(documents[0])
        if len(documents) > 1:
            self.missing, self.widget.attrs["inputmode"] = "E19", "text"

    def read(self, text: str) -> str:
        first: Mistake | None = None
        for document in self.documents:
            try:
                return check_document_number(document, text)
            except Mistake as mistake:
                first = first or mistake
        raise first or Mistake("E19")

    def missing_values(self) -> dict[str, Any]:
        return {} if self.missing == "E19" else super().missing_values()


class ForgotPinForm(PageForm):
    once = True
    button = _("Send the code")

    card_number = CardNumberField(label=_("Card number"), help_text=_("The full number on the front of the card"))
    idno = AnyDocumentField(label=_("ID number"), help_text=_("The one registered for the card"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = list(self.programme.id_types) if self.programme else list(DocumentType.values)
        idno = cast(AnyDocumentField, self.fields["idno"])
        idno.take(taken)
        if taken == [DocumentType.RESIDENT_ID]:
            idno.label = gettext("Resident ID number")
            idno.help_text = gettext("18 characters. If it ends in X you can type * instead")


class RemindForm(PageForm):
    button = _("Save")

    remind = RadioField(
        label=_("Remind me when a PIN is more than 180 days old?"),
        empty="E37",
        choices=[("yes", pgettext_lazy("remind", "Yes")), ("no", pgettext_lazy("remind", "No"))],
    )
