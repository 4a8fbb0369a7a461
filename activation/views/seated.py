"""What all pages of an attempt share: only the browser that has its seat sees them, and some its account as well."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone

from activation.models import ActivationAttempt
from activation.own_cards import own_attempt
from activation.refusals import AttemptClosed, OpenedElsewhere
from activation.seats import NoSeat, attempt_of_seat
from activation.views.stopped import stop, stop_for
from pages.programmes import speak_for
from pages.requests import PortalRequest
from pages.views import FormPage, Page


class SeatedPage(Page):
    """Gives `attempt` to its pages, and the programme of the card to the frame around them."""

    attempt: ActivationAttempt
    after_its_end = False
    """Whether the page is for attempts that have ended, too."""
    for_its_account = False
    """Whether somebody who is signed in reads it in any browser; a submitted attempt can only be looked at."""
    seated = True

    def dispatch(
        self,
        request: PortalRequest,  # type: ignore[override]
        *args: Any,
        **kwargs: Any,
    ) -> HttpResponseBase:
        try:
            self.attempt = attempt_of_seat(request.session, kwargs["reference"])
        except NoSeat:
            user = request.user
            own = own_attempt(user.pk, kwargs["reference"]) if self.for_its_account and user.is_authenticated else None
            if own is None:
                return stop(request, "ended")
            self.attempt, self.seated = own, False
        except OpenedElsewhere as refusal:
            if request.method == "POST" and isinstance(self, FormPage):
                self.keep_for_later()  # found again by whoever goes on here after all
            return stop_for(request, refusal)
        if not self.after_its_end and not self.attempt.verdict and self.attempt.has_ended(timezone.now()):
            return stop_for(request, AttemptClosed())
        speak_for(request, self.attempt.card.programme)
        self.attempt.language = request.LANGUAGE_CODE  # kept with what is posted next
        return super().dispatch(request, *args, **kwargs)

    def fresh_attempt(self) -> ActivationAttempt:
        """The attempt as it is after a service has changed it."""
        return ActivationAttempt.objects.select_related("card__programme", "code").get(pk=self.attempt.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(attempt=self.attempt, **kwargs)
