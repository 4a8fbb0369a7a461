"""The forms of adding a card (P15), of helpers, and of removing a card. Shape only."""

from django.utils.translation import gettext_lazy as _

from accounts.code_purposes import ADD_CARD, hint
from accounts.loss.forms import ChoiceForm
from accounts.models.binding_codes import Whose
from pages.fields import ContactField, OtpField, RadioField, TailField
from pages.forms import PageForm


class AddCardForm(PageForm):
    button = _("Send the code")

    whose = RadioField(
        label=_("Whose card is it?"),
        empty="E75",
        choices=[
            (Whose.OWN, _("My own card")),
            (Whose.HELPED, _("The card of somebody I help, like my child or my parent")),
        ],
    )
    tail = TailField(label=_("Last 4 digits of the card number"))
    contact = ContactField(label=_("Mobile number or email address registered for the card"))


class ConsentCodeForm(PageForm):
    """The holder reads the code out."""

    once = True
    button = _("Add the card")

    otp = OtpField(label=_("Security code"), help_text=_("6 digits, which the cardholder tells you"))


class BindingCodeForm(ConsentCodeForm):
    otp = OtpField(label=_("Security code"), help_text=hint(ADD_CARD))


class RemoveCardForm(PageForm):
    button = _("Remove the card")


class EndHelpForm(ChoiceForm):
    button = _("End this help")

    who = RadioField(label=_("Whose help do you want to end?"), empty="E76")


class StopHelpingForm(PageForm):
    button = _("Stop helping")
