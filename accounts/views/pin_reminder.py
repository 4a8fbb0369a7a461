"""Whether one is reminded that a PIN is old."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.pins.forms import RemindForm
from accounts.views.signed_in import SignedInPage
from pages.views import FormPage


class PinReminder(SignedInPage, FormPage):
    title = pgettext_lazy("title", "Reminder to change a PIN")
    template_name = "accounts/pin_reminder.html"
    form_class = RemindForm

    def get_initial(self) -> dict[str, Any]:
        return {"remind": "yes" if self.user.remind_of_pin else "no"}

    def submitted(self, form: RemindForm) -> HttpResponseBase:
        User.objects.filter(pk=self.user.pk).update(remind_of_pin=form.cleaned_data["remind"] == "yes")
        return self.saved("N9")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:cards")
        return super().get_context_data(**kwargs)
