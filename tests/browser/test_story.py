"""The whole story in Chromium at the portal as deployed: a file of cards comes in, and its holders activate them.

What the gateways received is the only way to a code, as it is for a person.
"""

import csv
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PROGRAMME
from tests.browser.person import Person
from tests.browser.pressing import press
from tests.browser.stack import Stack

PIN = "739146"
SECONDS = 20
DIGITS = {6: re.compile(r"(?<!\d)\d{6}(?!\d)"), 12: re.compile(r"(?<!\d)\d{4} \d{4} \d{4}(?!\d)")}


def eventually(find: Callable[[], Any]) -> Any:
    """What is found within 20 seconds; the last look's error otherwise."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            return find()
        except (IndexError, StopIteration):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def texts(stack: Stack, phone: str, template: str) -> list[dict[str, Any]]:
    return [body for body in stack.sms.sent() if (body["to"], body["template"]) == (phone, template)]


def letters(stack: Stack, address: str) -> list[tuple[str, str]]:
    """Subject and text of each mail to an address."""
    return [(mail["Subject"], mail.get_content()) for mail in stack.mails.all() if mail["X-Envelope-To"] == address]


class Holder(Person):
    """A holder of a card of the demo's file, at a browser."""

    def __init__(self, stack: Stack, page: Page, language: str, channel: str) -> None:
        super().__init__(page, stack.address)
        self.stack, self.channel, self.language = stack, channel, language
        self.programme = PROGRAMME[language]
        folder = stack.installation.code / "demo" / "cards"
        with (folder / f"{self.programme}.csv").open(encoding="utf-8-sig", newline="") as file:
            fit = [
                row for row in csv.DictReader(file) if row["language"] == language and row["phone"] and row["email"]
            ]
        self.row = fit[0] if channel == "sms" else fit[-1]
        self.phone = f"+86{self.row['phone']}"
        self.contact = self.row["phone"] if channel == "sms" else self.row["email"]
        self.tail = self.row["card_number"][-4:]

    def code(self, kind: str, length: int) -> str:
        """Read the digits of the newest message of a kind, as soon as it is there."""
        if self.channel == "sms":
            text = eventually(lambda: texts(self.stack, self.phone, kind)[-1])["text"]
        else:
            subject = gettext("Your security code %(purpose)s") % {"purpose": pgettext("a code", "to sign in")}
            if kind == "activation_code":
                subject = gettext("Activation code for your card ending in %(tail)s") % {"tail": self.tail}
            text = eventually(
                lambda: [text for found, text in letters(self.stack, self.contact) if found == subject][-1]
            )
        return DIGITS[length].findall(text)[0]


@pytest.mark.parametrize(
    ("language", "channel", "scripts"),
    [("zh-hans", "sms", True), ("zh-hans", "email", False), ("en", "email", True), ("en", "sms", False)],
)
def test_a_card_of_a_file_becomes_active_and_is_seen_in_ones_account(
    stack: Stack, new_context: Callable[..., BrowserContext], language: str, channel: str, scripts: bool
) -> None:
    locale = {"zh-hans": "zh-CN", "en": "en-GB"}[language]
    page = new_context(java_script_enabled=scripts, locale=locale, viewport={"width": 390, "height": 844}).new_page()
    person = Holder(stack, page, language, channel)
    with translation.override(language):
        activate(person, scripts=scripts)
        assert_told_that_it_is_active(person)
        sign_in_and_out(person)


def activate(person: Holder, *, scripts: bool) -> None:
    page, row = person.page, person.row
    page.goto(f"{person.stack.address}/{person.programme}/")
    press(page.locator("main .btn"))
    if person.channel == "sms":
        assert_invited(person)
        press(page.get_by_role("link", name=gettext("No activation code, or has it expired?")))
        person.sends(card_number=row["card_number"], contact=row["phone"])
        person.sees("Check your messages")
        press(page.locator("main .btn"))
        assert page.locator("[name=card_number]").input_value() == row["card_number"]
    person.sees("Enter your activation code")
    length = 6 if person.channel == "sms" else 12
    person.sends(card_number=row["card_number"], code=person.code("activation_code", length))
    person.sees("Confirm your identity")
    person.sends(name=row["holder_name"], idno=row["id_number"])
    person.sees("Choose your card PIN")
    person.sends(pin=PIN, pin2=PIN)
    person.sees("Check your answers and activate your card")
    assert row["id_number"] not in page.content()
    page.locator("[name=agree]").check()
    person.sends()
    end = time.monotonic() + SECONDS
    onwards = page.locator("[data-part=next] .btn:not(.sec)")
    while not scripts and not onwards.count() and time.monotonic() < end:
        press(page.locator("main a.btn.sec"))
    onwards.wait_for(timeout=SECONDS * 1000)
    press(onwards)
    person.sees("Your card is active")
    assert person.tail in page.locator("main").inner_text()


def assert_invited(person: Holder) -> None:
    body = eventually(lambda: texts(person.stack, person.phone, "activation_invitation")[0])
    assert set(body) == {"channel", "to", "sender", "template", "params", "text", "language", "idempotency_key"}
    assert body["language"] == person.language
    assert body["params"]["tail"] == person.tail
    assert person.tail in body["text"]
    assert not DIGITS[6].search(body["text"])


def assert_told_that_it_is_active(person: Holder) -> None:
    """Both registered contacts are told, each once, in the holder's language."""
    body = eventually(lambda: texts(person.stack, person.phone, "card_active")[0])
    assert (body["language"], body["params"]["tail"]) == (person.language, person.tail)
    assert body["idempotency_key"]
    subject = gettext("Your card ending in %(tail)s is active") % {"tail": person.tail}
    mail = eventually(
        lambda: next(text for found, text in letters(person.stack, person.row["email"]) if found == subject)
    )
    assert person.tail in mail
    assert row_secrets(person, mail) == row_secrets(person, body["text"]) == []
    if person.language == "zh-hans":
        assert body["text"].startswith(f"【示例大学】您尾号 {person.tail} 的卡片已激活")
    else:
        assert f"your card ending in {person.tail} is active" in body["text"]


def row_secrets(person: Holder, text: str) -> list[str]:
    return [name for name in ("card_number", "id_number") if person.row[name] in text] + [PIN] * (PIN in text)


def sign_in_and_out(person: Holder) -> None:
    page = person.page
    press(page.locator("main .btn"))
    person.sees("Sign in")
    person.sends(ident=person.contact)
    person.sees("Enter the security code", "title")
    person.sends(otp=person.code("sign_in_code", 6))
    person.sees("My cards")
    expect(page.locator("section.card")).to_have_count(1)
    expect(page.locator("section.card h2")).to_contain_text(person.tail)
    expect(page.locator("section.card .tag.ok")).to_contain_text(gettext("Active"))
    press(page.locator("footer button[type=submit]").first)
    person.sees("Sign in")
    expect(page.locator(".notice")).to_have_text(gettext("You have signed out"))
    page.goto(f"{person.stack.address}/cards/")
    person.sees("Sign in")
