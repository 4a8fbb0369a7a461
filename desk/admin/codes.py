"""Codes of every kind. What is stored is no code, and neither its seed nor its key is shown."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import CodeRequest, SignInCode
from accounts.own_account.codes import PURPOSE as ACCOUNT
from activation.models import ActivationCode, ContactCode
from cards.masks import mask_card
from cards.one_time_codes import OneTimeCode
from desk.reading import ReadOnlyAdmin, link_to
from desk.search import Kind, by_card
from desk.states import state_of_code
from messaging.kinds import label_of

LIFE = ("issued_at", "expires_at", "reserved_until", "consumed_at", "superseded_at", "revoked_at", "expired_at")


class CodeAdmin(ReadOnlyAdmin):
    """What all codes have in common."""

    @admin.display(description=_("State"))
    def state(self, code: OneTimeCode) -> Any:
        """Good, used, revoked and so on, now."""
        return state_of_code(code, timezone.now())


@admin.register(ActivationCode)
class ActivationCodeAdmin(CodeAdmin):
    """Codes that open the journey."""

    list_display = ("issued_at", "card_link", "channel", "state", "expires_at")
    fields = ("card_link", "channel", "digits", "state", "card_version", *LIFE)
    related = ("card",)
    find_by = by_card("card__")

    @admin.display(description=_("Card"))
    def card_link(self, code: ActivationCode) -> str:
        """The card, by its last digits. There the code can be revoked."""
        return link_to(code.card, mask_card(code.card.number_tail))


@admin.register(ContactCode)
class ContactCodeAdmin(CodeAdmin):
    """Codes that confirm a contact in the journey."""

    list_display = ("issued_at", "attempt_link", "channel", "state", "expires_at")
    fields = ("attempt_link", "channel", "digits", "state", *LIFE)
    related = ("attempt",)
    find_by: ClassVar[dict[Kind, str]] = {**by_card("attempt__card__"), Kind.REFERENCE: "attempt__reference"}

    @admin.display(description=_("Attempt"))
    def attempt_link(self, code: ContactCode) -> str:
        """The attempt, by its reference."""
        return link_to(code.attempt, code.attempt.reference)


@admin.register(SignInCode)
class SignInCodeAdmin(CodeAdmin):
    """Codes that cardholders sign in with."""

    list_display = ("issued_at", "account_link", "channel", "state", "expires_at")
    fields = ("account_link", "channel", "digits", "state", *LIFE)
    related = ("user",)
    find_by: ClassVar[dict[Kind, str]] = {Kind.PHONE: "contact_index", Kind.EMAIL: "contact_index"}

    @admin.display(description=_("Account"))
    def account_link(self, code: SignInCode) -> str:
        """The account."""
        return link_to(code.user, code.user)


@admin.register(CodeRequest)
class CodeRequestAdmin(ReadOnlyAdmin):
    """What people asked for. What they typed stays sealed."""

    list_display = ("created_at", "what_for", "handled_at", "tries")
    fields = ("what_for", "created_at", "handled_at", "tries", "next_try_at")

    @admin.display(description=_("Purpose"))
    def what_for(self, request: CodeRequest) -> str:
        """The message that answers it; those of an account are of several kinds."""
        return str(_("Security code, for the account")) if request.purpose == ACCOUNT else label_of(request.purpose)
