"""The forms in which an account is changed or closed. Shape only."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.code_purposes import OF_ACCOUNTS, hint
from accounts.contacts import mask
from accounts.models.account_codes import Proof
from pages.fields import EmailField, OtpField, PhoneField, RadioField
from pages.forms import PageForm
from pages.markup import spoken_mask


class NewPhoneForm(PageForm):
    once = True

    contact = PhoneField(label=pgettext_lazy("label", "New mobile number"))


class NewEmailForm(PageForm):
    once = True

    contact = EmailField(label=pgettext_lazy("label", "New email address"), empty="E24b")


class ProofForm(PageForm):
    once = True

    otp = OtpField(label=_("Security code"), help_text=hint(OF_ACCOUNTS[Proof.NEW]))


class CloseForm(PageForm):
    """Which contact of the account the code goes to; of several none is chosen beforehand."""

    once = True
    button = _("Send the code")

    via = RadioField(label=_("Where should we send the code?"), empty="E25")

    def __init__(self, *args: Any, contacts: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("email" if "@" in contact else "phone", spoken_mask(mask(contact))) for contact in contacts]
        cast(RadioField, self.fields["via"]).choices = choices


class CloseCodeForm(ProofForm):
    button = _("Close my account")

    otp = OtpField(label=_("Security code"), help_text=hint(OF_ACCOUNTS[Proof.CLOSE]))


class DownloadForm(PageForm):
    button = _("Download my data")
