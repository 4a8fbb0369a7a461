"""The code step as others would write it: a django-formtools session wizard, and a bare Django view.

What the peers' code check does: one SELECT of a stored code, in clear, by card number. No limit, no derivation, no
reservation, no attempt, no event; a wrong code is shown in the answer to the POST itself. The wizard keeps what was
posted in the ordinary database session.
"""

from typing import Any

from django import forms
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from formtools.wizard.views import SessionWizardView

TABLE = "CREATE TABLE peer_code (card_number text PRIMARY KEY, code text NOT NULL)"
PAGE = "benchmarks/peer.html"
MIDDLEWARE = [
    "benchmarks.code_step_peers.route",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]


def route(get_response: Any) -> Any:
    """Send the peers' requests to the peers' addresses."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = "benchmarks.code_step_peers"  # type: ignore[attr-defined]
        return get_response(request)

    return answer


class CodeForm(forms.Form):
    card_number = forms.CharField(label="Card number", help_text="The full number on the front of the card")
    code = forms.CharField(label="Activation code", help_text="12 digits from your email or the card envelope")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        with connection.cursor() as cursor:
            cursor.execute("SELECT code FROM peer_code WHERE card_number = %s", [given.get("card_number")])
            found = cursor.fetchone()
        if not found or found[0] != given.get("code"):
            self.add_error("code", "Card number or activation code does not match our records")
        return given


class IdentityForm(forms.Form):
    name = forms.CharField(label="Full name", help_text="As shown on your identity document")
    idno = forms.CharField(label="Resident ID number", help_text="18 characters")


class Wizard(SessionWizardView):
    form_list = (("code", CodeForm), ("identity", IdentityForm))
    template_name = PAGE

    def done(self, form_list: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse("done")


def bare(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return HttpResponseRedirect("/bare/identity/")
    return render(request, PAGE, {"form": form})


def bare_identity(request: HttpRequest) -> HttpResponse:
    return render(request, PAGE, {"form": IdentityForm()})


urlpatterns = [
    path("wizard/", Wizard.as_view()),
    path("bare/", bare),
    path("bare/identity/", bare_identity),
]
