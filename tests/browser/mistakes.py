"""For every message of the catalogue, what a person does to be told it."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import time_machine
from django.utils import timezone

from activation.models import ActivationAttempt, ContactCode
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.journey import at_contact, at_contact_code, at_identity, at_pin, at_submit
from cards.tests.factories import CardFactory
from tests.browser import accounts, binding, losing, pins, signing_in, statements, steps, stopped
from tests.browser.steps import card, opened

ENTER_CODE = "/activate/enter-code/"


def entered(**answers: str) -> Browser:
    """Card number and code typed in at the programme's own address."""
    browser = opened(f"/campus{ENTER_CODE}")
    browser.fill(**{"card_number": "6200000000002604", "code": "048392", **answers})
    return browser


def identified(**answers: str) -> Browser:
    browser = at_identity(card())
    browser.fill(**{"name": "王小明", "idno": "110105194912310021", **answers})
    return browser


def by_passport(number: str) -> Browser:
    browser = steps.other_document()
    browser.send(f"{browser.at}?doc=passport", name="王小明", idno=number)
    return browser


def document(**answers: str) -> Browser:
    browser = steps.choose_document()
    browser.fill(**answers)
    return browser


def contacted(**answers: str) -> Browser:
    browser = at_contact(card())
    browser.fill(**{"phone": "", "email": "", **answers})
    return browser


def abroad() -> Browser:
    """The registered number is one that no text message goes to."""
    browser = at_contact(CardFactory.create(phone="+447911123456"))
    browser.fill(phone="+44 7911 123456", email="", via="sms")
    return browser


def confirmed(otp: str) -> Browser:
    browser = at_contact_code(card())
    browser.fill(otp=otp)
    return browser


def confirmed_late() -> Browser:
    """The right security code, when its ten minutes are over."""
    browser = at_contact_code(card())
    code = ContactCode.objects.get().derive()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        browser.fill(otp=code)
    return browser


def pin(first: str, second: str = "") -> Browser:
    browser = at_pin(card())
    browser.fill(pin=first, pin2=second or first)
    return browser


def without_consent() -> Browser:
    browser = at_submit(card())
    browser.fill()
    return browser


def lapsed_pin() -> Browser:
    browser = at_submit(card())
    ActivationAttempt.objects.update(pin_chosen_at=timezone.now() - timedelta(hours=1))
    browser.open(browser.at)
    return browser


def older_by(channel: str) -> Browser:
    held = card()
    first = issue(held, superseded_at=timezone.now())
    issue(held, channel)
    return stopped.entering(held.number, first.derive())


def asked(**answers: str) -> Browser:
    browser = opened("/code/new/")
    browser.fill(**{"card_number": "6200000000002604", "contact": "13800138000", **answers})
    return browser


def alert_settings(**answers: str) -> Browser:
    browser = statements.opened("/alerts/settings/")
    browser.fill(**answers)
    return browser


def all_alerts_read() -> Browser:
    browser = statements.alerts()
    browser.fill()
    return browser


# The ID number of the card of these walks (cards.tests.factories.resident_id) says 20 May 1967.
WALKS: Mapping[str, Callable[[], Browser]] = {
    "S1": lambda: entered(code=""),
    "S2": lambda: entered(code=""),
    "E01": lambda: entered(code=""),
    "E02": lambda: entered(code="73910264885O"),
    "E03": lambda: entered(code="7391026"),
    "E04": lambda: entered(code="739102648850"),
    "E05": lambda: entered(code="048392"),
    "E06": stopped.expired,
    "E07": lambda: stopped.entering(card().number, *["000000"] * 5),
    "E08": lambda: older_by("sms"),
    "E08b": lambda: older_by("letter"),
    "E09": lambda: stopped.entering(card().number, "000000", "000001"),
    "E10": lambda: identified(name=""),
    "E11": lambda: identified(name="王" * 101),
    "E12": lambda: identified(idno=""),
    "E13": lambda: identified(idno="1101051949123100"),
    "E14": lambda: identified(),
    "E15": stopped.too_young,
    "E16": lambda: by_passport(""),
    "E17": lambda: by_passport("AB1"),
    "E18": document,
    "E19": pins.without_programme,
    "E20": lambda: contacted(via="sms"),
    "E21": lambda: contacted(phone="123", via="sms"),
    "E22": lambda: contacted(phone="+999123", via="sms"),
    "E23": lambda: contacted(email="z@", via="email"),
    "E24": lambda: contacted(via="email"),
    "E24b": lambda: accounts.asked_for("email", ""),
    "E25": lambda: contacted(phone="13800138000", via="pigeon"),
    "E26": lambda: asked(contact="xiaoming@qq.con"),
    "E27": abroad,
    "E27b": lambda: accounts.asked_for("phone", "+44 7911 123456"),
    "E30": lambda: confirmed(""),
    "E31": lambda: confirmed("abcdef"),
    "E32": lambda: confirmed("04839"),
    "E33": lambda: confirmed("000000"),
    "E34": confirmed_late,
    "E35": stopped.security_code,
    "E36": stopped.sends,
    "E36b": lambda: losing.used_up("/lost/"),
    "E36c": lambda: losing.used_up("/campus/lost/"),
    "E37": pins.remind,
    "E38": lambda: accounts.asked_for("phone", "13800138042"),
    "E40": lambda: pin(""),
    "E41": lambda: pin("12345"),
    "E42a": lambda: pin("111111"),
    "E42b": lambda: pin("147258"),
    "E42c": lambda: pin("920317"),
    "E42d": lambda: pin("670520"),
    "E42e": lambda: pin("002604"),
    "E43": lambda: pin("739146", "739147"),
    "E44": lambda: pin("739146", " "),
    "E45": lambda: pins.wrong_old(""),
    "E46": pins.wrong_old,
    "E47": pins.same_pin,
    "E50": without_consent,
    "E60": lambda: losing.whose(tail="", contact="13800138000"),
    "E61": lambda: losing.undecided(),
    "E61b": lambda: losing.unchosen(),
    "E61c": lambda: losing.told_what("block", last_used="x" * 101),
    "E62": lambda: losing.whose(tail="26", contact="13800138000"),
    "E63": lambda: entered(card_number=""),
    "E64": lambda: entered(card_number="620000"),
    "E64b": lambda: entered(card_number="9900000000002604"),
    "E65": lambda: asked(contact=""),
    "E66": lambda: contacted(phone="13900139000", via="sms"),
    "E67": stopped.elsewhere,
    "E68": stopped.closed,
    "E69": lapsed_pin,
    "E70": stopped.mismatches,
    "E71": lambda: alert_settings(limit="much"),
    "E74": pins.too_many,
    "E75": lambda: binding.undecided(tail="2604", contact="13800138000"),
    "E76": lambda: binding.undecided("helpers/"),
    "E77": lambda: alert_settings(limit="500", night_from="3", night_until="3", many="5"),
    "N1": lambda: signing_in.asked(signing_in.PHONE),
    "N2": steps.sent_again,
    "N3": steps.asked_for_code,
    "N4": lambda: alert_settings(limit="500", night_from="0", night_until="6", many="5"),
    "N5": all_alerts_read,
    "N6": signing_in.came_back,
    "N7": signing_in.signed_out_there,
    "N8": pins.dropped,
    "N9": lambda: pins.remind(remind="no"),
    "N10": accounts.change_stopped,
    "N11": accounts.shown_too_often,
    "N12": signing_in.signed_in_again_elsewhere,
    "N13": steps.asked_too_early,
    "N14": lambda: entered(_big="1"),
}
