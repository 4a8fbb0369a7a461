"""The forms of signing in. Shape only."""

from django.utils.translation import gettext_lazy as _

from accounts.code_purposes import SIGN_IN, hint
from pages.fields import ContactField, OtpField
from pages.forms import PageForm


class SignInForm(PageForm):
    ident = ContactField(label=_("Mobile number or email"))


class EnterSignInCodeForm(PageForm):
    once = True
    button = _("Sign in")

    otp = OtpField(label=_("Security code"), help_text=hint(SIGN_IN))
