"""A new PIN for a card in one's own account (P16), by a code or by the old PIN."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts import services
from accounts.contacts import mask
from accounts.models import PinReset
from accounts.pins import session as pin_session
from accounts.pins.changes import why_unfit
from accounts.pins.codes import PURPOSE, Asked
from accounts.pins.forms import ChangePinForm, ChooseWayForm
from accounts.refusals import CardUnfit, PinNotAccepted, PressedTwice, SamePin, SendTooEarly, TooManySends
from accounts.views.own_card import OwnCard
from accounts.views.pin_page import UNFIT, NewPinPage, PinPage, stage_of
from cards.dimensions import PinStatus, Via
from cards.events import Actor
from pages.form_tokens import post_key
from pages.programmes import speak_for
from pages.redirects import see_other
from pages.views import Page
from vault.client_address import client_address

LOCKED = pgettext_lazy("title", "Your PIN is locked")
JUST_NOW = timedelta(minutes=1)


class OwnPinPage(OwnCard, PinPage):
    """One's own card, if it can get a new PIN; else the reason, and what to do."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        why = why_unfit(self.card)
        return self.show_unfit(why) if why else super().get(request, *args, **kwargs)

    def show_unfit(self, why: str, title: Any = UNFIT) -> HttpResponse:
        self.back_url = reverse("accounts:cards")
        speak_for(self.request, self.card.programme)  # whose hotline the page names
        return self.show_instead("accounts/pin_unfit.html", title, why=why, card=self.card)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"programme": self.card.programme}

    def begun(self, reset: PinReset | None) -> HttpResponseBase:
        pin_session.forget(self.request, str(self.card.pk))
        return see_other("accounts:pin_done", self.card.pk)

    def unfit(self, why: str) -> HttpResponseBase:
        return see_other("accounts:pin", self.card.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(card=self.card, locked=self.card.pin_status == PinStatus.BLOCKED, **kwargs)


class ChooseWay(OwnPinPage):
    """Asks which registered contact the code shall go to; a PIN that waits for its day can be stopped here."""

    title = pgettext_lazy("title", "Reset your PIN")
    template_name = "accounts/pin.html"
    form_class = ChooseWayForm
    buttons = ("stop",)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"contacts": self.card.registered_contacts()}

    def submitted(self, form: ChooseWayForm) -> HttpResponseBase:
        asked = Asked.signed_in(
            secret=pin_session.secret_of(self.request),
            card=self.card,
            user_id=self.card_user_id,
            channel=form.cleaned_data["via"],
        )
        try:
            self.ask_for_code(asked, press=post_key(self.request.POST))
        except TooManySends as refusal:
            return self.refuse("via", "E36", time=refusal.until)
        except SendTooEarly as refusal:
            if pin_session.find(self.request, str(self.card.pk)) != asked:
                return self.refuse("via", "N13", time=refusal.until)
        pin_session.keep(self.request, str(self.card.pk), asked)
        return see_other("accounts:new_pin", self.card.pk)

    def pressed(self, name: str) -> HttpResponseBase:
        actor = Actor.cardholder(self.card_user_id)
        stopped = services.stop_pin_reset(card_id=self.card.pk, actor=actor, channel=Via.WEB)
        return self.tell("N8") if stopped else self.again()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:cards")
        delayed = PinReset.objects.delayed(timezone.now()).filter(card=self.card).first()
        return super().get_context_data(delayed=delayed, **kwargs)


class NewPin(OwnPinPage, NewPinPage):
    template_name = "accounts/new_pin.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.elsewhere() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.elsewhere() or super().post(request, *args, **kwargs)

    def elsewhere(self) -> HttpResponse | None:
        """Where to go instead, when no code was asked for in this browser."""
        asked = pin_session.find(self.request, str(self.card.pk))
        if asked is None:
            return see_other("accounts:pin", self.card.pk)
        self.asked = asked
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:pin", args=[self.card.pk])
        contacts = {contact.channel: contact for contact in self.card.registered_contacts()}
        chosen = next((contact for name, contact in contacts.items() if name == self.asked.channel), None)
        context = super().get_context_data(sent_to=mask(chosen.address) if chosen else "", **kwargs)
        code = self.asked.codes().order_by("-issued_at").first()
        return context | {"sendings": self.sendings(code, kind=PURPOSE, wait=context["wait"])}


class ChangePin(OwnPinPage):
    """Asks for the old PIN and the new one; a locked one is reset instead."""

    title = pgettext_lazy("title", "Change your PIN")
    template_name = "accounts/change_pin.html"
    form_class = ChangePinForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not why_unfit(self.card) and self.card.pin_status == PinStatus.BLOCKED:
            return self.show_unfit(PinStatus.BLOCKED, LOCKED)
        return super().get(request, *args, **kwargs)

    def submitted(self, form: ChangePinForm) -> HttpResponseBase:
        try:
            reset = services.change_pin(
                card=self.card,
                user_id=self.card_user_id,
                old_pin=form.cleaned_data["old"],
                pin=form.cleaned_data["pin"],
                address=client_address(self.request),
                press=post_key(self.request.POST),
            )
        except PressedTwice:
            since = timezone.now() - JUST_NOW
            done = PinReset.objects.filter(card=self.card, chosen_at__gt=since, way=PinReset.Way.OLD_PIN).exists()
            return self.begun(None) if done else self.again(errors=True)
        except PinNotAccepted as refusal:
            return self.refuse("old", "E46", t=refusal.tries_left) if refusal.tries_left else self.again()
        except SamePin:
            return self.refuse("pin", "E47")
        except CardUnfit:
            return self.again()
        return self.begun(reset)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:cards")
        return super().get_context_data(**kwargs)


class PinDone(OwnCard, Page):
    """How far the newest PIN of the card is. `part` gives what changes, for the script that looks again."""

    template_name = "accounts/pin_done.html"
    part = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        newest = PinReset.objects.filter(card=self.card).order_by("-chosen_at").first()
        if newest is None:
            return see_other("accounts:pin", self.card.pk)
        self.reset = newest
        if self.part:
            return render(request, "accounts/pin_status.html", self.get_context_data())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stage, self.title = stage_of(self.reset, timezone.now())
        locked = self.card.pin_status == PinStatus.BLOCKED
        return super().get_context_data(card=self.card, reset=self.reset, stage=stage, locked=locked, **kwargs)
