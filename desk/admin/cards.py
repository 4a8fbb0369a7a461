"""Cards: masked, read-only, and what may be done to one."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards import masks
from cards.models import Card
from desk.acting import ActingAdmin
from desk.actions import ACTIONS
from desk.reading import link_to
from desk.search import by_card
from desk.story import Table, story_of

REPLACING = ("new_card", "old_card")


@admin.register(Card)
class CardAdmin(ActingAdmin):
    """Every card, the newest first."""

    acts = ACTIONS
    back = gettext_lazy("Back to the card")
    one_only = gettext_lazy("Choose one card only: each is asked about on its own.")

    list_display = ("ending", "holder", "programme", "state", "phone_masked", "state_since")
    list_filter = ("programme", "state")
    related = ("programme",)
    find_by = by_card()
    fieldsets = (
        (
            None,
            {"fields": ("ending", "programme", "state", "state_since", "activated_at", "closed_at", *REPLACING)},
        ),
        (
            gettext_lazy("Cardholder"),
            {"fields": ("holder", "document", "document_masked", "phone_masked", "email_masked", "language_name")},
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

    @admin.display(description=gettext_lazy("Type of document"))
    def document(self, card: Card) -> str:
        """Which kind of document the cardholder is registered with."""
        return capfirst(card.get_id_type_display())

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

    def story(self, card: Card) -> list[Table]:
        """All that is known about the card."""
        return story_of(card)

    def naming(self, card: Card) -> str:
        """A card's programme and last digits."""
        return _("%(card)s, ending in %(tail)s") % {"card": card.programme, "tail": card.number_tail}

    def described(self, card: Card) -> str:
        """Which card, whose, and how it stands."""
        told = {"naming": self.naming(card), "holder": self.holder(card), "state": card.get_state_display()}
        return _("%(naming)s, %(holder)s, %(state)s") % told


def mask_and_state(card: Card) -> str:
    """Another card, as a link calls it."""
    return _("%(card)s, %(state)s") % {
        "card": masks.mask_card(card.number_tail),
        "state": card.get_state_display(),
    }
