"""What there is to look at, and what one wants to be told of (P19)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from accounts.models import CardBinding
from accounts.views.signed_in import SignedInPage
from cards.dimensions import State
from cards.models import Card
from pages.views import FormPage
from statements.chosen import chosen_by
from statements.forms import AlertSettingsForm, as_typed
from statements.models import Alert
from statements.sentences import sentence, when
from statements.services.mark_alerts_read import mark_alerts_read
from statements.services.tune_alerts import tune_alerts

ROWS = 20


class Alerts(SignedInPage, FormPage):
    """Newest first, each by the rule that named it; one button marks all of them as read."""

    title = pgettext_lazy("title", "Alerts")
    template_name = "statements/alerts.html"
    kept_query = ("before",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.back_url = reverse("accounts:cards")
        return super().dispatch(request, *args, **kwargs)

    def submitted(self, form: Any) -> HttpResponseBase:
        mark_alerts_read(user_id=self.user.pk)
        return self.saved("N5")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Alert.objects.of_account(self.user.pk).select_related("transaction__card__programme").order_by("-id")
        if before := _read_id(self.request.GET.get("before", "")):
            rows = rows.filter(pk__lt=before)
        found = list(rows[: ROWS + 1])
        alerts = found[:ROWS]
        own = set(CardBinding.objects.live().filter(user_id=self.user.pk).values_list("card_id", flat=True))
        unread = Alert.objects.of_account(self.user.pk).unread().exists()
        kwargs["form"] = kwargs["form"] if unread else None  # without the button there is no form on the page
        return super().get_context_data(
            **kwargs,
            alerts=[_told(one, own=one.transaction.card_id in own) for one in alerts],
            unread=unread,
            older=alerts[-1].pk if len(found) > ROWS else None,
        )


class AlertSettingsPage(SignedInPage, FormPage):
    """Per rule and place; what cannot be switched off is said to be so."""

    title = pgettext_lazy("title", "Alert settings")
    template_name = "statements/alert_settings.html"
    form_class = AlertSettingsForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.back_url = reverse("statements:alerts")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        self.chosen = chosen_by([self.user.pk])[self.user.pk]
        return {**super().get_form_kwargs(), "currency": self.chosen.currency}

    def get_initial(self) -> dict[str, Any]:
        return as_typed(self.chosen)

    def submitted(self, form: AlertSettingsForm) -> HttpResponseBase:
        chosen = form.cleaned_data
        tune_alerts(
            user_id=self.user.pk,
            limit=chosen["limit"],
            currency=form.currency,
            night_from=chosen["night_from"],
            night_until=chosen["night_until"],
            repeats=chosen["many"],
            told=form.told(),
        )
        return self.saved("N4")


def _told(alert: Alert, *, own: bool) -> dict[str, Any]:
    card: Card = alert.transaction.card
    month = f"{alert.transaction.at.astimezone(card.programme.zone):%Y-%m}"
    return {
        "sentence": sentence(alert),
        "rule": alert.get_rule_display(),
        "when": when(alert),
        "unread": alert.read_at is None,
        "card": card.programme.name,
        "tail": card.number_tail,
        "hotline": card.programme.hotline if card.state in (State.ACTIVE, State.BLOCKED) else "",
        "freeze": reverse("accounts:own_lost", args=[card.pk]) if own and card.state == State.ACTIVE else "",
        "statement": f"{reverse('statements:statement', args=[card.pk])}?month={month}" if own else "",
    }


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
