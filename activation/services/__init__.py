from activation.services.choose_pin import choose_pin
from activation.services.confirm_contact import (
    confirm_contact,
    give_contact,
    resend_contact_code,
    security_code_locked_until,
)
from activation.services.confirm_identity import confirm_identity, keep_document
from activation.services.correct_details import correct_details
from activation.services.enter_code import door_locked_until, enter_code
from activation.services.revoke_code import revoke_code
from activation.services.send_code import send_code
from activation.services.show_code import current_code, show_code
from activation.services.submit_activation import submit_activation

__all__ = [
    "choose_pin",
    "confirm_contact",
    "confirm_identity",
    "correct_details",
    "current_code",
    "door_locked_until",
    "enter_code",
    "give_contact",
    "keep_document",
    "resend_contact_code",
    "revoke_code",
    "security_code_locked_until",
    "send_code",
    "show_code",
    "submit_activation",
]
