"""Cards: masked, read-only, and what may be done to one."""

from functools import partial
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User
from cards import masks
from cards.models import Card
from desk.actions import ACTIONS, CardAction, NotPossible
from desk.reading import ReadOnlyAdmin, link_to, page_of
from desk.search import by_card
from desk.story import story_of
from pages.redirects import SeeOther

REPLACING = ("new_card", "old_card")


@admin.register(Card)
class CardAdmin(ReadOnlyAdmin):
    """A card's own page tells its whole story and has a button for each thing that may be done to it."""

    list_display = ("ending", "holder", "programme", "state", "phone_masked", "state_since")
    list_filter = ("programme", "state")
    related = ("programme",)
    find_by = by_card()
    change_form_template = "desk/card.html"
    fieldsets = (
        (
            None,
            {"fields": ("ending", "programme", "state", "state_since", "activated_at", "closed_at", *REPLACING)},
        ),
        (
            gettext_lazy("Cardholder"),
            {"fields": ("holder", "id_type", "document_masked", "phone_masked", "email_masked", "language_name")},
        ),
        (
            gettext_lazy("Card"),
            {
                "fields": (
                    "fulfilment",
                    "pin_status",
                    "profile_words",
                    "expires_on",
                    "record_version",
                    "updated_at",
                )
            },
        ),
    )

    @admin.display(description=gettext_lazy("Card"))
    def ending(self, card: Card) -> str:
        """Which card, by its last digits."""
        return masks.mask_card(card.number_tail)

    @admin.display(description=gettext_lazy("Name"))
    def holder(self, card: Card) -> str:
        """The masked name."""
        return masks.mask_name(card.holder_name)

    @admin.display(description=gettext_lazy("Document number"))
    def document_masked(self, card: Card) -> str:
        """The masked number."""
        return masks.mask_id(card.id_number) or masks.mask_forgotten_id(card.id_number_tail)

    @admin.display(description=gettext_lazy("Mobile number"))
    def phone_masked(self, card: Card) -> str:
        """The masked number."""
        return masks.mask_phone(card.phone)

    @admin.display(description=gettext_lazy("Email address"))
    def email_masked(self, card: Card) -> str:
        """The masked address."""
        return masks.mask_email(card.email)

    @admin.display(description=gettext_lazy("Closed at"))
    def closed_at(self, card: Card) -> str:
        """When, for good; `closed` is what the desk calls it."""
        at = card.terminated_at
        return date_format(localtime(at), "DATETIME_FORMAT") if at else "-"

    @admin.display(description=gettext_lazy("Profile (eSIM)"))
    def profile_words(self, card: Card) -> str:
        """How far the profile of an eSIM is."""
        return card.get_profile_display() or "-"

    @admin.display(description=gettext_lazy("Its place is taken by"))
    def new_card(self, card: Card) -> str:
        """The card that takes its place."""
        new = card.replaced_by
        return link_to(new, mask_and_state(new)) if new else "-"

    @admin.display(description=gettext_lazy("It takes the place of"))
    def old_card(self, card: Card) -> str:
        """The card whose place it takes."""
        old = Card.objects.filter(replaced_by=card).first()
        return link_to(old, mask_and_state(old)) if old else "-"

    def get_urls(self) -> list[URLPattern]:
        """Add one address for each action."""
        act = self.admin_site.admin_view(self.act)
        return [path("<uuid:card_id>/do/<slug:slug>/", act, name="cards_card_act"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of one card, with its story."""
        card = self.get_object(request, object_id)
        if request.method != "GET" or card is None or not self.has_view_permission(request, card):
            return super().change_view(request, object_id, form_url, extra_context)
        acts = [action for action in self.allowed_actions(request) if action.is_possible(card, staff_of(request))]
        context = {"subtitle": self.naming(card), "acts": acts, "story": story_of(card)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def naming(self, card: Card) -> str:
        """A card's programme and last digits."""
        return _("%(card)s, ending in %(tail)s") % {"card": card.programme, "tail": card.number_tail}

    def allowed_actions(self, request: HttpRequest) -> list[CardAction]:
        """What this member of staff may do to cards."""
        return [action for action in ACTIONS if action.allowed(staff_of(request))]

    @method_decorator(sensitive_post_parameters())
    def act(self, request: HttpRequest, card_id: UUID, slug: str) -> HttpResponse:
        """Ask why; do it on POST. What is not possible is said on the page, and nothing is changed."""
        action = next((action for action in ACTIONS if action.slug == slug), None)
        card = self.get_queryset(request).filter(pk=card_id).first()
        if action is None or card is None:
            raise Http404
        if not self.has_view_permission(request, card) or action not in self.allowed_actions(request):
            raise PermissionDenied
        context = {"action": action, "card": card, "naming": self.naming(card), "holder": self.holder(card)}
        context["warning"] = action.warning_about(card)
        context |= {"title": action.title, "subtitle": self.naming(card), "opts": self.opts}
        staff = staff_of(request)
        try:
            posted = request.POST if request.method == "POST" else None
            context["form"] = form = action.form(card, staff, posted)
            if form.is_valid():
                messages.success(request, action.perform(card, staff, form.cleaned_data))
                return SeeOther(page_of(card))
        except NotPossible as refusal:
            context["refusal"] = str(refusal)
        return TemplateResponse(request, "desk/act.html", {**self.admin_site.each_context(request), **context})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer in the list what its page has buttons for."""
        return {
            action.slug: (partial(ask, slug=action.slug), action.slug, action.title)
            for action in self.allowed_actions(request)
        }


def mask_and_state(card: Card) -> str:
    """Another card, as a link calls it."""
    return _("%(card)s, %(state)s") % {
        "card": masks.mask_card(card.number_tail),
        "state": card.get_state_display(),
    }


def staff_of(request: HttpRequest) -> User:
    """Who is signed in; `admin_view` lets nobody else in."""
    return cast(User, request.user)


def ask(model_admin: CardAdmin, request: HttpRequest, chosen: QuerySet[Card], *, slug: str) -> HttpResponse | None:
    """Go to the page that asks why: for one card at a time, because each has its own reason."""
    cards = list(chosen.values_list("pk", flat=True)[:2])
    if len(cards) == 1:
        return SeeOther(reverse("admin:cards_card_act", args=[cards[0], slug]))
    messages.warning(request, _("Choose one card only: each is asked about on its own."))
    return None
