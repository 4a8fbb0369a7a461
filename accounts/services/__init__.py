from accounts.services.request_code import request_code
from accounts.services.sign_in import SIGN_IN_LIMITS, SIGN_IN_TRIES, locked_until, request_sign_in_code, sign_in

__all__ = ["SIGN_IN_LIMITS", "SIGN_IN_TRIES", "locked_until", "request_code", "request_sign_in_code", "sign_in"]
