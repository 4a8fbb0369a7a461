"""Somebody looks after a card for its holder, who agrees, is told, and can end it."""

import re
from dataclasses import replace

import pytest
from django.utils import timezone, translation

from accounts import services
from accounts.loss.not_me import token_of
from accounts.models import CardBinding, CardHelper, Case, User
from accounts.models.binding_codes import Whose
from accounts.models.cases import Done
from accounts.refusals import CodeNotAccepted
from accounts.tests.adding import a_card, asked, asks, digits_of, helps, signed_in
from accounts.tests.codes import ADDRESS
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.losing import state_of
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card, CardEvent
from cards.models.card_event import EventKind
from cards.tests.factories import ProgrammeFactory
from messaging.kinds import kind_named
from messaging.models import Message
from messaging.rendering import render
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    bound: Card = CardBindingFactory.create(card=a_card()).card
    return bound


@pytest.fixture
def child() -> User:
    person: User = UserFactory.create(phone="+8613900139000")
    return person


def agreed(child: User, card: Card) -> Browser:
    """The helper asks, the holder reads the message and tells the code."""
    browser = asks(signed_in(child), Whose.HELPED)
    browser.fill(otp=digits_of(card, Whose.HELPED))
    return browser


def live(card: Card) -> list[User]:
    return [one.user for one in CardHelper.objects.live().filter(card=card).order_by("place")]


def said(message: Message, language: str) -> str:
    message.language = language
    kind = kind_named(message.kind)
    with translation.override(language):
        envelope = kind.build(message) if kind else None
        assert envelope is not None
        return render(message, envelope).text


def test_a_helper_helps_once_the_holder_has_told_them_the_code(card: Card, child: User) -> None:
    browser = agreed(child, card)
    assert browser.at == "/cards/"
    assert "You can help with the card now" in browser.text
    assert live(card) == [child]
    assert CardBinding.objects.live().get(card=card).user != child
    assert CardEvent.objects.filter(card=card, kind=EventKind.HELPER_ADDED, actor_id=str(child.pk)).count() == 1


def test_a_card_that_is_in_no_account_can_be_helped_with_too(child: User) -> None:
    card = a_card()
    agreed(child, card)
    assert live(card) == [child]


@pytest.mark.parametrize(
    ("language", "contact", "words"),
    [
        (
            "en",
            "13800138000",
            ["139 **** 9000", "2604", "see its status, balance and payments, and freeze it", "No PIN"],
        ),
        (
            "en",
            "xiaoming@example.com",
            ["139 **** 9000", "could not change its PIN", "You can end it at any time"],
        ),
        ("zh-hans", "13800138000", ["139 **** 9000", "查看状态、余额和明细", "挂失", "不能改密码", "不同意"]),
        ("zh-hans", "xiaoming@example.com", ["139 **** 9000", "不能更改密码", "随时可以结束协助"]),
    ],
)
def test_the_message_says_who_asks_for_what_before_anybody_agrees(
    card: Card, child: User, language: str, contact: str, words: list[str]
) -> None:
    asks(signed_in(child), Whose.HELPED, contact=contact)
    text = said(Message.objects.get(kind="consent_code"), language)
    for one in [*words, digits_of(card, Whose.HELPED)]:
        assert one in text


def test_a_fixed_text_says_it_too_with_one_variable(child: User) -> None:
    card = a_card(programme=ProgrammeFactory.create(code="campus", fixed_text_sms=True))
    asks(signed_in(child), Whose.HELPED)
    text = said(Message.objects.get(kind="consent_code"), "zh-hans")
    for one in ("同意他人协助", "查看状态、余额和明细", "不能改密码", digits_of(card, Whose.HELPED)):
        assert one in text


@pytest.mark.parametrize(("whose", "other"), [(Whose.OWN, Whose.HELPED), (Whose.HELPED, Whose.OWN)])
def test_a_code_for_the_one_does_nothing_for_the_other(child: User, whose: Whose, other: Whose) -> None:
    card = a_card()
    typed = asked(child, whose)
    digits = digits_of(card, whose)
    with pytest.raises(CodeNotAccepted):
        services.add_card(asked=replace(typed, whose=other), otp=digits, address=ADDRESS)
    assert not CardHelper.objects.exists()
    assert not CardBinding.objects.exists()
    services.add_card(asked=typed, otp=digits, address=ADDRESS)


def test_the_holder_is_told_at_every_contact_and_so_is_the_helper(card: Card, child: User) -> None:
    agreed(child, card)
    for kind, whose, english, chinese in (
        ("helper_added", card, "139 **** 9000 may help with the card", "139 **** 9000 可以协助尾号 2604 的卡"),
        ("helping_begun", child, "ou can help with the card", "您可以协助尾号 2604 的卡"),
    ):
        told = Message.objects.filter(kind=kind)
        assert {message.contact_index for message in told} == {whose.phone_index, whose.email_index}
        for message in told:
            for language, words in (("en", english), ("zh-hans", chinese)):
                assert words in said(message, language)
                assert f"/not-me/{token_of(message.pk)}/" in said(message, language)


def test_the_helpers_own_link_ends_the_help_and_freezes_no_card(card: Card, child: User) -> None:
    agreed(child, card)
    notice = Message.objects.filter(kind="helping_begun").latest("pk")
    browser = Browser()
    browser.open(f"/not-me/{token_of(notice.pk)}/")
    assert "freeze" not in browser.text.split("<main")[1].split("</main")[0]
    browser.fill()
    card.refresh_from_db()
    case = Case.objects.get()
    assert (live(card), card.state, case.card, case.user) == ([], State.ACTIVE, None, child)
    assert Done.CHANGE_UNDONE in case.done


def test_the_holder_ends_it_from_the_link_of_the_notice(card: Card, child: User) -> None:
    agreed(child, card)
    notice = Message.objects.filter(kind="helper_added", channel="sms", to_masked="138 **** 8000").get()
    browser = Browser()
    browser.open(f"/not-me/{token_of(notice.pk)}/")
    browser.fill()
    assert live(card) == []
    assert Case.objects.get().done == [Done.CHANGE_UNDONE, Done.CARD_FROZEN]


def test_the_holder_ends_it_from_their_account(card: Card, child: User) -> None:
    helper = helps(child, card)
    browser = signed_in(CardBinding.objects.get(card=card).user, f"/cards/{card.pk}/")
    assert "139 **** 9000" in browser.text
    browser.open(f"/cards/{card.pk}/helpers/")
    browser.fill(who=str(helper.pk))
    assert (browser.at, live(card)) == (f"/cards/{card.pk}/", [])
    assert "The help has ended" in browser.text
    assert CardEvent.objects.filter(card=card, kind=EventKind.HELPER_ENDED).count() == 1
    told = set(Message.objects.filter(kind__endswith="_ended").values_list("kind", "contact_index"))
    assert {("helper_ended", card.phone_index), ("helping_ended", child.phone_index)} < told


def test_help_with_another_card_is_not_the_holders_to_end(card: Card, child: User) -> None:
    other = helps(child, CardBindingFactory.create().card)
    browser = signed_in(CardBinding.objects.get(card=card).user, f"/cards/{card.pk}/helpers/")
    browser.send(f"/cards/{card.pk}/helpers/", who=str(other.pk))
    assert CardHelper.objects.live().filter(pk=other.pk).exists()


def test_a_helper_stops_helping(card: Card, child: User) -> None:
    helps(child, card)
    browser = signed_in(child, f"/cards/{card.pk}/stop-helping/")
    browser.fill()
    assert (browser.at, live(card)) == ("/cards/", [])


def test_the_holder_has_nothing_to_stop(card: Card) -> None:
    browser = signed_in(CardBinding.objects.get(card=card).user)
    assert browser.open(f"/cards/{card.pk}/stop-helping/").status_code == 404


def test_a_helper_freezes_the_card_and_the_rest_is_the_holders(card: Card, child: User) -> None:
    helps(child, card)
    browser = signed_in(child, f"/cards/{card.pk}/lost/")
    assert "Only the cardholder can unfreeze it" in browser.text
    assert "we ask you then" not in browser.text
    browser.fill()
    assert (state_of(card), browser.at) == (State.SUSPENDED, f"/cards/{card.pk}/")
    assert "The card is frozen" in browser.text
    assert "Frozen, the cardholder can unfreeze it until" in browser.text
    for path in ("/lost/done/", "/lost/replace/"):
        browser.open(path)
        assert browser.at == "/lost/"


def test_of_several_helpers_the_holder_is_told_who_froze_the_card(card: Card, child: User) -> None:
    owner = CardBinding.objects.get(card=card).user
    for place, user in enumerate((UserFactory.create(phone="+8613700137000"), child), start=1):
        helps(user, card, place)
    signed_in(child, f"/cards/{card.pk}/lost/").fill()
    history = signed_in(owner, "/account/activity/").text
    assert re.search(r"The card was frozen.*?By [^B]*>139 \*\*\*\* 9000</bdi>,</span> who helps", history, re.DOTALL)
    notice = Message.objects.get(kind="card_frozen", channel="email")
    assert "This was done by 139 **** 9000, who helps with the card." in said(notice, "en")
    assert "操作人是协助您用卡的 139 **** 9000。" in said(notice, "zh-hans")


def test_what_the_holder_or_nobody_known_froze_names_no_helper(card: Card, child: User) -> None:
    helps(child, card)
    owner = CardBinding.objects.get(card=card).user
    for actor in (Actor.cardholder(owner.pk), Actor.cardholder()):
        services.freeze_card(card_id=card.pk, actor=actor, channel=Via.WEB, reason="lost")
        notice = Message.objects.filter(kind="card_frozen", channel="email").latest("pk")
        assert "helps with the card" not in said(notice, "en")
        services.unfreeze_card(card_id=card.pk, actor=Actor.cardholder(), channel=Via.WEB, reason="found")
    assert "who helps" not in signed_in(owner, "/account/activity/").text


def test_three_people_help_and_no_more(card: Card, child: User) -> None:
    for place in (1, 2, 3):
        helps(UserFactory.create(), card, place)
    browser = agreed(child, card)
    assert "Nobody else can help with this card" in browser.text
    assert len(live(card)) == 3


def test_the_place_of_who_has_ended_is_free_again(card: Card, child: User) -> None:
    helpers = [helps(UserFactory.create(), card, place) for place in (1, 2, 3)]
    CardHelper.objects.filter(pk=helpers[1].pk).update(ended_at=timezone.now())
    agreed(child, card)
    assert live(card)[1] == child


def test_the_holder_needs_no_help_with_their_own_card(card: Card) -> None:
    browser = agreed(CardBinding.objects.get(card=card).user, card)
    assert "This card is already in your account" in browser.text
    assert live(card) == []


def test_removing_the_card_takes_two_pages_and_ends_all_help(card: Card, child: User) -> None:
    helps(child, card)
    user = CardBinding.objects.get(card=card).user
    browser = signed_in(user, f"/cards/{card.pk}/remove/")
    assert "Nobody can help with it any more either" in browser.text
    assert CardBinding.objects.live().filter(card=card).exists()
    browser.fill()
    assert browser.at == "/cards/"
    assert "The card is no longer in your account" in browser.text
    assert not CardBinding.objects.live().filter(card=card).exists()
    assert live(card) == []
    assert state_of(card) == State.ACTIVE
    assert CardEvent.objects.filter(card=card, kind=EventKind.UNBOUND, actor_id=str(user.pk)).count() == 1
    told = set(Message.objects.filter(kind="card_unbound").values_list("contact_index", flat=True))
    assert told == {card.phone_index, card.email_index, user.phone_index, user.email_index}


def test_a_card_that_somebody_else_added_leaves_their_account_by_the_link_of_the_notice(child: User) -> None:
    card = a_card()
    browser = asks(signed_in(child))
    browser.fill(otp=digits_of(card))
    notice = Message.objects.filter(kind="card_bound", channel="sms", to_masked="138 **** 8000").get()
    denied = Browser()
    denied.open(f"/not-me/{token_of(notice.pk)}/")
    denied.fill()
    assert not CardBinding.objects.live().exists()
    assert browser.open(f"/cards/{card.pk}/").status_code == 404


def test_a_loss_ends_the_codes_that_would_add_the_card(card: Card, child: User) -> None:
    browser = asks(signed_in(child), Whose.HELPED)
    digits = digits_of(card, Whose.HELPED)
    signed_in(CardBinding.objects.get(card=card).user, f"/cards/{card.pk}/lost/").fill()
    browser.fill(otp=digits)
    assert "That code is not correct" in browser.text
    assert live(card) == []
