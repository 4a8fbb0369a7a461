"""What staff do to an account for its owner who calls. They let nobody in, and change no contact."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.own_account.closing import reopenable
from accounts.services import close_account_by_staff, reopen_account_by_staff, sign_out_everywhere
from cards.dimensions import Role
from desk.actions.action import AccountAction, NotPossible, done_by
from desk.reasons import labelled
from desk.roles import roles_of

CHANGED = gettext_lazy("The account changed in the meantime. Nothing was done; look at it again.")


class OfCardholder(AccountAction):
    """What is done to the open account of a cardholder."""

    def reasons(self, account: User, user: User, /) -> list[tuple[str, str]]:
        """Any, as long as the account is open. Staff are looked after under their own heading."""
        if account.is_staff:
            raise NotPossible(_("This account belongs to staff. It is looked after under “Staff”."))
        if not account.is_active:
            raise NotPossible(_("This account is closed."))
        return labelled(("requested", "fraud", "other"))


class SignOutEverywhere(OfCardholder):
    """End every session, as the account's owner could."""

    def perform(self, account: User, user: User, given: dict[str, Any], /) -> str:
        """Sign out."""
        by = done_by(roles_of(user)[0], user, given)
        sign_out_everywhere(user_id=account.pk, actor=by["actor"], reason=by["reason"], comment=by["comment"])
        return _("The account is signed out everywhere.")


class CloseAccount(OfCardholder):
    """Close the account, as its owner could."""

    def perform(self, account: User, user: User, given: dict[str, Any], /) -> str:
        """Close it, if it still is open. The issuer's operators do that; so does who may do everything."""
        if not close_account_by_staff(user_id=account.pk, **done_by(Role.OPERATOR, user, given)):
            raise NotPossible(str(CHANGED))
        return _("The account is closed. Every contact of it is told.")


class ReopenAccount(AccountAction):
    """Open a closed account again, as the link of the notice that it is closed does; approved texts hold no link."""

    def reasons(self, account: User, user: User, /) -> list[tuple[str, str]]:
        """Any, for as long as the link works."""
        if account.closed_at is None:
            raise NotPossible(_("This account is not closed."))
        if not reopenable(timezone.now()).filter(pk=account.pk).exists():
            raise NotPossible(
                _("This account cannot be opened again: seven days are over, or its contacts are in another account.")
            )
        return labelled(("requested", "fraud", "other"))

    def perform(self, account: User, user: User, given: dict[str, Any], /) -> str:
        """Open it again, if it still can be."""
        if not reopen_account_by_staff(user_id=account.pk, **done_by(Role.OPERATOR, user, given)):
            raise NotPossible(str(CHANGED))
        return _("The account is open again. Every contact of it is told.")
