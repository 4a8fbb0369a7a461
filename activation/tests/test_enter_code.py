"""The door: what opens it, what does not, and what each person is told."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from activation.limits import CODE_TRIES
from activation.models import ActivationAttempt, ActivationCode
from activation.tests.browser import Browser
from activation.tests.factories import issue
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card
from cards.states import move
from cards.tests.factories import CardFactory
from vault import limits

pytestmark = pytest.mark.django_db
WRONG = "Card number or activation code does not match our records"


def enter(card_number: str, code: str, browser: Browser | None = None) -> Browser:
    browser = browser or Browser()
    browser.open("/activate/enter-code/")
    browser.fill(card_number=card_number, code=code)
    return browser


def tries(card: Card) -> int:
    return limits.peek(CODE_TRIES, card.number).tries


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_right_code_opens_the_attempt_and_costs_no_try() -> None:
    card = CardFactory.create()
    browser = enter(card.number, issue(card, "sms").derive())
    assert browser.at.endswith("/confirm-identity/")
    assert tries(card) == 0


@pytest.mark.parametrize(
    "typed", ["{0}—{1}-{2}", "{0} {1}\n{2}", "【示例】激活码 {0}{1}{2}，请勿告诉他人", "\u200b{0}{1}{2}\u200e"]
)
def test_a_code_is_read_however_it_is_written(typed: str) -> None:
    card = CardFactory.create()
    code = issue(card).derive()
    full_width = str.maketrans("0123456789", "０１２３４５６７８９")
    browser = enter(card.number.translate(full_width), typed.format(code[:4], code[4:8], code[8:]))
    assert browser.at.endswith("/confirm-identity/"), browser.text


def test_a_mistyped_code_of_12_digits_is_told_and_costs_no_try() -> None:
    card = CardFactory.create()
    code = issue(card).derive()
    typo = code[:-1] + str((int(code[-1]) + 1) % 10)
    browser = enter(card.number, typo)
    assert "Check the activation code against your email or envelope" in browser.text
    assert typo in browser.text
    assert tries(card) == 0


def test_a_wrong_code_is_asked_for_again_and_counted_and_tells_the_tries_left_from_three_on() -> None:
    card = CardFactory.create()
    code = issue(card, "sms").derive()
    browser = Browser()
    for left in (4, 3, 2, 1):
        enter(card.number, other_than(code), browser)
        assert WRONG in browser.text
        assert ("You have" in browser.text) is (left <= 3)
        assert tries(card) == 5 - left
    assert not ActivationAttempt.objects.exists()


def test_the_fifth_wrong_code_locks_and_then_the_right_one_meets_the_lock_that_names_its_end() -> None:
    card = CardFactory.create()
    code = issue(card, "letter").derive()
    wrong = issue(CardFactory.create(), "letter").derive()
    browser = Browser()
    seen = [enter(card.number, wrong, browser).at for _try in range(5)]
    assert seen == ["/activate/enter-code/"] * 4 + ["/activate/stopped/"]
    assert "Too many tries. Try again after" in browser.text
    enter(card.number, code, browser)
    assert "Too many tries. Try again after" in browser.text
    assert code not in browser.text
    assert not ActivationAttempt.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        enter(card.number, code)
        assert ActivationAttempt.objects.count() == 1


def test_a_new_code_or_a_new_session_resets_no_counter() -> None:
    card = CardFactory.create()
    code = issue(card, "sms")
    for _try in range(4):
        enter(card.number, other_than(code.derive()))
    ActivationCode.objects.filter(card=card).supersede(timezone.now())
    newer = issue(card, "sms")
    browser = enter(card.number, other_than(newer.derive()))
    assert "Too many tries. Try again after" in browser.text
    assert "Try again after" in enter(card.number, newer.derive()).text


def test_a_doubled_press_of_a_wrong_code_counts_once() -> None:
    card = CardFactory.create()
    code = other_than(issue(card, "sms").derive())
    browser = enter(card.number, code)
    browser.open("/activate/enter-code/")
    answers = {"card_number": card.number, "code": code, "form_token": "of-one-page"}
    first = browser.send("/activate/enter-code/", **answers)
    second = browser.send("/activate/enter-code/", **answers)
    assert tries(card) == 2
    assert first.status_code == second.status_code == 200


def test_wrong_revoked_foreign_and_unknown_are_told_the_same() -> None:
    card, second, foreign, revoked = (CardFactory.create() for _card in range(4))
    issue(card, "sms")
    was_good = issue(revoked, "sms", revoked_at=timezone.now()).derive()
    told = set()
    for number, code in (
        (card.number, other_than(ActivationCode.objects.get(card=card).derive())),
        (second.number, issue(foreign, "sms").derive()),
        (revoked.number, was_good),
        ("6299999999999999", "123456"),
    ):
        browser = enter(number, code)
        text = browser.text.replace(number, "").split("<main")[1]
        told.add((browser.page.status_code, text.split('name="form_token"')[0].split("csrf")[0]))
    assert len(told) == 1
    assert WRONG in told.pop()[1]


def test_an_expired_code_is_told_with_the_day_and_a_way_on() -> None:
    card = CardFactory.create()
    code = issue(card, "sms", at=timezone.now() - timedelta(minutes=11))
    browser = enter(card.number, code.derive())
    assert "This activation code expired on" in browser.text
    assert "Send a new code" in browser.text
    assert not ActivationAttempt.objects.exists()
    assert tries(card) == 0


def test_an_older_code_is_told_where_the_current_one_went() -> None:
    card = CardFactory.create()
    older = issue(card, "sms").derive()
    ActivationCode.objects.filter(card=card).supersede(timezone.now())
    issue(card, "email")
    browser = enter(card.number, older)
    assert "That is an older code. The current one was sent to <bdi" in browser.text
    assert ">h***@example.com</bdi>" in browser.text


def test_the_code_of_an_active_card_leads_to_signing_in() -> None:
    card = CardFactory.create(state="active")
    code = issue(card, consumed_at=timezone.now())
    assert "This card is already active" in enter(card.number, code.derive()).text


def test_terminating_the_card_kills_its_code_at_once() -> None:
    card = CardFactory.create()
    code = issue(card)
    move(card_id=card.pk, to=State.TERMINATED, actor=Actor.issuer(), channel=Via.ADMIN, reason="lost")
    assert WRONG in enter(card.number, code.derive()).text


def test_changing_the_record_kills_the_code_sent_for_the_older_one() -> None:
    card = CardFactory.create()
    code = issue(card)
    Card.objects.filter(pk=card.pk).update(record_version=2)
    assert WRONG in enter(card.number, code.derive()).text


def test_the_same_code_goes_on_with_the_attempt_on_another_device_and_past_its_own_expiry() -> None:
    card = CardFactory.create()
    code = issue(card, "sms")
    first = enter(card.number, code.derive())
    first.fill(name=card.holder_name, idno=card.id_number)
    with time_machine.travel(timezone.now() + timedelta(minutes=15)):
        second = enter(card.number, code.derive())
        assert second.at.endswith("/choose-pin/")
        first.open(second.at)
        assert "You have continued this activation somewhere else" in first.text
    assert ActivationAttempt.objects.get().seats_given == 2


def test_a_newer_code_goes_on_with_the_same_attempt() -> None:
    card = CardFactory.create()
    enter(card.number, issue(card, "sms").derive())
    ActivationCode.objects.filter(card=card).supersede(timezone.now())
    enter(card.number, issue(card, "email").derive())
    assert ActivationAttempt.objects.get().code.channel == "email"


def test_two_cards_in_one_browser_do_not_mix() -> None:
    browser, cards = Browser(), [CardFactory.create() for _card in range(2)]
    places = []
    for card in cards:
        enter(card.number, issue(card).derive(), browser)
        places.append(browser.at)
    for card, place in zip(cards, places, strict=True):
        browser.open(place)
        browser.fill(name=card.holder_name, idno=card.id_number)
    by_card = {attempt.card_id: attempt.identity["id_number"] for attempt in ActivationAttempt.objects.all()}
    assert by_card == {card.pk: card.id_number for card in cards}


def test_a_code_of_another_programme_is_not_accepted_under_this_ones_address() -> None:
    card = CardFactory.create(programme__code="campus")
    other = CardFactory.create(programme__code="transit")
    code = issue(other, "sms").derive()
    browser = Browser()
    browser.open(f"/{card.programme.code}/activate/enter-code/")
    browser.send(f"/{card.programme.code}/activate/enter-code/", card_number=other.number, code=code)
    assert WRONG in browser.text


def test_a_browser_left_alone_for_20_minutes_forgets_the_attempt_and_the_code_leads_back_to_it() -> None:
    card = CardFactory.create()
    code = issue(card)
    browser = enter(card.number, code.derive())
    place = browser.at
    with time_machine.travel(timezone.now() + timedelta(minutes=19)):
        assert browser.open(place).status_code == 200
        assert browser.at == place
    with time_machine.travel(timezone.now() + timedelta(minutes=40)):
        browser.open(place)
        assert "This activation is not open in this browser" in browser.text
        assert enter(card.number, code.derive(), browser).at == place
