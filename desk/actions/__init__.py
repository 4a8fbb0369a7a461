"""What staff may do by hand to a card and to an account, in the order in which its page offers it."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from cards.dimensions import State
from desk.actions.accounts import CloseAccount, ReopenAccount, SignOutEverywhere
from desk.actions.action import AccountAction, Action, CardAction, NotPossible
from desk.actions.codes import RevokeCode, SendCode
from desk.actions.ending_help import EndHelp
from desk.actions.losses import AllowUnfreezing
from desk.actions.moves import CloseCard, FreezeCard, ReportLost
from desk.actions.new_pins import StopNewPin
from desk.actions.replacements import NameReplacement, TakeBackReplacement

__all__ = ["ACCOUNT_ACTIONS", "ACTIONS", "Action", "NotPossible"]

SURE_OF_CARD = gettext_lazy("I have made sure that this is the right card. This cannot be undone.")

ACTIONS: tuple[CardAction, ...] = (
    SendCode(
        slug="send-code",
        permission="cards.send_code",
        title=gettext_lazy("Send activation code"),
        button=pgettext_lazy("activation code", "Send the code"),
        warning=gettext_lazy("The code goes to a contact that the issuer has registered, and to no other."),
    ),
    RevokeCode(
        slug="revoke-code",
        permission="cards.revoke_code",
        title=gettext_lazy("Revoke code"),
        button=gettext_lazy("Revoke the code"),
        warning=gettext_lazy("The card can be activated with a new code only."),
    ),
    FreezeCard(
        slug="suspend",
        permission="cards.suspend_card",
        title=gettext_lazy("Freeze card"),
        button=gettext_lazy("Freeze the card"),
        warning=gettext_lazy(
            "The card stops working at once. The cardholder can lift this with a code for seven days; after that an "
            "agent can allow it again. Staff never lift it themselves."
        ),
        to=State.SUSPENDED,
        done=gettext_lazy("The card is frozen."),
    ),
    ReportLost(
        slug="report-lost",
        permission="cards.terminate_card",
        title=gettext_lazy("Report card lost"),
        button=gettext_lazy("Report the card lost"),
        warning=gettext_lazy("The card stops working at once and for good, and a new one is asked for."),
        sure=SURE_OF_CARD,
        to=State.TERMINATED,
        done=gettext_lazy("The card is reported lost. A new one has been asked for."),
    ),
    NameReplacement(
        slug="name-replacement",
        permission="cards.terminate_card",
        title=gettext_lazy("Name the new card"),
        button=gettext_lazy("Write it down"),
        warning=gettext_lazy(
            "When the new card is activated, this one is closed for good; at once, where it is in use already."
        ),
    ),
    TakeBackReplacement(
        slug="take-back-replacement",
        permission="cards.terminate_card",
        title=gettext_lazy("Take back the new card"),
        button=gettext_lazy("Take it back"),
        warning=gettext_lazy("Activating the card that was named does not close this one any more."),
    ),
    AllowUnfreezing(
        slug="allow-unfreezing",
        permission="cards.allow_unfreezing",
        title=gettext_lazy("Allow to unfreeze"),
        button=gettext_lazy("Let the cardholder unfreeze the card"),
        warning=gettext_lazy(
            "The cardholder unfreezes it with a code, within a day. Every registered contact is told."
        ),
    ),
    StopNewPin(
        slug="stop-new-pin",
        permission="cards.stop_new_pin",
        title=gettext_lazy("Stop new PIN"),
        button=gettext_lazy("Drop the new PIN"),
        warning=gettext_lazy(
            "The old PIN works on, unless wrong PINs have locked it. Every registered contact is told."
        ),
    ),
    EndHelp(
        slug="end-help",
        permission="cards.end_help",
        title=gettext_lazy("End somebody's help"),
        button=gettext_lazy("End this help"),
        warning=gettext_lazy("They see nothing of the card any more. They and every registered contact are told."),
    ),
    CloseCard(
        slug="terminate",
        permission="cards.terminate_card",
        title=gettext_lazy("Close card"),
        button=gettext_lazy("Close the card for good"),
        warning=gettext_lazy("The card, its codes and its PIN stop working at once and for good."),
        sure=SURE_OF_CARD,
        to=State.TERMINATED,
        done=gettext_lazy("The card is closed for good."),
    ),
)

ACCOUNT_ACTIONS: tuple[AccountAction, ...] = (
    SignOutEverywhere(
        slug="sign-out-everywhere",
        permission="cards.sign_out_account",
        title=gettext_lazy("Sign out everywhere"),
        button=pgettext_lazy("an account", "Sign it out everywhere"),
        warning=gettext_lazy(
            "Every browser is signed out at once, and codes that were sent to sign in end. The cardholder signs in "
            "again with a new code."
        ),
    ),
    CloseAccount(
        slug="close",
        permission="cards.terminate_card",
        title=gettext_lazy("Close the account"),
        button=pgettext_lazy("an account", "Close it"),
        warning=gettext_lazy(
            "Nobody gets into the account any more. Its cards leave it and keep working; help with them ends. Every "
            "contact is told. For seven days the account can be opened again."
        ),
        sure=gettext_lazy("I have made sure that this is the right account."),
    ),
    ReopenAccount(
        slug="reopen",
        permission="cards.terminate_card",
        title=gettext_lazy("Open the account again"),
        button=pgettext_lazy("an account", "Open it again"),
        warning=gettext_lazy(
            "Its owner can sign in again with a code. Cards that are in no other account are in it again; help with "
            "them stays ended. Every contact is told."
        ),
    ),
)
