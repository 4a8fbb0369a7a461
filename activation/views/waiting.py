"""P7 to P9: the waiting page tells the truth, then the card works, or the page says what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.binding.rights import Right, held_card
from accounts.contacts import mask
from accounts.signing_in.ways_in import ways_in
from activation.limits import IDENTITY_MISMATCHES
from activation.models import ActivationAttempt
from activation.models.attempts import Verdict
from activation.refusals import NothingToCorrect, Refusal
from activation.seats import seat_token, take_seat
from activation.services import correct_details
from activation.steps import ConfirmContact
from activation.views.next_page import address_of_next
from activation.views.seated import SeatedPage
from activation.views.stopped import stop_for
from cards.functions import read_functions
from cards.replacements import has_ended_another
from pages.redirects import see_other
from pages.sendings import sendings_of
from vault import limits

USUAL = timedelta(seconds=30)
LONG = timedelta(minutes=3)


class WaitPage(SeatedPage):
    """P7. `?part=status` gives the part that changes, for the script that looks again by itself."""

    template_name = "activation/wait.html"
    title = _("Checking your details")
    after_its_end = for_its_account = True
    part = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.attempt.submitted_at is None:
            return see_other(address_of_next(self.attempt))
        if self.part:
            return render(request, "activation/wait_status.html", self.get_context_data())
        return super().get(request, *args, **kwargs)

    @property
    def goes_on(self) -> bool:
        """Whether this browser may see the next page: what stands against a card is corrected with the seat alone."""
        return self.seated or self.attempt.verdict == Verdict.PASSED

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attempt, told = self.attempt, self.attempt.card.registered_contacts()
        if attempt.verdict:
            self.title = _("Check finished")
        return super().get_context_data(
            state=waiting_state(attempt),
            told=mask(told[0].address) if told else "",
            next_url=address_of_next(attempt) if self.goes_on else reverse("accounts:cards"),
            **kwargs,
        )


def waiting_state(attempt: ActivationAttempt) -> str:
    """What the waiting page says: one word for each of its texts."""
    if attempt.verdict:
        return attempt.verdict
    waited = timezone.now() - (attempt.submitted_at or timezone.now())
    if waited > LONG:
        return "long"
    if attempt.tries > 1 and attempt.next_try_at > timezone.now():
        return "host_down"
    return "slow" if waited > USUAL else "checking"


class DonePage(SeatedPage):
    """P8."""

    template_name = "activation/done.html"
    title = _("Your card is active")
    after_its_end = for_its_account = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.attempt.verdict != Verdict.PASSED:
            return see_other(address_of_next(self.attempt))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attempt = self.attempt
        return super().get_context_data(
            functions=read_functions(attempt.functions, attempt.verdict_at, attempt.card.programme.zone),
            sendings=sendings_of(attempt.pk, kind="card_active"),
            summary=self.summary,
            ways=ways_in(attempt.card),
            ended_a_card=has_ended_another(attempt.card_id),
            **kwargs,
        )

    @property
    def summary(self) -> str:
        """Where to print or save a summary, after signing in; "" for who is signed in and has not got the card."""
        user, card = self.request.user, self.attempt.card
        if user.is_authenticated and not held_card(user_id=user.pk, card_id=card.pk, right=Right.MANAGE):
            return ""
        return reverse("accounts:summary", args=[card.pk])


class ProblemPage(SeatedPage):
    """P9. Says what to do, never which answer differs; "correct my details" opens the next attempt."""

    template_name = "activation/problem.html"
    title = _("We cannot activate this card yet")
    after_its_end = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.attempt.verdict in (Verdict.NONE, Verdict.PASSED):
            return see_other(address_of_next(self.attempt))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            following = correct_details(attempt=self.attempt)
        except NothingToCorrect:
            return see_other(address_of_next(self.attempt))
        except Refusal as refusal:
            return stop_for(request, refusal)
        take_seat(request.session, following.reference, seat_token(request.session, self.attempt.reference) or "")
        return see_other(address_of_next(following))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mismatches = limits.peek(IDENTITY_MISMATCHES, str(self.attempt.card_id))
        sendings = sendings_of(self.attempt.pk, kind="activation_not_possible")
        return super().get_context_data(
            mismatches=mismatches,
            sendings=sendings,
            contact_can_change=ConfirmContact().is_shown(self.attempt),
            **kwargs,
        )
