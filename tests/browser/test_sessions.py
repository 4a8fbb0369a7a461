"""Two browsers of one account in Chromium: one signs the other out, what that one typed is kept, and both are told."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import translation
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts import code_requests
from accounts.loss.not_me import token_of
from accounts.models import ContactChange, SignInCode, User
from accounts.tests.factories import UserFactory
from messaging.models import Message
from tests.browser.conftest import PHONE
from tests.browser.person import WAYS, Person
from tests.browser.pressing import press
from vault.models import Counter


class Holder(Person):
    """Somebody with an account, at one browser of theirs."""

    def __init__(self, page: Page, address: str, user: User) -> None:
        super().__init__(page, address)
        self.user = user

    def signs_in(self) -> None:
        """From the sign-in page, with the code that comes."""
        Counter.objects.all().delete()  # as if a minute had passed since the last code
        self.sends(ident=self.user.email)
        self.sees("Enter the security code", "title")
        code_requests.answer_waiting()
        self.sends(otp=SignInCode.objects.unfinished().get(user=self.user).derive())


@pytest.fixture(params=WAYS)
def browsers(
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    transactional_db: None,
    new_context: Callable[..., BrowserContext],
) -> Iterator[list[Holder]]:
    """Two of one account, in each language, with JavaScript and without."""
    language, script = request.param.split()
    user = UserFactory.create(language=language)
    with translation.override(language):
        people = []
        for _browser in range(2):
            context = new_context(**PHONE, java_script_enabled=script == "js")
            context.add_cookies([{"name": "lang", "value": language, "url": live_server.url}])
            people.append(Holder(context.new_page(), live_server.url, user))
        yield people


def test_one_signs_the_other_out_and_what_was_typed_there_is_kept(browsers: list[Holder]) -> None:
    mine, other = browsers
    for person in browsers:
        person.opens("/account/devices/")
        person.signs_in()
        person.sees("Where you are signed in", "title")
    assert Message.objects.filter(kind="new_device").count() == 4

    other.opens("/account/phone/")
    other.page.locator("#step [name=contact]").fill("13912345750")
    mine.opens("/account/devices/")
    press(mine.page.locator("button[name=end]"))
    mine.reads("That device is signed out")

    other.sends()
    other.reads("You have been signed out. Sign in to go on: we keep what you typed")
    other.signs_in()
    other.reads("We kept what you typed")
    expect(other.page.locator("#step [name=contact]")).to_have_value("13912345750")
    assert not ContactChange.objects.exists()

    mine.opens("/account/activity/")
    mine.sees("Activity", "title")
    expect(mine.page.locator(".log li")).to_have_count(4)

    notice = Message.objects.filter(kind="new_device").latest("pk")
    mine.opens(f"/not-me/{token_of(notice.pk)}/")
    mine.sends()
    mine.sees("We have stopped it")
    for person in browsers:
        person.opens("/cards/")
        person.sees("Sign in")
