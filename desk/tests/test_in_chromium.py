"""The stock admin and our pages of it, under our Content-Security-Policy, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import StaffFactory
from cards.models import Card, CardEvent
from cards.tests.factories import CardFactory, ProgrammeFactory
from desk.tests.conftest import staff_as
from desk.tests.pages import list_of, page_of, tell_story
from tests.browser.pressing import press

PASSWORD = "correct horse battery staple"
LIST_PAGE_KIB = 250


def signed_in_page(context: BrowserContext, server: LiveServer) -> tuple[Page, list[str]]:
    """A page of a superuser who typed their password, and what the browser complained of."""
    StaffFactory.create(username="boss", is_superuser=True)
    page, complaints = context.new_page(), []
    page.on(
        "console",
        lambda said: complaints.append(f"{said.text} {said.location}") if said.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{server.url}/admin/")
    page.get_by_label("Username").fill("boss")
    page.get_by_label("Password").fill(PASSWORD)
    press(page.get_by_role("button", name="Log in"))
    return page, complaints


@pytest.mark.django_db(transaction=True)
def test_every_page_obeys_the_policy(live_server: LiveServer, new_context: Callable[..., BrowserContext]) -> None:
    story = tell_story()
    page, complaints = signed_in_page(new_context(), live_server)
    addresses = ["/admin/", "/admin/cards/programme/add/", "/admin/password_change/"]
    addresses += [*map(list_of, story.rows), *map(page_of, story.rows)]
    somebody = page_of(staff_as("agent")).replace("accounts/user", "desk/staff")
    addresses += ["/admin/desk/staff/", "/admin/desk/staff/add/", somebody, somebody.replace("change", "password")]
    addresses += [f"{page_of(story.card).replace('change/', 'do')}/{slug}/" for slug in ("send-code", "terminate")]
    for address in addresses:
        answer = page.goto(f"{live_server.url}{address}")
        assert answer is not None and answer.status == 200, address
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert complaints == [], address


@pytest.mark.django_db(transaction=True)
def test_inline_style_would_be_complained_of(
    live_server: LiveServer, new_context: Callable[..., BrowserContext]
) -> None:
    page, complaints = signed_in_page(new_context(), live_server)
    with page.expect_console_message():
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    assert any("style" in said for said in complaints)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True, False])
def test_card_is_found_and_frozen(
    live_server: LiveServer, new_context: Callable[..., BrowserContext], javascript: bool
) -> None:
    card = CardFactory.create(number="6200987612345678", state="active")
    page, complaints = signed_in_page(new_context(java_script_enabled=javascript), live_server)
    page.get_by_label("Find a card").fill("6200 9876 1234 5678")
    press(page.get_by_role("button", name="Search"))
    assert "6200987612345678" not in page.url
    press(page.get_by_role("link", name="Freeze card"))
    page.get_by_role("button", name="Freeze the card").click()
    expect(page.get_by_text("Nothing was done yet.")).to_be_visible()
    page.get_by_label("Reason").select_option("stolen")
    page.get_by_role("button", name="Freeze the card").click()
    expect(page.get_by_text("The card is frozen.")).to_be_visible()
    assert (Card.objects.get().state, CardEvent.objects.get(card=card).reason) == ("suspended", "stolen")
    assert complaints == []


@pytest.mark.django_db(transaction=True)
def test_list_page_is_light(live_server: LiveServer, new_context: Callable[..., BrowserContext]) -> None:
    programme = ProgrammeFactory.create()
    for _card in range(60):
        CardFactory.create(programme=programme)
    page, _complaints = signed_in_page(new_context(), live_server)
    finished: list[Request] = []
    cold = new_context(storage_state=page.context.storage_state()).new_page()
    cold.on("requestfinished", lambda request: finished.append(request))
    cold.goto(f"{live_server.url}{list_of(Card)}", wait_until="networkidle")
    sizes = [request.sizes() for request in finished]
    carried = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert len(finished) > 5
    assert carried <= LIST_PAGE_KIB * 1024, f"{carried} bytes in {len(finished)} answers"
