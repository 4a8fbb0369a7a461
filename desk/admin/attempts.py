"""Activation attempts: how far people came, and why it ended. What they answered is not shown."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.contacts import mask
from activation.models import ActivationAttempt
from cards.masks import mask_card
from desk.reading import ReadOnlyAdmin, link_to
from desk.reasons import in_words
from desk.search import Kind, by_card
from desk.states import progress_of


@admin.register(ActivationAttempt)
class ActivationAttemptAdmin(ReadOnlyAdmin):
    """By the reference that a cardholder reads out."""

    list_display = ("reference", "card_link", "progress", "verdict", "opened_at", "closed_at")
    fieldsets = (
        (None, {"fields": ("reference", "card_link", "progress", "verdict", "why", "verdict_at")}),
        (
            _("Journey"),
            {
                "fields": (
                    "opened_at",
                    "identity_confirmed_at",
                    "contact_masked",
                    "contact_confirmed_at",
                    "pin_chosen_at",
                    "submitted_at",
                    "closes_at",
                    "closed_at",
                )
            },
        ),
        (None, {"fields": ("account_link", "language_name", "seats_given", "tries", "next_try_at")}),
    )
    related = ("card", "account")
    find_by: ClassVar[dict[Kind, str]] = {**by_card("card__"), Kind.REFERENCE: "reference"}

    @admin.display(description=_("Card"))
    def card_link(self, attempt: ActivationAttempt) -> str:
        """The card, by its last digits."""
        return link_to(attempt.card, mask_card(attempt.card.number_tail))

    @admin.display(description=_("Account"))
    def account_link(self, attempt: ActivationAttempt) -> str:
        """The account that was signed in."""
        return link_to(attempt.account, attempt.account)

    @admin.display(description=_("Progress"))
    def progress(self, attempt: ActivationAttempt) -> Any:
        """The furthest step."""
        return progress_of(attempt, timezone.now())

    @admin.display(description=_("Reason"))
    def why(self, attempt: ActivationAttempt) -> str:
        """The verdict's reason, in words."""
        return in_words(attempt.reason)

    @admin.display(description=_("Contact"))
    def contact_masked(self, attempt: ActivationAttempt) -> str:
        """The masked contact that was given."""
        return mask(attempt.contact)
