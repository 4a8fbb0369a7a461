"""What this room, and those below it, hold about somebody: why, and until when."""

from django.utils.translation import gettext_lazy as _

from accounts.held import rows as held_rows
from accounts.held.holdings import Holding, register
from accounts.models import (
    AccountEvent,
    CardBinding,
    CardHelper,
    Case,
    ContactChange,
    Device,
    LossCode,
    LossReport,
    PinReset,
    User,
    UserSession,
)
from cards.models import Card, CardEvent
from cards.models.pin import Pin
from messaging.models import Message


def register_all() -> None:
    """Have them told, in the order of the page."""
    days_90, a_year = _("90 days"), _("1 year after it ended")
    three_years = _("3 years after it ended")
    seven_years = _("7 years")
    to_object = _("So that you can object to something you did not do")
    for holding in (
        Holding(
            "account",
            _("Your account: mobile number, email address, language"),
            _("To sign you in, and to send you codes and notices"),
            _("until 7 days after you close the account"),
            held_rows.account,
            (User,),
        ),
        Holding(
            "contact_changes",
            _("Changes of your mobile number or email address"),
            _("So that a change that was not yours can be undone"),
            _("the old and the new contact until 7 days after the change"),
            held_rows.contact_changes,
            (ContactChange,),
        ),
        Holding(
            "cards",
            _("Your cards, and what the issuer registered for them: name, document, contacts"),
            _("To check that you are the cardholder and to keep the card safe"),
            _("as long as the card exists; that it was in your account, 7 years after it left"),
            held_rows.cards,
            (CardBinding, Card, Pin),
        ),
        Holding(
            "help_with_cards",
            _("Help with a card: where you help, and that somebody helps you"),
            _("So that helpers see what their holders let them see, and holders can end it"),
            a_year,
            held_rows.help_with_cards,
            (CardHelper,),
        ),
        Holding(
            "card_events",
            _("What was done with your cards, by whom and when"),
            to_object,
            seven_years,
            held_rows.card_events,
            (CardEvent,),
        ),
        Holding(
            "account_events",
            _("What happened to your account"),
            to_object,
            seven_years,
            held_rows.account_events,
            (AccountEvent,),
        ),
        Holding(
            "sessions",
            _("Where you signed in: browser, part of the network address, time"),
            _("So that you see whether somebody else was in your account"),
            a_year,
            held_rows.sessions,
            (UserSession,),
        ),
        Holding(
            "devices",
            _("Browsers that we know again"),
            _("To tell you when somebody signs in with a new one"),
            _("1 year after it was used last"),
            held_rows.devices,
            (Device,),
        ),
        Holding(
            "new_pins",
            _("When a new PIN was chosen"),
            to_object,
            a_year,
            held_rows.pin_resets,
            (PinReset,),
        ),
        Holding(
            "losses",
            _("Reports of lost cards"),
            to_object,
            _("3 years after it ended; that a card was lost, as long as the card exists"),
            held_rows.losses,
            (LossReport,),
        ),
        Holding(
            "cases",
            _("Where you told us that it was not you"),
            _("So that our staff can look into it"),
            three_years,
            held_rows.cases,
            (Case,),
        ),
        Holding(
            "codes",
            _("That security codes were sent and used, not their digits"),
            _("So that a code works once only"),
            days_90,
            held_rows.codes,
            (*held_rows.CODES, LossCode),
        ),
        Holding(
            "messages",
            _("That messages were sent to you, not what they said"),
            _("To see whether they arrive"),
            days_90,
            held_rows.messages,
            (Message,),
        ),
    ):
        register(holding)
