"""Pages like the portal's own, to test what all pages have in common."""

from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from pages.errors import too_many
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
    TailField,
)
from pages.forms import PageForm
from pages.markup import with_digits
from pages.pin_form import PinForm
from pages.redirects import see_other
from pages.views import FormPage, Page


class CodeForm(PageForm):
    card_number = CardNumberField()
    code = CodeField(
        label=_("Activation code"),
        help_text=with_digits(_("12 digits, like %(example)s"), example="7391 0264 8853"),
    )


class CodePage(FormPage):
    """The page of the canonical HTML. The last digit of the card number says what happens: 9 refused, 8 broken, 6 no
    database, 5 too many."""

    form_class = CodeForm
    title = _("Enter the activation code")
    step = (1, 5)
    back_url = "/help/"
    kept_query = ("doc",)
    buttons = ("resend",)

    def submitted(self, form: Any) -> HttpResponseBase:
        number = form.cleaned_data["card_number"]
        if number.endswith("9"):
            return self.refuse("code", "E05", t=2)
        if number.endswith("5"):
            return too_many(self.request, "E05")
        if number.endswith("8"):
            raise RuntimeError("broken on purpose")
        if number.endswith("6"):
            raise OperationalError("no database, on purpose")
        return see_other("pages:help")

    def pressed(self, name: str) -> HttpResponseBase:
        return self.tell("N1")


class EveryKindForm(PinForm):
    once = True
    name = NameField(label="Name")
    idno = DocumentNumberField(label="ID")
    passport = DocumentNumberField(label="Passport", document="passport")
    phone = PhoneField(label="Phone")
    email = EmailField(label="Email", required=False, help_text="To get alerts")
    contact = ContactField(label="Contact")
    otp = OtpField(label="Security code")
    tail = TailField(label="Tail")
    via = RadioField(label="Via", choices=[("sms", "SMS"), ("email", "Email")], empty="E25", help_text="Choose")
    agree = ConsentField(label="I agree")


class EveryKindPage(FormPage):
    form_class = EveryKindForm
    title = "Every kind"

    def submitted(self, form: Any) -> HttpResponseBase:
        return see_other("pages:help")


class PlainPage(Page):
    template_name = "pages/help.html"
    title = "Plain"


def limited(request: HttpRequest) -> HttpResponse:
    return too_many(request, "E01")


urlpatterns = [
    path("sample/", CodePage.as_view()),
    path("every/", EveryKindPage.as_view()),
    path("plain/", PlainPage.as_view()),
    path("limited/", limited),
    path("", include("portal.urls")),
]
handler400 = "pages.errors.unreadable"
handler403 = "pages.errors.forbidden"
handler404 = "pages.errors.not_found"
handler500 = "pages.errors.broken"
