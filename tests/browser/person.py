"""Somebody at a phone, in one language, with JavaScript or without, who plays a whole journey."""

from typing import Any

from django.test import Client
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.pressing import press

WAYS = ("zh-hans js", "zh-hans no-js", "en js", "en no-js")


class Person:
    """`pages` counts the pages that were loaded."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.pages = page, address, 0
        page.on("load", lambda _page: self.count())

    def count(self) -> None:
        self.pages += 1

    def is_signed_in(self, user: User) -> None:
        client = Client()
        client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
        kept: Any = [{"name": name, "value": one.value, "url": self.address} for name, one in client.cookies.items()]
        self.page.context.add_cookies(kept)

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def follows(self, ending: str, within: str = "main") -> None:
        """Press the link whose address ends so."""
        press(self.page.locator(f"{within} a[href$='{ending}']").first)

    def sends(self, **answers: str) -> None:
        for name, value in answers.items():
            field = self.page.locator(f"#step [name={name}]")
            if field.first.get_attribute("type") == "radio":
                self.page.locator(f"#step [name={name}][value={value}]").check()
            else:
                field.fill(value)
        press(self.page.locator("#step .btn[type=submit]"))

    def sees(self, heading: str, context: str = "") -> None:
        expect(self.page.locator("h1")).to_have_text(pgettext(context, heading) if context else gettext(heading))

    def reads(self, words: str) -> None:
        """Find these words, which are English here and in the person's language there, on the page."""
        expect(self.page.locator("main")).to_contain_text(gettext(words))
