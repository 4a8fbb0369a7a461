"""Closing an account by a code to one of its contacts."""

from uuid import UUID

from accounts.own_account import closing
from accounts.own_account.codes import Asked
from accounts.services.prove_contact import prove_contact


def close_account(*, asked: Asked, otp: str, address: str, press: str = "") -> None:
    """Try the code and close the account. Raises what `prove_contact` raises."""
    user_id = UUID(asked.user)
    prove_contact(asked=asked, otp=otp, address=address, press=press, then=lambda _at: closing.close(user_id))
