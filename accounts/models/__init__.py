"""People and what ties them to cards."""

from accounts.models.account_codes import AccountCode
from accounts.models.account_events import AccountEvent
from accounts.models.binding_codes import BindingCode
from accounts.models.bindings import CardBinding
from accounts.models.card_helpers import CardHelper
from accounts.models.cases import Case
from accounts.models.code_requests import CodeRequest
from accounts.models.contact_changes import ContactChange
from accounts.models.loss_codes import LossCode
from accounts.models.loss_reports import LossReport
from accounts.models.pin_reset_codes import PinResetCode
from accounts.models.pin_resets import PinReset
from accounts.models.sessions import Device, UserSession
from accounts.models.sign_in_codes import SignInCode
from accounts.models.users import User

__all__ = [
    "AccountCode",
    "AccountEvent",
    "BindingCode",
    "CardBinding",
    "CardHelper",
    "Case",
    "CodeRequest",
    "ContactChange",
    "Device",
    "LossCode",
    "LossReport",
    "PinReset",
    "PinResetCode",
    "SignInCode",
    "User",
    "UserSession",
]
