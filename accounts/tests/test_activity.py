"""What happened to one's cards and account is told in sentences, newest first, page by page."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from accounts import account_events, card_sentences, services
from accounts.account_events import record
from accounts.binding.joining import bind_card
from accounts.models import AccountEvent, CardBinding, User
from accounts.models.binding_codes import Whose
from accounts.tests.adding import a_card, asked, digits_of, helps
from accounts.tests.codes import ADDRESS
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.dimensions import Role, State, Via
from cards.events import Actor, record_event
from cards.models import Card, CardEvent
from cards.models.card_event import EventKind
from cards.moves import PAIRS, TABLE

pytestmark = pytest.mark.django_db
ACTIVITY = "/account/activity/"


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def browser(client: Client, user: User) -> Client:
    client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    AccountEvent.objects.all().delete()
    return client


def lines(browser: Client, query: str = "") -> list[str]:
    page = browser.get(f"{ACTIVITY}{query}").content.decode()
    rows = re.findall(r"<li><p>(.*?)</p>\s*</li>", page, re.DOTALL)
    return [html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))).strip() for row in rows]


def older(browser: Client, query: str) -> str:
    found = re.search(r'class="tap" href="(\?before=[0-9a-f-]+)"', browser.get(f"{ACTIVITY}{query}").content.decode())
    return found[1] if found else ""


def happens(card: Card, kind: EventKind, **more: Any) -> CardEvent:
    return record_event(card_id=card.pk, kind=kind, channel=Via.WEB, **{"actor": Actor.cardholder(), **more})


def test_cards_and_account_are_told_together_newest_first(browser: Client, user: User) -> None:
    card = CardBindingFactory.create(user=user).card
    services.freeze_card(card_id=card.pk, actor=Actor.cardholder(user.pk), channel=Via.WEB, reason="lost")
    record(user_id=user.pk, kind="session_ended", browser="Edge/Windows")
    agent = Actor.staff("7", Role.AGENT)
    services.unfreeze_card(card_id=card.pk, actor=agent, channel=Via.HOTLINE, reason="found")
    told = lines(browser)
    assert [line.split(" 20")[0].rsplit(" ", 2)[0] for line in told] == [
        "The card was unfrozen",
        "You signed out Edge on Windows",
        "The card was frozen",
    ]
    assert told[0].endswith(f"ending in {card.number_tail} By our staff")


def test_help_is_told_once_with_who_helps_and_that_from_before_the_card_joined_without(
    browser: Client, user: User
) -> None:
    card, actor = a_card(), Actor.cardholder()
    happens(card, EventKind.HELPER_ADDED)
    bind_card(card_id=card.pk, user_id=user.pk)
    asking = asked(UserFactory.create(phone="+8613900139001"), Whose.HELPED)
    helper = services.add_card(asked=asking, otp=digits_of(card, Whose.HELPED), address=ADDRESS)
    services.end_help(card_id=card.pk, helper_id=helper.pk, actor=actor, channel=Via.WEB)
    told = [line for line in lines(browser) if "help" in line]
    begun, ended = "139 **** 9001 may help with your card", "139 **** 9001 helps no longer with your card"
    assert [ended in told[0], begun in told[1], "Somebody may help" in told[-1]] == [True] * 3
    assert sum(words in line for line in told for words in (begun, ended, "Somebody")) == 3, told


@pytest.mark.parametrize(("actor", "by_staff"), [(Actor.staff("7", Role.AGENT), True), (Actor.cardholder(), False)])
def test_help_that_staff_ended_says_so_on_both_sides(
    browser: Client, user: User, actor: Actor, by_staff: bool
) -> None:
    card = a_card()
    bind_card(card_id=card.pk, user_id=user.pk)
    helping = UserFactory.create()
    helper = helps(helping, card)
    services.end_help(card_id=card.pk, helper_id=helper.pk, actor=actor, channel=Via.HOTLINE)
    told = lines(browser)[0]
    assert "helps no longer" in told and ("By our staff" in told) == by_staff
    theirs = Client(headers={"accept-language": "en"})
    theirs.force_login(helping, backend="accounts.backends.OneTimeCodeBackend")
    ended = next(line for line in lines(theirs) if "You no longer help" in line)
    assert ("By our staff" in ended) == by_staff


def test_pages_follow_each_other_without_a_gap_or_a_double(browser: Client, user: User) -> None:
    card = CardBindingFactory.create(user=user).card
    for n in range(25):
        happens(card, EventKind.CODE_ISSUED)
        record(user_id=user.pk, kind="denied", reference=f"R{n:02d}")
    seen, query = lines(browser), older(browser, "")
    for _page in range(2):
        seen, query = seen + lines(browser, query), older(browser, query)
    assert query == ""
    assert len(seen) == 50
    assert [line.split("Reference: R")[1][:2] for line in seen if "Reference" in line] == [
        f"{n:02d}" for n in reversed(range(25))
    ]


def test_what_is_no_page_is_the_first_one(browser: Client, user: User) -> None:
    record(user_id=user.pk, kind="signed_out_everywhere")
    assert len(lines(browser, "?before=nonsense")) == 1


def test_nothing_is_told_of_other_accounts_and_cards(browser: Client) -> None:
    other = CardBindingFactory.create()
    happens(other.card, EventKind.PIN_SET)
    record(user_id=other.user_id, kind="signed_out_everywhere")
    assert lines(browser) == []
    assert "Nothing has happened yet" in browser.get(ACTIVITY).content.decode()


def test_of_a_card_that_was_somebody_else_s_only_the_time_since_is_told(browser: Client, user: User) -> None:
    binding = CardBindingFactory.create()
    happens(binding.card, EventKind.PIN_SET)
    CardBinding.objects.filter(pk=binding.pk).update(ended_at=timezone.now())
    bind_card(card_id=binding.card_id, user_id=user.pk)
    happens(binding.card, EventKind.PIN_LOCKED)
    assert [line[:20] for line in lines(browser)] == ["The PIN was locked a", "The card was added t"]


def test_of_a_card_that_has_left_the_account_nothing_later_is_told(browser: Client, user: User) -> None:
    binding = CardBindingFactory.create(user=user, bound_at=timezone.now() - timedelta(days=1))
    happens(binding.card, EventKind.PIN_SET)
    CardBinding.objects.filter(pk=binding.pk).update(ended_at=timezone.now())
    happens(binding.card, EventKind.UNBOUND)
    happens(binding.card, EventKind.PIN_LOCKED)
    assert [line[:20] for line in lines(browser)] == ["The card was removed", "A new PIN took effec"]


def test_a_page_takes_as_many_queries_for_ten_cards_as_for_one(
    browser: Client, user: User, django_assert_num_queries: Any
) -> None:
    for more in (1, 9):
        for _card in range(more):
            happens(CardBindingFactory.create(user=user).card, EventKind.PIN_SET)
        browser.get(ACTIVITY)
        # session and its row, account, events of the account, alerts, cards, who had them before, and their events
        with django_assert_num_queries(8):
            browser.get(ACTIVITY)


def told(**event: Any) -> str:
    return str(card_sentences.sentence_of(CardEvent(**event)))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_event_that_can_be_has_a_sentence_of_its_own(language: str) -> None:
    with override(language):
        moves = {
            told(kind=EventKind.MOVED, from_state=start, to_state=to, reason=reason)
            for start, to in PAIRS
            for reason in {reason for row in TABLE if row.to == to for reason in row.reasons or ("mismatch",)}
        }
        kinds = {told(kind=kind) for kind in EventKind if kind != EventKind.MOVED}
        accounts = {str(words) for words in account_events._sentences.values()}
    every = moves | kinds | accounts
    raw = {str(value) for value in [*EventKind, *State, *account_events._sentences]}
    assert not any(code in words.split() for words in every for code in raw if "_" in code)
    assert all(len(words) > 3 for words in every)
    chinese = {words for words in every if re.search(r"[\u4e00-\u9fff]", words)}
    assert chinese == (every if language == "zh-hans" else set())
    assert len(kinds) == len(EventKind) - 1
