"""It was not me: by the link of a notice, or by the short address that is printed on what has no links."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.loss.forms import NotMeForm
from accounts.loss.not_me import message_of, notice_of
from accounts.models import Case
from accounts.models.cases import Done
from accounts.models.loss_codes import Act
from accounts.views.lost import ProvedCard
from cards.models import Card
from cards.programmes import programme_by_code
from messaging.kinds import label_of
from pages.programmes import speak_for
from pages.redirects import SeeOther
from pages.views import FormPage

STOPPED = _("We have stopped it")
LOOKED_INTO = _("We will look into it")


class NotMe(FormPage):
    """One press stops everything. Looking changes nothing: mail scanners open every link."""

    title = _("Was it not you?")
    template_name = "accounts/not_me.html"
    form_class = NotMeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        message = message_of(kwargs["token"], timezone.now())
        if message is None:
            return SeeOther(f"{reverse('accounts:not_me')}?ended=1")
        self.message, notice = message, notice_of(message.kind)
        card_id = notice.card_of(message.subject_id) if notice and notice.card_of else None
        self.card = Card.objects.filter(pk=card_id).select_related("programme").first() if card_id else None
        # of an account, the programme whose name and hotline the notice bore
        if programme := self.card.programme if self.card else programme_by_code(message.programme_code):
            speak_for(self.request, programme)
        return super().dispatch(request, *args, **kwargs)

    def submitted(self, form: NotMeForm) -> HttpResponseBase:
        services.deny(message=self.message)
        self.stays = True
        return SeeOther(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = Case.objects.filter(message_id=self.message.pk).first()
        if case:
            self.title = STOPPED if case.done else LOOKED_INTO
        told = {"about": label_of(self.message.kind), "card": self.card, "at": self.message.created_at}
        return super().get_context_data(**kwargs, **told, **case_told(case))


class NotMeDone(ProvedCard):
    """What was stopped, after a code from the short address."""

    act = Act.NOT_ME
    title = STOPPED
    template_name = "accounts/not_me_done.html"

    def submitted(self, form: Any) -> HttpResponseBase:
        return self.again()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = Case.objects.filter(card=self.card, notice="").order_by("-opened_at").first()
        if case:
            self.title = STOPPED if case.done else LOOKED_INTO
        return super().get_context_data(**kwargs, **case_told(case))


def case_told(case: Case | None) -> dict[str, Any]:
    """The case and, in words, what was done at once."""
    done = [Done(one) for one in case.done] if case else []
    return {"case": case, "done": [one.label for one in done], "reopened": Done.ACCOUNT_REOPENED in done}
