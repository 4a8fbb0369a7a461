"""What a security code is for, in the words that stand in its message and on the page that asks for it.

Somebody may hold several messages; a code of another one is a wrong one, so the page says which message to look for.
"""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.account_codes import Proof
from accounts.models.loss_codes import Act

SIGN_IN = pgettext_lazy("a code", "to sign in")
ADD_CARD = pgettext_lazy("a code", "to add a card")
ACTIVATE = pgettext_lazy("a code", "to activate your card")
NEW_PIN = pgettext_lazy("a code", "to choose a new PIN")
OF_LOSSES: dict[Act, Any] = {
    Act.FREEZE: pgettext_lazy("a code", "to freeze a card"),
    Act.UNFREEZE: pgettext_lazy("a code", "to unfreeze a card"),
    Act.NOT_ME: pgettext_lazy("a code", "to say that it was not you"),
}
_CHANGE = pgettext_lazy("a code", "to change a contact")
OF_ACCOUNTS: dict[Proof, Any] = {
    Proof.OLD: _CHANGE,
    Proof.NEW: _CHANGE,
    Proof.CLOSE: pgettext_lazy("a code", "to close your account"),
}


def hint(purpose: Any) -> Any:
    """Which message to look for, as the hint of the field."""
    # Translators: {purpose} is like "to sign in".
    words = _("6 digits, in the message with the code {purpose}. You can paste the whole message")
    return format_lazy(words, purpose=purpose)
