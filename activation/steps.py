"""The whole journey, in one place: an ordered tuple of steps, walked by one view.

A step knows from one column whether it is done and calls one service. Adding a step is one class, one column, one
line.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from accounts.contacts import field_of, mask
from activation.forms import ConfirmContactForm, ConfirmIdentityForm, EnterCodeForm, SubmitActivationForm
from activation.models import ActivationAttempt
from activation.services import choose_pin, confirm_identity, give_contact, keep_document, submit_activation
from cards import masks
from cards.identity_documents import DocumentType
from cards.phones import as_dialled
from cards.replacements import ended_by_activating
from pages.forms import PageForm
from pages.pin_form import PinForm


class Step(ABC):
    """One page of the journey. `slug` is its address; `is_done` reads one column and changes nothing."""

    slug: ClassVar[str]
    title: ClassVar[Any]
    form_class: ClassVar[type[PageForm]]
    template_name: ClassVar[str]

    def is_shown(self, attempt: ActivationAttempt) -> bool:
        """Whether this attempt opens the step's page at all; one that it does not open is done from the start."""
        return True

    @abstractmethod
    def is_done(self, attempt: ActivationAttempt, at: datetime) -> bool:
        """Whether the step needs nothing more at this moment."""

    def form_kwargs(self, attempt: ActivationAttempt, document: str = "") -> dict[str, Any]:
        """What the form is built with."""
        return {}

    def initial(self, attempt: ActivationAttempt) -> dict[str, Any]:
        """What was answered before and may be shown again; secrets never."""
        return {}

    def shows(self, attempt: ActivationAttempt) -> dict[str, Any]:
        """What the page shows besides its form."""
        return {}

    def notice(self, attempt: ActivationAttempt) -> str:
        """The id of a sentence that this attempt is told above the form, if there is one."""
        return ""

    def set_aside(self, attempt: ActivationAttempt, form: PageForm) -> Collection[str]:
        """Keep, sealed, what a form that was not accepted holds and its draft may not; the names of those fields."""
        return ()

    @abstractmethod
    def perform(self, attempt: ActivationAttempt, answers: dict[str, Any]) -> str | None:
        """Call the step's service. May name a further page of the step that comes first."""


class EnterCode(Step):
    """Opens the attempt, so that it is done wherever there is one; its page stands outside of any attempt."""

    slug = "enter-code"
    title = _("Enter your activation code")
    form_class = EnterCodeForm
    template_name = "activation/enter_code.html"

    def is_done(self, attempt: ActivationAttempt, at: datetime) -> bool:
        return attempt.opened_at is not None

    def perform(self, attempt: ActivationAttempt, answers: dict[str, Any]) -> str | None:
        """Its page performs it, because there is no attempt yet; done again, it changes nothing."""
        return None


class ConfirmIdentity(Step):
    slug = "confirm-identity"
    title = _("Confirm your identity")
    form_class = ConfirmIdentityForm
    template_name = "activation/confirm_identity.html"

    def is_done(self, attempt: ActivationAttempt, at: datetime) -> bool:
        return attempt.identity_confirmed_at is not None

    def form_kwargs(self, attempt: ActivationAttempt, document: str = "") -> dict[str, Any]:
        known = attempt.identity
        document = document or known.get("id_type") or attempt.card.programme.id_types[0]
        same = document == known.get("id_type")
        return {
            "document": document,
            "known_number": known.get("id_number", "") if same else "",
        }

    def initial(self, attempt: ActivationAttempt) -> dict[str, Any]:
        return {"name": attempt.identity.get("name", "")}

    def set_aside(self, attempt: ActivationAttempt, form: PageForm) -> Collection[str]:
        form.full_clean()
        number = form.cleaned_data.get("idno")
        if not number:
            return ()
        keep_document(attempt=attempt, id_type=form.cleaned_data["document"], id_number=number)
        return ("idno",)

    def perform(self, attempt: ActivationAttempt, answers: dict[str, Any]) -> str | None:
        confirm_identity(
            attempt=attempt,
            name=answers["name"],
            id_type=answers["document"],
            id_number=answers["idno"] or attempt.identity.get("id_number", ""),
        )
        return None


class ConfirmContact(Step):
    slug = "confirm-contact"
    title = _("Confirm your contact details")
    form_class = ConfirmContactForm
    template_name = "activation/confirm_contact.html"

    def is_shown(self, attempt: ActivationAttempt) -> bool:
        """Not where the activation code itself came through a registered contact."""
        return attempt.code.contact_index is None

    def is_done(self, attempt: ActivationAttempt, at: datetime) -> bool:
        return attempt.contact_confirmed_at is not None

    def initial(self, attempt: ActivationAttempt) -> dict[str, Any]:
        if not attempt.contact:
            return {}
        return {field_of(attempt.contact): as_dialled(attempt.contact), "via": attempt.contact_channel}

    def perform(self, attempt: ActivationAttempt, answers: dict[str, Any]) -> str | None:
        sent = give_contact(attempt=attempt, phone=answers["phone"], email=answers["email"], via=answers["via"])
        return "contact-code" if sent else None


class ChoosePin(Step):
    slug = "choose-pin"
    title = _("Choose your card PIN")
    form_class = PinForm
    template_name = "activation/choose_pin.html"

    def is_done(self, attempt: ActivationAttempt, at: datetime) -> bool:
        return attempt.pin_is_kept(at)

    def notice(self, attempt: ActivationAttempt) -> str:
        """A lapsed PIN is no mistake of the person: say why it is asked for again."""
        return "E69" if attempt.pin_chosen_at else ""

    def shows(self, attempt: ActivationAttempt) -> dict[str, Any]:
        """The step before, where this attempt did not have to take it, so that nobody looks for it."""
        contact = BY_SLUG[ConfirmContact.slug]
        return {} if contact.is_shown(attempt) else {"passed_over": position(contact)[0]}

    def perform(self, attempt: ActivationAttempt, answers: dict[str, Any]) -> str | None:
        choose_pin(attempt=attempt, pin=answers["pin"])
        return None


class SubmitActivation(Step):
    slug = "submit"
    title = _("Check your answers and activate your card")
    form_class = SubmitActivationForm
    template_name = "activation/submit.html"

    def is_done(self, attempt: ActivationAttempt, at: datetime) -> bool:
        return attempt.submitted_at is not None

    def shows(self, attempt: ActivationAttempt) -> dict[str, Any]:
        """The answers, masked, each with the step that can change it; and the card that this one ends, by its last
        digits to who has proved a contact that is registered for that card, too."""
        identity, old = attempt.identity, ended_by_activating(attempt.card_id)
        proved = old is not None and attempt.contact_index in (old.phone_index, old.email_index)
        return {
            "ends_a_card": old is not None,
            "old_tail": old.number_tail if old and proved else "",
            "name_mask": masks.mask_name(identity["name"]),
            "document": DocumentType(identity["id_type"]).label,
            "number_mask": masks.mask_id(identity["id_number"]),
            "contact_mask": mask(attempt.contact),
            "contact_can_change": ConfirmContact().is_shown(attempt),
        }

    def perform(self, attempt: ActivationAttempt, answers: dict[str, Any]) -> str | None:
        submit_activation(attempt=attempt, account_id=answers.get("account_id"))
        return None


JOURNEY: tuple[Step, ...] = (EnterCode(), ConfirmIdentity(), ConfirmContact(), ChoosePin(), SubmitActivation())
BY_SLUG: dict[str, Step] = {step.slug: step for step in JOURNEY}


def shown(attempt: ActivationAttempt) -> list[Step]:
    return [step for step in JOURNEY if step.is_shown(attempt)]


def first_undone(attempt: ActivationAttempt, at: datetime) -> Step | None:
    """What comes next; None when everything is done and the verdict is awaited."""
    return next((step for step in JOURNEY if not step.is_done(attempt, at)), None)


def may_open(step: Step, attempt: ActivationAttempt, at: datetime) -> bool:
    """A done step may be opened again until submission; one beyond the first undone may not be opened yet."""
    undone = first_undone(attempt, at)
    return undone is not None and JOURNEY.index(step) <= JOURNEY.index(undone)


def position(step: Step) -> tuple[int, int]:
    """The n and m of "step n of m", alike for every attempt: whoever was told "1 of 5" is never told "2 of 4"."""
    return JOURNEY.index(step) + 1, len(JOURNEY)


def step_before(step: Step, attempt: ActivationAttempt) -> Step | None:
    steps = shown(attempt)
    index = steps.index(step)
    return steps[index - 1] if index else None
