"""The message catalogue: every sentence that tells a person what is wrong or what happened, by its id.

Forms, views and drafts carry ids and values; the words are looked up when the page is written, in its language.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from cards.identity_documents import DocumentType
from pages.markup import digits
from pages.times import clock, day

FEW_TRIES = 3
"""From so many tries left on a person is told how many."""

UNTIL = frozenset({"E07", "E35", "E36", "E36b", "E36c", "E70", "E74", "N11"})
"""Messages whose %(time)s ends a wait: told in full minutes, never a minute early."""

TO_THE_SECOND = frozenset({"N2", "N13"})
"""Messages whose %(time)s ends a wait of a minute."""

MESSAGES: Mapping[str, Any] = {
    "S1": ngettext_lazy("There is %(n)d problem", "There are %(n)d problems", "n"),
    "S2": _("Error: "),
    "E01": _("Enter the activation code"),
    "E02": _("Activation code must only include numbers, remove “%(c)s”"),
    "E03": _("Activation code must be 12 digits (6 from a text message), you entered %(n)d"),
    "E04": _("Check the activation code against your email or envelope, it contains a mistake"),
    "E05": _("Card number or activation code does not match our records"),
    "E06": _("This activation code expired on %(d)s"),
    "E07": _("Too many tries. Try again after %(time)s"),
    "E08": _("That is an older code. The current one was sent to %(to)s at %(time)s"),
    "E08b": _("That is an older code. A newer one was issued at %(time)s"),
    "E09": ngettext_lazy("You have %(t)d try left", "You have %(t)d tries left", "t"),
    "E10": _("Enter your full name"),
    "E11": _("Full name must be 100 characters or less"),
    "E12": _("Enter your Resident ID number"),
    "E13": _("Resident ID number must be 18 characters, you entered %(n)d"),
    "E14": _("Check the Resident ID number against your card, it contains a mistake"),
    "E15": _("You must be %(n)d or over to activate this card. A guardian can do it at the counter"),
    "E16": _("Enter the %(doc)s number"),
    "E17": _("%(doc)s number must be between 5 and 20 letters or numbers"),
    "E18": _("Select which document you have"),
    "E19": _("Enter your ID number"),
    "E20": _("Enter your mobile number"),
    "E21": _("Mainland China mobile number must be 11 digits starting with 1"),
    "E22": _("Enter the full number, including + and the country or region code"),
    "E23": _("Enter an email address in the correct format, like name@example.com"),
    "E24": _("Enter an email address to get the code by email"),
    "E24b": _("Enter an email address"),
    "E25": _("Select how we should send the code"),
    "E26": _("Did you mean %(host)s after the @? Correct it, or continue if it is right as you typed it"),
    "E27": _("We send no text messages to this country or region. Get the code by email, or call us"),
    "E27b": _("We send no text messages to this country or region. Enter another number"),
    "E30": _("Enter the security code"),
    "E31": _("Security code must only include numbers"),
    "E32": _("Security code must be 6 numbers, you entered %(n)d"),
    "E33": _("That code is not correct. Check the latest message"),
    "E34": _("This code has expired. We have sent you a new one"),
    "E35": _("You entered the wrong code too many times. Get a new code after %(time)s"),
    "E36": _("You have asked for too many codes, whatever they were for. Try again after %(time)s"),
    "E36b": _("You have asked for too many codes to freeze or unfreeze a card. Try again after %(time)s"),
    "E36c": _(
        "You have asked for too many codes to freeze or unfreeze a card. Try again after %(time)s, or call %(phone)s"
    ),
    "E37": _("Select yes or no"),
    "E40": _("Enter a %(m)d-digit PIN"),
    "E41": _("PIN must be %(m)d digits"),
    "E42a": _("Do not use repeated numbers or a sequence"),
    "E42b": _("Do not use a line of keys on the keypad"),
    "E42c": _("Do not use a date"),
    "E42d": _("Do not use your birthday"),
    "E42e": _("Do not use digits from your ID, phone or card number"),
    "E43": _("The two PINs do not match. Enter them again"),
    "E44": _("Enter the PIN again"),
    "E38": _("Your account has this contact already. Enter another one"),
    "E45": _("Enter your current PIN"),
    "E46": _("That is not the PIN of this card. Enter all three again"),
    "E47": _("That is the PIN that you have. Choose another one"),
    "E50": _("Tick the box to agree before you activate"),
    "E60": _("Enter the last 4 digits of the card number"),
    "E61": _("Select what you want to do with this card"),
    "E61b": _("Select which card you mean"),
    "E61c": _("When you last used it must be %(m)d characters or less, you entered %(n)d"),
    "E62": _("Enter the last 4 digits of the card number, you entered %(n)d"),
    "E63": _("Enter the card number"),
    "E64": _("Card number must be %(m)d digits, you entered %(n)d"),
    "E64b": _("Check the card number against your card, it contains a mistake"),
    "E65": _("Enter a mobile number or email address"),
    "E66": _("Enter the mobile number or email address registered for the card"),
    "E67": _("You have continued this activation somewhere else"),
    "E68": _("This activation is more than 24 hours old. Start again"),
    "E69": _("To keep your card safe, choose your PIN again"),
    "E70": _("You have tried too many times. Try again after %(time)s or call us"),
    "E71": _("Enter your limit as an amount, like 500 or 99.50"),
    "E74": _("Five new PINs were chosen for this card within a day. Try again after %(time)s or call us"),
    "E75": _("Select whose card it is"),
    "E76": _("Select whose help you want to end"),
    "E77": _("Choose another hour for the end than for the beginning of the night"),
    "N1": _("If the details match our records, you will get a code within a few minutes"),
    "N2": _("You can send again after %(time)s"),
    "N3": _("If the details match our records, you will get an activation code within a few minutes"),
    "N4": _("Your alert settings are saved"),
    "N5": _("All alerts are marked as read"),
    "N6": _("We kept what you typed"),
    "N7": _("That device is signed out"),
    "N8": _("The new PIN was dropped. Your PIN is the one that you had"),
    "N9": _("Saved"),
    "N13": _(
        "A code was asked for less than a minute ago, perhaps for something else. "
        "You can ask for another one after %(time)s"
    ),
    "N11": _("The code was shown five times within a day. You can see it again after %(time)s, or call us"),
    "N12": _(
        "You have signed in since this page was opened, so nothing was sent. Look at it again, then send it once more"
    ),
    "N14": _("Codes, PINs and document numbers are not shown again. Enter yours once more"),
    "N10": _("The change was stopped. Your contact stays as it is"),
}


def _words(message_id: str, params: dict[str, Any]) -> str:
    values = {name: _told(message_id, name, value) for name, value in params.items()}
    left = values.pop("t", None) if message_id != "E09" else None
    # A value that is markup (a spoken mask) makes the sentence markup; the messages themselves hold no <, > or &.
    markup = any(isinstance(value, SafeString) for value in values.values())
    if markup:
        values = {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
    message = MESSAGES[message_id]
    words = capfirst(str(message % values if values else message))  # "Passport number must be ..."
    if left is not None and left <= FEW_TRIES:
        # Translators: two sentences in a row, e.g. "That code is not correct" and "You have 2 tries left".
        words = gettext("%(first)s. %(second)s") % {"first": words, "second": _words("E09", {"t": left})}
    return SafeString(words) if markup else words


def _told(message_id: str, name: str, value: Any) -> Any:
    if name == "doc":
        return DocumentType(value).label
    if name in ("host", "phone"):
        return digits(value)  # "163.com" would be turned round
    if not isinstance(value, datetime):
        return value
    if name == "d":
        return day(value, year=False)
    return clock(value, until=message_id in UNTIL, seconds=message_id in TO_THE_SECOND)


_lazy_words = lazy(_words, str)


def say(message_id: str, **params: Any) -> Any:
    """Give the sentence of an id, as a lazy string that speaks the language of the page it ends up in.

    A moment (aware datetime) among the values is told in the current time zone: its day where the value is `d`, else
    its time; `doc` is a DocumentType value; `t` is the number of tries left, told from 3 on.
    Raises KeyError for an id that is not in the catalogue.
    """
    if message_id not in MESSAGES:
        raise KeyError(message_id)
    return _lazy_words(message_id, params)


class Refusal(ValidationError):
    """A form error that remembers its id and values, so that it can be kept and told again in another language."""

    def __init__(self, message_id: str, **params: Any) -> None:
        super().__init__(say(message_id, **params), code=message_id)
        self.message_id = message_id
        self.values = params
