"""P4: the six digits that went to the contact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import pgettext_lazy

from accounts.contacts import mask
from accounts.sending_limits import seconds_to_next_send
from activation.forms import ContactCodeForm
from activation.models import ContactCode
from activation.refusals import (
    AlreadySubmitted,
    Refusal,
    SecurityCodeExpired,
    SecurityCodeLocked,
    SecurityCodeNotAccepted,
    SendTooEarly,
    StepNotReached,
)
from activation.services import confirm_contact, resend_contact_code, security_code_locked_until
from activation.steps import BY_SLUG, ConfirmContact, may_open, position
from activation.views.next_page import address_of, address_of_next
from activation.views.seated import SeatedPage
from activation.views.stopped import stop_for
from cards.code_rules import FIXED_TEXT_PROMISE
from cards.dimensions import Channel
from messaging.models import Message
from pages import form_tokens
from pages.redirects import see_other
from pages.requests import PortalRequest
from pages.sendings import has_left, sendings_of, went_astray
from pages.views import FormPage


class ContactCodePage(SeatedPage, FormPage):
    form_class = ContactCodeForm
    template_name = "activation/contact_code.html"
    title = pgettext_lazy("title", "Enter the security code")
    buttons = ("resend",)

    def dispatch(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        self.contact_step = BY_SLUG[ConfirmContact.slug]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.elsewhere() or self.locked() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.elsewhere() or super().post(request, *args, **kwargs)

    def locked(self) -> HttpResponse | None:
        """Where wrong codes have ended all tries for now, nobody is asked for one and told until when it works."""
        until = security_code_locked_until(attempt=self.attempt)
        return stop_for(self.request, SecurityCodeLocked(until), back=self.request.path) if until else None

    def elsewhere(self) -> HttpResponse | None:
        attempt = self.attempt
        reached = may_open(self.contact_step, attempt, timezone.now()) and self.contact_step.is_shown(attempt)
        if not reached or attempt.contact_confirmed_at or not attempt.contact:
            return see_other(address_of_next(attempt))
        self.step = position(self.contact_step)
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = address_of(self.contact_step, self.attempt)
        sendings = sendings_of(self.code.pk, kind="contact_code") if self.code else []
        return super().get_context_data(
            sendings=sendings if has_left(sendings) else [],
            astray=went_astray(sendings),
            sent_to=mask(self.attempt.contact),
            wait=seconds_to_next_send(str(self.attempt.card_id)),
            contact_url=address_of(self.contact_step, self.attempt),
            **kwargs,
        )

    @cached_property
    def code(self) -> ContactCode | None:
        """The one that was sent last to the contact that the attempt has now."""
        codes = ContactCode.objects.filter(attempt=self.attempt, contact_index=self.attempt.contact_index)
        return codes.order_by("-issued_at").first()

    @property
    def works_until(self) -> datetime | None:
        """What the newest message promises: a fixed text promises less than the code's life."""
        if self.code is None:
            return None
        newest = Message.objects.filter(kind="contact_code", subject_id=self.code.pk).order_by("-pk").first()
        if newest and newest.channel == Channel.SMS and self.attempt.card.programme.fixed_text_sms:
            return min(self.code.expires_at, newest.created_at + FIXED_TEXT_PROMISE)
        return self.code.expires_at

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"works_until": self.works_until}

    def submitted(self, form: Any) -> HttpResponseBase:
        try:
            confirm_contact(
                attempt=self.attempt,
                otp=form.cleaned_data["otp"],
                press=form_tokens.post_key(self.request.POST),
            )
        except SecurityCodeNotAccepted as refusal:
            return self.refuse("otp", "E33", t=refusal.tries_left)
        except SecurityCodeExpired:
            return self.refuse("otp", "E34")
        except SendTooEarly as refusal:  # it has expired, and another one was sent less than a minute ago
            return self.refuse("otp", "N13", time=refusal.until)
        except (AlreadySubmitted, StepNotReached):
            pass
        except Refusal as refusal:
            return stop_for(self.request, refusal, back=self.request.path)
        return see_other(address_of_next(self.fresh_attempt()))

    def pressed(self, name: str) -> HttpResponseBase:
        try:
            resend_contact_code(attempt=self.attempt)
        except SendTooEarly as refusal:
            return self.tell("N2", time=refusal.until)
        except (AlreadySubmitted, StepNotReached):
            return see_other(address_of_next(self.fresh_attempt()))
        except Refusal as refusal:
            return stop_for(self.request, refusal, back=self.request.path)
        return self.tell("N1")
