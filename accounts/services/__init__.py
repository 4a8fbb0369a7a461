from accounts.services.act_by_code import act_by_code, act_on_card, loss_locked_until, request_loss_code
from accounts.services.add_card import add_card, binding_locked_until, request_binding_code
from accounts.services.begin_session import begin_session
from accounts.services.change_contact import (
    begin_contact_change,
    prove_new_contact,
    prove_old_contact,
    stop_contact_change,
)
from accounts.services.change_pin import change_pin
from accounts.services.close_account import close_account, close_account_by_staff, reopen_account_by_staff
from accounts.services.deny import close_case, deny
from accounts.services.end_session import end_session, sign_out_everywhere
from accounts.services.freeze_card import (
    allow_unfreezing,
    freeze_card,
    note_last_use,
    replace_card,
    report_lost,
    take_back_replacement,
    unfreeze_card,
)
from accounts.services.note_download import note_download
from accounts.services.prove_contact import account_code_locked_until, request_account_code
from accounts.services.remove_card import end_help, remove_card
from accounts.services.request_code import request_code
from accounts.services.reset_pin import pin_code_locked_until, request_pin_code, reset_pin
from accounts.services.sign_in import (
    SIGN_IN_LIMITS,
    SIGN_IN_TRIES,
    request_sign_in_code,
    sign_in,
    sign_in_locked_until,
)
from accounts.services.stop_pin_reset import stop_pin_reset

__all__ = [
    "SIGN_IN_LIMITS",
    "SIGN_IN_TRIES",
    "account_code_locked_until",
    "act_by_code",
    "act_on_card",
    "add_card",
    "allow_unfreezing",
    "begin_contact_change",
    "begin_session",
    "binding_locked_until",
    "change_pin",
    "close_account",
    "close_account_by_staff",
    "close_case",
    "deny",
    "end_help",
    "end_session",
    "freeze_card",
    "loss_locked_until",
    "note_download",
    "note_last_use",
    "pin_code_locked_until",
    "prove_new_contact",
    "prove_old_contact",
    "remove_card",
    "reopen_account_by_staff",
    "replace_card",
    "report_lost",
    "request_account_code",
    "request_binding_code",
    "request_code",
    "request_loss_code",
    "request_pin_code",
    "request_sign_in_code",
    "reset_pin",
    "sign_in",
    "sign_in_locked_until",
    "sign_out_everywhere",
    "stop_contact_change",
    "stop_pin_reset",
    "take_back_replacement",
    "unfreeze_card",
]
