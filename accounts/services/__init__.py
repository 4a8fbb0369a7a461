from accounts.services.act_by_code import act_by_code, act_on_card, loss_locked_until, request_loss_code
from accounts.services.change_pin import change_pin
from accounts.services.deny import close_case, deny
from accounts.services.freeze_card import freeze_card, replace_card, report_lost, unfreeze_card
from accounts.services.request_code import request_code
from accounts.services.reset_pin import pin_code_locked_until, request_pin_code, reset_pin
from accounts.services.sign_in import SIGN_IN_LIMITS, SIGN_IN_TRIES, locked_until, request_sign_in_code, sign_in
from accounts.services.stop_pin_reset import stop_pin_reset

__all__ = [
    "SIGN_IN_LIMITS",
    "SIGN_IN_TRIES",
    "act_by_code",
    "act_on_card",
    "change_pin",
    "close_case",
    "deny",
    "freeze_card",
    "locked_until",
    "loss_locked_until",
    "pin_code_locked_until",
    "replace_card",
    "report_lost",
    "request_code",
    "request_loss_code",
    "request_pin_code",
    "request_sign_in_code",
    "reset_pin",
    "sign_in",
    "stop_pin_reset",
    "unfreeze_card",
]
