"""What became of a reported card (P17), and what to do with it: freeze it for now, or report it lost for good."""

from contextlib import suppress
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.binding.rights import Right, held_card
from accounts.card_list import was_lost
from accounts.loss import session as loss_session
from accounts.loss.forms import REPLACE, ReportLostForm, WhatForm
from accounts.models import LossReport, User
from accounts.models.loss_codes import Act
from accounts.refusals import NothingToReport
from accounts.views.loss_code import LossPage
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card
from pages.programmes import speak_for
from pages.redirects import see_other

FROZEN = _("Your card is frozen")
NOT_ACTIVE = _("This card was not active yet")
REPORTED = _("Your card is reported lost")
BLOCKED = _("This card is blocked")
CLOSED = _("This card is closed")
ACTIVE = _("Your card works")


class ProvedCard(LossPage):
    """A page about the card that a code, or signing in, has proved to be this person's."""

    act: ClassVar[Act] = Act.FREEZE
    card: Card
    report: LossReport | None
    own: bool
    """Whether the card is in the account that is signed in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        card_id = loss_session.proved(request, self.act)
        if card_id is None:
            return see_other(self.page())
        self.card = Card.objects.select_related("programme", "replaced_by").get(pk=card_id)
        speak_for(self.request, self.card.programme)
        self.report = LossReport.objects.filter(card=card_id).order_by("-frozen_at").first()
        user = request.user
        self.own = isinstance(user, User) and bool(held_card(user_id=user.pk, card_id=card_id, right=Right.MANAGE))
        return super().dispatch(request, *args, **kwargs)

    def actor(self) -> Actor:
        """The person, by their account where they are signed in."""
        return Actor.cardholder(self.request.user.pk if self.request.user.is_authenticated else "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, card=self.card, report=self.report, state=self.card.state, own=self.own
        )


class LossDone(ProvedCard):
    """The card is frozen; or lost, or it was not active: the card itself says so."""

    template_name = "accounts/loss/done.html"
    form_class = WhatForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """A card that is frozen without an open report was frozen by staff or the issuer."""
        self.open_report = self.report if self.report and self.report.is_open else None
        return {**super().get_form_kwargs(), "asks_last_use": bool(self.open_report)}

    def get_initial(self) -> dict[str, Any]:
        return {"last_used": self.report.last_used} if self.report else {}

    def submitted(self, form: WhatForm) -> HttpResponseBase:
        if self.open_report:
            services.note_last_use(report_id=self.open_report.pk, said=form.cleaned_data["last_used"])
        if form.cleaned_data["what"] == REPLACE:
            return see_other("accounts:lost_replace")
        return see_other("accounts:lost_kept")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lost = self.card.state == State.TERMINATED and was_lost(self.card.pk)
        self.title = heading_of(self.card, lost=lost)
        choosing = self.card.state == State.SUSPENDED
        return super().get_context_data(**kwargs, lost=lost, choosing=choosing, waits=waits(self.card))


class LossKept(ProvedCard):
    """Frozen for now."""

    template_name = "accounts/loss/kept.html"
    title = FROZEN

    def submitted(self, form: Any) -> HttpResponseBase:
        return self.again()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.card.state != State.SUSPENDED:
            self.title = heading_of(self.card, lost=False)
        liftable = bool(self.report and self.report.can_be_lifted(timezone.now()))
        return super().get_context_data(**kwargs, liftable=liftable)


class ReportLost(ProvedCard):
    """The interruption before what cannot be undone."""

    title = _("Your old card will never work again")
    template_name = "accounts/loss/replace.html"
    form_class = ReportLostForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.back_url = reverse("accounts:lost_done")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.card.state in (State.TERMINATED, State.EXPIRED):
            return see_other("accounts:lost_done")
        return super().get(request, *args, **kwargs)

    def submitted(self, form: ReportLostForm) -> HttpResponseBase:
        with suppress(NothingToReport):  # pressed twice, or reported elsewhere: the next page says when
            services.report_lost(card_id=self.card.pk, actor=self.actor(), channel=Via.WEB)
        return see_other("accounts:lost_done")


class FoundDone(ProvedCard):
    """The card works again, or it is too late for that."""

    act = Act.UNFREEZE
    template_name = "accounts/loss/found.html"

    def submitted(self, form: Any) -> HttpResponseBase:
        return self.again()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        active = self.card.state == State.ACTIVE
        self.title = _("Your card works again") if active else heading_of(self.card, lost=was_lost(self.card.pk))
        return super().get_context_data(**kwargs, active=active)


def heading_of(card: Card, *, lost: bool) -> Any:
    """How the card stands, as a heading."""
    if lost:
        return REPORTED
    if waits(card):
        return NOT_ACTIVE
    known = {State.SUSPENDED: FROZEN, State.BLOCKED: BLOCKED, State.ACTIVE: ACTIVE}
    return known.get(State(card.state), CLOSED)


def waits(card: Card) -> bool:
    """Whether the card was never activated."""
    return card.state in (State.PENDING_FULFILMENT, State.PENDING_ACTIVATION, State.ACTIVATING)
