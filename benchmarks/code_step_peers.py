"""The code step as others would write it: as a django-formtools session wizard, and as a bare Django view.

They show the page that we show: our frame, middleware, fields, labels, hints and words under the form; drawn by
crispy-forms with crispy-bootstrap5 or, to tell what the pack costs, by Django's own `as_div`, both with Django's own
form renderer. The wizard keeps its answers in Django's ordinary database session.

What their code checks do:

* `CodeForm`, of the wizard and the bare view: one SELECT of the stored code, in clear, by card number, and a
  comparison. No limit of tries, no derivation, no reservation, no attempt, no event, no seat, no draft; one code is
  good for ever and any number of times.
* `ProtectedCodeForm`, of the wizard "protected alike": our own service, `activation.services.enter_code`, called in
  `clean`. So it does the same work and keeps what that guarantees: limits, derivation, reservation, attempt, event.
  What ours costs more or less than that is the mechanism of the page. It has no draft, knows no doubled press, keeps
  its answers in clear, and shows the next page without asking for the seat.

A mistake, and the wizards' next page, is the answer to the POST itself: asked for once more when the page is reloaded,
and shown again by Back. The bare view redirects to its next page, and that one asks for nothing.
"""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db import connection
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import include, path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from formtools.wizard.views import SessionWizardView

from activation.forms import EnterCodeForm
from activation.refusals import CodeNotAccepted
from activation.services import enter_code
from pages.form_tokens import new_token
from pages.views import StepOf
from portal.urls import urlpatterns as ours
from vault.client_address import client_address

TABLE = "CREATE TABLE peer_code (card_number text PRIMARY KEY, code text NOT NULL)"
PAGE = "benchmarks/peer.html"
CODE, IDENTITY = _("Enter your activation code"), _("Confirm your identity")


class Helper(FormHelper):
    template_pack = "bootstrap5"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.form_tag = False  # the template writes it, because the wizard's own fields belong into it
        self.disable_csrf = True
        self.add_input(Submit("", _("Continue")))


class CodeForm(forms.Form):
    default_renderer = DjangoTemplates
    under = "benchmarks/under_code.html"

    card_number = forms.CharField(label=_("Card number"), help_text=_("The full number on the front of the card"))
    code = forms.CharField(label=_("Activation code"), help_text=EnterCodeForm.base_fields["code"].help_text)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        with connection.cursor() as cursor:
            cursor.execute("SELECT code FROM peer_code WHERE card_number = %s", [given.get("card_number")])
            found = cursor.fetchone()
        if not found or found[0] != given.get("code"):
            self.add_error("code", _("Card number or activation code does not match our records"))
        return given


class ProtectedCodeForm(CodeForm):
    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        given = forms.Form.clean(self) or self.cleaned_data
        try:
            enter_code(
                card_number=given.get("card_number", ""),
                code=given.get("code", ""),
                seat=new_token(),
                address=client_address(self.request),
                language=get_language() or "",
            )
        except CodeNotAccepted:
            self.add_error("code", _("Card number or activation code does not match our records"))
        return given


class IdentityForm(forms.Form):
    default_renderer = DjangoTemplates
    under = "benchmarks/under_identity.html"

    name = forms.CharField(label=_("Full name"), help_text=_("As shown on your identity document"))
    idno = forms.CharField(
        label=_("Resident ID number"), help_text=_("18 characters. If it ends in X you can type * instead")
    )


class CrispyCodeForm(CodeForm):
    @property
    def helper(self) -> FormHelper:
        return Helper(self)


class CrispyProtectedCodeForm(ProtectedCodeForm):
    @property
    def helper(self) -> FormHelper:
        return Helper(self)


class CrispyIdentityForm(IdentityForm):
    @property
    def helper(self) -> FormHelper:
        return Helper(self)


class Wizard(SessionWizardView):
    template_name = PAGE

    def get_context_data(self, form: Any, **kwargs: Any) -> dict[str, Any]:
        first = self.steps.current == "code"
        told = {"title": CODE if first else IDENTITY, "step": StepOf(self.steps.step1, 5), "back_url": "/campus/"}
        return super().get_context_data(form, **kwargs, **told)

    def done(self, form_list: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse("done")


class ProtectedWizard(Wizard):
    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        return {"request": self.request} if step == "code" else {}


def bare(request: HttpRequest, form_class: type[CodeForm]) -> HttpResponse:
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return HttpResponseRedirect(f"{request.path}identity/")
    return render(request, PAGE, {"form": form, "title": CODE, "step": StepOf(1, 5), "back_url": "/campus/"})


def bare_identity(request: HttpRequest, form_class: type[IdentityForm]) -> HttpResponse:
    context = {"form": form_class(), "title": IDENTITY, "step": StepOf(2, 5), "back_url": "/campus/"}
    return render(request, PAGE, context)


CRISPY: tuple[tuple[str, Any], ...] = (("code", CrispyCodeForm), ("identity", CrispyIdentityForm))
PROTECTED: tuple[tuple[str, Any], ...] = (("code", CrispyProtectedCodeForm), ("identity", CrispyIdentityForm))
PLAIN: tuple[tuple[str, Any], ...] = (("code", CodeForm), ("identity", IdentityForm))

urlpatterns = [
    path("wizard/", Wizard.as_view(CRISPY)),
    path("wizard-protected/", ProtectedWizard.as_view(PROTECTED)),
    path("wizard-as-div/", Wizard.as_view(PLAIN)),
    path("bare/", bare, {"form_class": CrispyCodeForm}),
    path("bare/identity/", bare_identity, {"form_class": CrispyIdentityForm}),
    path("bare-as-div/", bare, {"form_class": CodeForm}),
    path("bare-as-div/identity/", bare_identity, {"form_class": IdentityForm}),
    path("", include(ours)),
]
handler404 = "pages.errors.not_found"
