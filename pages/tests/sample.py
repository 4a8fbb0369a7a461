"""A page like the portal's own, to test the frame of all pages on."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from pages.fields import CardNumberField, CodeField, ConsentField, OtpField, RadioField
from pages.forms import PageForm
from pages.markup import with_digits
from pages.redirects import see_other
from pages.views import FormPage


class SampleForm(PageForm):
    once = True
    card_number = CardNumberField(label=_("Card number"))
    code = CodeField(
        label=_("Activation code"),
        help_text=with_digits(_("12 digits, like %(example)s"), example="7391 0264 8853"),
    )
    otp = OtpField(label=_("Security code"), required=False)
    via = RadioField(label="Via", choices=[("sms", "SMS"), ("email", "Email")], empty="E25", required=False)
    agree = ConsentField(label="I agree", required=False)


class SamplePage(FormPage):
    form_class = SampleForm
    title = _("Enter the activation code")
    step = (1, 5)
    back_url = "/help/"
    kept_query = ("doc",)
    buttons = ("resend",)

    def submitted(self, form: Any) -> HttpResponseBase:
        if form.cleaned_data["card_number"].endswith("9"):
            return self.refuse("code", "E05", t=2)
        return see_other("pages:help")

    def pressed(self, name: str) -> HttpResponseBase:
        return self.tell("N1")


urlpatterns = [path("sample/", SamplePage.as_view(), name="sample"), path("", include("portal.urls"))]
handler400 = "pages.errors.unreadable"
handler403 = "pages.errors.forbidden"
handler404 = "pages.errors.not_found"
