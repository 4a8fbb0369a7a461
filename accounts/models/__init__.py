"""People and what ties them to cards."""

from accounts.models.bindings import CardBinding
from accounts.models.code_requests import CodeRequest
from accounts.models.sign_in_codes import SignInCode
from accounts.models.users import User

__all__ = ["CardBinding", "CodeRequest", "SignInCode", "User"]
