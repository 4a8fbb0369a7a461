"""The three pages that a loss, its end and "it was not me" share: whose card, the code, and which of several cards."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import services
from accounts.contacts import mask
from accounts.loss import session as loss_session
from accounts.loss.codes import PURPOSE, Asked, codes_for
from accounts.loss.forms import (
    FreezeCodeForm,
    LossByIdForm,
    LossCodeForm,
    LossForm,
    UnfreezeCodeForm,
    WhichCardForm,
)
from accounts.models.loss_codes import Act
from accounts.refusals import (
    CodeExpired,
    CodeNotAccepted,
    CodeUsed,
    SendTooEarly,
    TooManyChecks,
    TooManySends,
    TooManyTries,
)
from accounts.sending_limits import for_losses, seconds_to_next_send
from accounts.views.code_page import CodePage
from cards.models import Card
from pages.catalogue import say
from pages.errors import too_many
from pages.form_tokens import post_key
from pages.forms import PageForm
from pages.markup import digits
from pages.programmes import speak_for
from pages.redirects import see_other
from pages.views import FormPage, Page
from vault.blind_index import blind_index
from vault.client_address import client_address

PAGES = {Act.FREEZE: "lost", Act.UNFREEZE: "found", Act.NOT_ME: "not_me"}
TITLES = {
    Act.FREEZE: gettext_lazy("Report a lost card"),
    Act.UNFREEZE: gettext_lazy("Unfreeze a card"),
    Act.NOT_ME: gettext_lazy("Tell us that it was not you"),
}
FORMS: dict[Act, type[LossCodeForm]] = {
    Act.FREEZE: FreezeCodeForm,
    Act.UNFREEZE: UnfreezeCodeForm,
    Act.NOT_ME: LossCodeForm,
}


class LossPage(FormPage):
    """A page for one act. A place that asks too much is slowed down."""

    act: ClassVar[Act] = Act.FREEZE

    def page(self, name: str = "") -> str:
        """The name of the address of this act's page."""
        return f"accounts:{PAGES[self.act]}{name}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyChecks as refusal:
            return too_many(request, time=refusal.until)

    def send_code(self, asked: Asked, press: str = "") -> None:
        """Ask for a code to be sent. Raises SendTooEarly, TooManySends, TooManyChecks."""
        programme = self.request.programme
        services.request_loss_code(
            asked=asked,
            address=client_address(self.request),
            programme=programme.code if programme else "",
            press=press,
        )

    def used_up(self, refusal: TooManySends) -> tuple[str, dict[str, Any]]:
        """The sentence that no more codes are sent for now, and its values; by telephone a card is frozen anyhow."""
        programme = self.request.programme
        if programme and programme.hotline:
            return "E36c", {"time": refusal.until, "phone": programme.hotline}
        return "E36b", {"time": refusal.until}

    def ask(self, asked: Asked, *, field: str, own: UUID | None = None) -> HttpResponseBase:
        """Ask for a code and go on to its page; or say at the field when one can be sent. `own`: whose page asks.

        A code of less than a minute ago is good if this browser asked for the same. One for anything else is not, and
        the page would wait for a message that does not come.
        """
        try:
            self.send_code(asked)
        except TooManySends as refusal:
            message_id, values = self.used_up(refusal)
            return self.refuse(field, message_id, **values)
        except SendTooEarly as refusal:
            if loss_session.asked(self.request, self.act) != asked:
                return self.refuse(field, "N13", time=refusal.until)
        loss_session.keep(self.request, asked, own=own)
        return see_other(self.page("_code"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, act=self.act, ended="ended" in self.request.GET)


class WhoseCard(LossPage):
    """Asks for the card's last digits and a contact, and goes on alike whether there is such a card or not."""

    template_name = "accounts/loss/whose_card.html"
    form_class: type[PageForm] = LossForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.title = TITLES[self.act]
        return super().dispatch(request, *args, **kwargs)

    def typed(self, answers: dict[str, str]) -> dict[str, str]:
        """What is asked for, out of the form's answers."""
        return answers

    def submitted(self, form: LossForm) -> HttpResponseBase:
        asked = loss_session.typed(self.request, act=self.act, **self.typed(form.cleaned_data))
        return self.ask(asked, field="contact")


class WhoseCardById(WhoseCard):
    """The same for who does not know the card's last digits."""

    template_name = "accounts/loss/whose_card_by_id.html"
    form_class = LossByIdForm

    def typed(self, answers: dict[str, str]) -> dict[str, str]:
        return {"contact": answers["contact"], "id_number": str(blind_index("id_number", answers["idno"]))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse(self.page())
        return super().get_context_data(**kwargs)


class EnterLossCode(LossPage, CodePage):
    """Asks for the code; the right one acts at once."""

    title: Any = pgettext_lazy("title", "Enter the security code")
    template_name = "accounts/loss/code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = loss_session.asked(request, self.act)
        if asked is None:
            proved = loss_session.proved(request, self.act)
            return see_other(self.page("_done") if proved else self.page())
        self.asked, self.form_class = asked, FORMS[self.act]
        self.own, self.back_url = loss_session.own_card(request), reverse(self.page())
        if self.own:
            speak_for(self.request, Card.objects.select_related("programme").get(pk=self.own).programme)
            self.back_url = reverse("accounts:own_found", args=[self.own])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        locked = services.loss_locked_until(asked=self.asked)
        return self.show_locked(locked) if locked else super().get(request, *args, **kwargs)

    def submitted(self, form: LossCodeForm) -> HttpResponseBase:
        try:
            cards = services.act_by_code(
                asked=self.asked,
                otp=form.cleaned_data["otp"],
                address=client_address(self.request),
                press=post_key(self.request.POST),
            )
        except TooManyTries:
            return self.again()
        except CodeNotAccepted as refusal:
            return self.refuse("otp", "E33", t=refusal.tries_left)
        except CodeExpired:
            return self.replace_expired()
        except CodeUsed:
            return self.again()
        loss_session.prove(self.request, self.act, cards)
        return see_other(self.page("_done") if len(cards) == 1 else self.page("_which"))

    def send_again(self, press: str = "") -> None:
        self.send_code(self.asked, press=press)

    def tell_used_up(self, refusal: TooManySends) -> HttpResponseBase:
        message_id, values = self.used_up(refusal)
        return self.tell(message_id, **values)

    def show_locked(self, until: datetime) -> HttpResponse:
        self.template_name, self.title = "pages/too_many.html", _("Try again later")
        return self.render_to_response(Page.get_context_data(self, sentence=say("E35", time=until)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contact = self.asked.contact
        wait = seconds_to_next_send(for_losses(contact))
        shown: dict[str, Any] = {"by_email": True} if "@" in contact else {"ending": contact[-2:]}
        if self.own:  # the page before has shown the mask
            code = codes_for(self.asked).order_by("-issued_at").first()
            shown = {"sent_to": mask(contact), "sendings": self.sendings(code, kind=PURPOSE, wait=wait)}
        return super().get_context_data(**kwargs, **shown, ask_again=self.back_url, wait=wait)


class WhichCard(LossPage):
    """Several cards have these last digits and this contact: nothing is done before one is chosen."""

    title: Any = gettext_lazy("Which card do you mean?")
    form_class = WhichCardForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.cards = loss_session.choice(request, self.act)
        if not self.cards:
            return see_other(self.page("_done") if loss_session.proved(request, self.act) else self.page())
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        cards = Card.objects.select_related("programme").in_bulk(self.cards)
        choices = [(str(place), _told(cards[card])) for place, card in enumerate(self.cards)]
        return {**super().get_form_kwargs(), "choices": choices}

    def submitted(self, form: WhichCardForm) -> HttpResponseBase:
        card = self.cards[int(form.cleaned_data["which"])]
        loss_session.choose(self.request, self.act, card)
        services.act_on_card(act=self.act, card_id=card)
        return see_other(self.page("_done"))


def _told(card: Card) -> SafeString:
    """A card that somebody may choose, by what tells it from another with the same last digits."""
    words = {
        "card": escape(card.programme.name),
        "tail": digits(card.number_tail),
        "state": escape(card.get_state_display()),
    }
    return SafeString(_("%(card)s, ending in %(tail)s: %(state)s") % words)
