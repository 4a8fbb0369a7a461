"""What a person does with a browser beside filling in forms: keys, Back, Reload, two tabs, two presses, no scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from activation.models import ActivationAttempt, ActivationCode
from activation.tests.factories import issue
from activation.tests.worker import verify_all
from tests.browser.conftest import Show, send
from tests.browser.pages import PLACES, place_named
from tests.browser.pressing import press
from tests.browser.steps import card

PIN = "739146"
FORMS = [place for place in PLACES if place.wrong is not None]
WECHAT = (
    "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0 Mobile "
    "Safari/537.36 MicroMessenger/8.0.49 WeChat/arm64 NetType/WIFI Language/zh_CN"
)


def posts(page: Page) -> list[Request]:
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    return sent


@pytest.mark.parametrize("place", FORMS, ids=str)
def test_without_scripts_a_mistake_reaches_the_server_and_the_focus_the_summary(show: Show, place: object) -> None:
    page = show(place, "en", java_script_enabled=False)
    sent = posts(page)
    send(page, place)  # type: ignore[arg-type]
    assert len(sent) == 1
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.id") == "errors"


def test_reload_is_a_get_and_back_shows_the_form(show: Show) -> None:
    page = send(show(place_named("enter code"), "en"), place_named("enter code"))
    sent = posts(page)
    page.reload()
    expect(page.locator("#errors")).to_be_visible()
    press(page.get_by_role("link", name="No activation code"))
    page.go_back()
    assert page.locator("[name=code]").input_value() == "７391—026"
    page.go_forward()
    expect(page.locator("h1")).to_have_text("Get a new activation code")
    assert sent == []


def test_link_of_the_summary_shows_the_label_and_focuses_the_field(show: Show) -> None:
    page = send(
        show(place_named("enter code"), "en", viewport={"width": 390, "height": 400}), place_named("enter code")
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_code")).to_be_focused()
    expect(page.locator("label[for=id_code]")).to_be_in_viewport(ratio=1)


def test_changing_the_language_keeps_what_is_typed(show: Show) -> None:
    page = show(place_named("enter code"), "en")
    page.locator("[name=card_number]").fill("6200 0000")
    press(page.get_by_role("button", name="简体中文"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert page.locator("[name=card_number]").input_value() == "6200 0000"
    assert page.locator("#errors").count() == 0
    press(page.get_by_role("button", name="English"))
    assert page.locator("[name=card_number]").input_value() == "6200 0000"


def test_enter_in_a_field_submits_instead_of_changing_the_language(show: Show) -> None:
    page = show(place_named("sign in"), "en")
    page.locator("[name=ident]").press("Enter")
    page.locator("#errors").wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_pin_is_never_in_the_page_the_address_or_a_form_field_again(show: Show) -> None:
    page = show(place_named("choose pin"), "en")
    page.locator("[name=pin]").fill(PIN)
    page.locator("[name=pin2]").fill("111111")
    press(page.locator("#step .btn[type=submit]"))
    page.locator("#errors").wait_for()
    assert PIN not in page.content() + page.url
    assert [page.locator(f"[name={name}]").input_value() for name in ("pin", "pin2")] == ["", ""]


def test_pin_that_is_shown_is_hidden_again_when_it_is_sent(show: Show) -> None:
    page = show(place_named("choose pin"), "en")
    button = page.get_by_role("button", name="Show PIN")
    button.click()
    expect(page.locator("[name=pin]")).to_have_attribute("type", "text")
    expect(page.get_by_role("button", name="Hide PIN")).to_have_attribute("aria-pressed", "true")
    page.evaluate("document.getElementById('step').addEventListener('submit', event => event.preventDefault())")
    page.locator("#step .btn[type=submit]").click()
    expect(page.locator("[name=pin]")).to_have_attribute("type", "password")


def test_a_double_click_tries_a_wrong_code_once(show: Show, live_server: LiveServer) -> None:
    page = show(place_named("enter code"), "en")
    issue(held := card())
    for expected in (None, "You have 3 tries left"):
        page.locator("[name=card_number]").fill(held.number)
        page.locator("[name=code]").fill("000000")
        page.locator("#step .btn[type=submit]").dblclick()  # the second press ends the first one's way
        page.locator("#errors").wait_for()
        if expected:
            expect(page.locator("#errors")).to_contain_text(expected)


def test_a_second_tab_goes_on_with_the_same_attempt_and_the_first_one_follows(show: Show) -> None:
    first = show(place_named("confirm identity"), "en")
    second = first.context.new_page()
    second.goto(first.url)
    held = ActivationAttempt.objects.select_related("card").get().card
    for tab in (second, first):
        tab.locator("[name=name]").fill(held.holder_name)
        tab.locator("[name=idno]").fill(held.id_number)
        press(tab.locator("#step .btn[type=submit]"))
        expect(tab.locator("h1")).to_have_text("Confirm your contact details")
    assert ActivationAttempt.objects.count() == 1


def test_after_submission_back_leads_to_the_waiting_page(show: Show) -> None:
    page = show(place_named("submit"), "en")
    address = page.url
    page.locator("[name=agree]").check()
    press(page.locator("#step .btn[type=submit]"))
    expect(page.locator("h1")).to_have_text("Checking your details")
    page.goto(address)
    expect(page.locator("h1")).to_have_text("Checking your details")


def test_waiting_page_says_the_end_once_and_does_not_turn_itself(show: Show) -> None:
    page = show(place_named("wait"), "en")
    page.evaluate(
        """() => { window.said = []; new MutationObserver(() => window.said.push(
        document.querySelector('[role=status]').textContent)).observe(document.querySelector('[role=status]'),
        {childList: true, characterData: true, subtree: true}); }"""
    )
    page.wait_for_timeout(2500)
    verify_all()
    page.locator("[data-part=next] .btn:not(.sec)").wait_for()
    assert page.evaluate("window.said") == ["Your card is active."]
    assert page.title().startswith("Check finished")
    assert page.url.endswith("/wait/")


def test_counting_down_stands_outside_of_live_regions(show: Show) -> None:
    page = show(place_named("contact code"), "en")
    page.locator("summary").click()
    assert page.locator("#resend-count").inner_text().startswith("You can send again in ")
    assert page.evaluate("document.getElementById('resend-count').closest('[role=status], [aria-live]')") is None
    button = page.get_by_role("button", name="Send again")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.focus()
    expect(button).to_be_focused()


def test_in_the_browser_of_wechat_the_journey_looks_the_same_with_its_largest_text(show: Show) -> None:
    page = show(place_named("enter code"), "zh-hans", user_agent=WECHAT)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("a[href$='.pdf'], a[download]").count() == 0


VISIBLE = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  const seen = box.top >= 0 && box.bottom <= innerHeight + 1 && box.left >= -1 && box.right <= innerWidth + 1;
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const over = top && (e.contains(top) || top.contains(e));
  return {at: e.name || e.id || e.className || e.tagName, text: e.textContent.trim(), type: e.type || '',
    y: box.top + scrollY, main: !!e.closest('main'), seen, over: !!over};
}"""


def tab_to(page: Page, fits: Callable[[dict[str, object]], bool]) -> None:
    """Press Tab until a stop fits; each stop on the way is in view, with nothing over it, below the one before."""
    before = -1.0
    for _stop in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(VISIBLE)
        assert stop["seen"], str(stop)
        assert stop["over"], stop
        if stop["main"]:
            assert stop["y"] >= before - 1, f"{stop} comes after what is below it"
            before = stop["y"]
        if fits(stop):
            return
    raise AssertionError("no stop fits")


def type_in(page: Page, **answers: str) -> None:
    for name, value in answers.items():
        tab_to(page, lambda stop, name=name: stop["at"] == name)  # type: ignore[misc]
        page.keyboard.type(value)


def press_button(page: Page) -> None:
    tab_to(page, lambda stop: stop["type"] == "submit" and bool(stop["main"]))
    page.keyboard.press("Enter")


def test_a_lost_card_can_be_reported_without_scrolling(show: Show) -> None:
    page = show(place_named("start of all programmes"), "en", viewport={"width": 390, "height": 844})
    expect(page.get_by_role("main").get_by_role("link", name="Report a lost card")).to_be_in_viewport(ratio=1)


def test_the_whole_journey_by_keyboard_alone(show: Show) -> None:
    page = show(place_named("start of a programme"), "en")
    held = card()
    issue(held, "letter")
    tab_to(page, lambda stop: stop["text"] == "Start now")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Enter your activation code")
    type_in(page, card_number=held.number, code=ActivationCode.objects.get().derive())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Confirm your identity")
    type_in(page, name=held.holder_name, idno=held.id_number)
    press_button(page)
    expect(page.locator("h1")).to_have_text("Confirm your contact details")
    type_in(page, phone=held.phone, email=held.email)
    tab_to(page, lambda stop: stop["at"] == "via")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=via][value=email]")).to_be_checked()
    press_button(page)
    expect(page.locator("h1")).to_have_text("Enter the security code")
    attempt = ActivationAttempt.objects.get()
    type_in(page, otp=attempt.contact_codes.get().derive())
    press_button(page)
    expect(page.locator("h1")).to_have_text("Choose your card PIN")
    type_in(page, pin=PIN, pin2=PIN)
    press_button(page)
    expect(page.locator("h1")).to_have_text("Check your answers and activate your card")
    tab_to(page, lambda stop: stop["at"] == "agree")
    page.keyboard.press("Space")
    press_button(page)
    expect(page.locator("h1")).to_have_text("Checking your details")
    verify_all()
    page.locator("[data-part=next] .btn:not(.sec)").wait_for()
    tab_to(page, lambda stop: stop["text"] == "Continue")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your card is active")
