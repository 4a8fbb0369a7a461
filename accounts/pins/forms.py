"""The forms in which a new PIN is chosen. Shape only."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.any_document import AnyDocumentField
from accounts.code_purposes import NEW_PIN, hint
from accounts.contacts import mask
from cards.models.card import Contact
from pages.fields import CardNumberField, OtpField, PinField, RadioField
from pages.forms import PageForm
from pages.markup import spoken_mask
from pages.pin_form import PinForm


class ChooseWayForm(PageForm):
    """Which registered contact the code goes to; of several none is chosen beforehand."""

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

    otp = OtpField(label=_("Security code"), help_text=hint(NEW_PIN))


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


class ForgotPinForm(PageForm):
    once = True
    button = _("Send the code")

    card_number = CardNumberField()
    idno = AnyDocumentField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(AnyDocumentField, self.fields["idno"]).take_for(self.programme)


class RemindForm(PageForm):
    button = _("Save")

    remind = RadioField(
        label=_("Remind me when a PIN is more than 180 days old?"),
        empty="E37",
        choices=[("yes", pgettext_lazy("remind", "Yes")), ("no", pgettext_lazy("remind", "No"))],
    )
