"""Every form that anybody can open: who fills it in, on which way, and which forms only a proof opens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.protections.strangers import Stranger, known_people, waiting_people

WRONG, PIN = "904817", "739146"
RESEND = "resend"


@dataclass(frozen=True)
class Step:
    """One form, by the name of its address, and what is typed there."""

    name: str
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Walk:
    """Forms that one browser sends one after the other; `known` makes so many people who are known there.

    `codes_come`: whether who is known gets a code.
    """

    steps: Sequence[Step]
    known: Callable[..., list[Stranger]] = known_people
    codes_come: bool = True


def _to_a_code(first: str, then: str, typed: dict[str, str], new: dict[str, str] | None = None) -> Walk:
    """Ask for a code, enter a wrong one, and press the button that sends it again."""
    wrong = {"otp": WRONG, **(new or {})}
    return Walk([Step(first, typed), Step(then, wrong), Step(then, {RESEND: "1"})])


BY_PHONE, BY_EMAIL = {"tail": "2604", "contact": "{me.phone}"}, {"tail": "2604", "contact": "{me.email}"}
WALKS = {
    "activation code": Walk(
        [Step("activation:enter-code", {"card_number": "{me.card}", "code": WRONG})], waiting_people, codes_come=False
    ),
    "new code to a phone": Walk(
        [Step("activation:new-code", {"card_number": "{me.card}", "contact": "{me.phone}"})], waiting_people
    ),
    "new code to an email": Walk(
        [Step("activation:new-code", {"card_number": "{me.card}", "contact": "{me.email}"})], waiting_people
    ),
    "sign in by phone": _to_a_code("accounts:sign_in", "accounts:verify", {"ident": "{me.phone}"}),
    "sign in by email": _to_a_code("accounts:sign_in", "accounts:verify", {"ident": "{me.email}"}),
    "lost, by phone": _to_a_code("accounts:lost", "accounts:lost_code", BY_PHONE),
    "lost, by email": _to_a_code("accounts:lost", "accounts:lost_code", BY_EMAIL),
    "lost, by ID number": _to_a_code(
        "accounts:lost_by_id", "accounts:lost_code", {"idno": "{me.idno}", "contact": "{me.phone}"}
    ),
    "found, by phone": _to_a_code("accounts:found", "accounts:found_code", BY_PHONE),
    "found, by email": _to_a_code("accounts:found", "accounts:found_code", BY_EMAIL),
    "not me, by phone": _to_a_code("accounts:not_me", "accounts:not_me_code", BY_PHONE),
    "not me, by email": _to_a_code("accounts:not_me", "accounts:not_me_code", BY_EMAIL),
    "forgot PIN": _to_a_code(
        "accounts:forgot_pin",
        "accounts:forgot_pin_code",
        {"card_number": "{me.card}", "idno": "{me.idno}"},
        {"pin": PIN, "pin2": PIN},
    ),
}

BEHIND_A_PROOF = {
    "accounts:lost_which": "the code was right",
    "accounts:lost_done": "the code was right",
    "accounts:lost_kept": "the code was right",
    "accounts:lost_replace": "the code was right",
    "accounts:found_which": "the code was right",
    "accounts:found_done": "the code was right",
    "accounts:not_me_which": "the code was right",
    "accounts:not_me_done": "the code was right",
    "accounts:not_me_link": "the link is the proof",
    "accounts:sign_out": "nothing is typed",
    "activation:step": "the activation code was right",
    "activation:choose-document": "the activation code was right",
    "activation:contact-code": "the activation code was right",
    "activation:problem": "the activation code was right",
}
"""Forms that ask nobody who he is, because an earlier page or a link did; and why that is so."""
