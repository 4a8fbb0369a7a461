"""The one act: all steps done, agreed, submitted once."""

import pytest
from django.utils import timezone

from accounts.models import CardBinding, User
from activation.models import ActivationCode
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.journey import PIN, at_pin, at_submit, the_attempt
from activation.tests.worker import verify_all
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card, CardEvent
from cards.replacements import name_replacement
from cards.states import move
from cards.tests.factories import CardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    return CardFactory.create(holder_name="王小明")


def test_the_page_shows_the_answers_masked(card: Card) -> None:
    browser = at_submit(card)
    assert "*小明" in browser.text
    for secret in (card.id_number, card.holder_name, card.phone[3:], card.email, card.number):
        assert secret not in browser.text


NAMED, UNNAMED = "your card ending in", "the earlier card that it replaces closes for good"


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ({"state": State.ACTIVE}, [NAMED]),
        ({"state": State.ACTIVE, "email": "other@example.org"}, [UNNAMED]),
        ({"state": State.TERMINATED}, []),
    ],
    ids=["same contact", "another contact", "closed already"],
)
def test_the_page_says_which_card_the_new_one_ends(card: Card, old: dict[str, str], said: list[str]) -> None:
    of_both = {"programme": card.programme, "id_type": card.id_type, "id_number": card.id_number, "email": card.email}
    other = CardFactory.create(**of_both | old)
    browser = at_submit(card)
    assert NAMED not in browser.text and UNNAMED not in browser.text
    assert name_replacement(card_id=other.pk, replacement_id=card.pk, actor=Actor.issuer(), channel=Via.API)
    browser.open(browser.at)
    assert [one for one in (NAMED, UNNAMED) if one in browser.text] == said
    assert (f">{other.number_tail}<" in browser.text) == (said == [NAMED])


def test_without_agreement_nothing_is_submitted(card: Card) -> None:
    browser = at_submit(card)
    browser.fill()
    assert "Tick the box to agree before you activate" in browser.text
    assert the_attempt().submitted_at is None


def test_posted_twice_it_is_submitted_once(card: Card) -> None:
    browser = at_submit(card)
    address = browser.at
    browser.fill(agree="on")
    first = the_attempt().submitted_at
    browser.send(address, agree="on")
    assert browser.at.endswith("/wait/")
    assert the_attempt().submitted_at == first
    assert CardEvent.objects.filter(card=card, to_state="activating").count() == 1


def test_after_submission_no_step_can_be_opened_or_changed(card: Card) -> None:
    browser = at_submit(card)
    address = browser.at
    browser.fill(agree="on")
    for slug in ("confirm-identity", "choose-pin", "submit"):
        browser.open(address.replace("submit", slug))
        assert browser.at.endswith("/wait/")


@pytest.mark.parametrize("how", ["revoked", "terminated", "record changed"])
def test_a_code_that_died_meanwhile_ends_the_journey_with_a_sentence(card: Card, how: str) -> None:
    browser = at_submit(card)
    if how == "revoked":
        ActivationCode.objects.filter(card=card).revoke(timezone.now())
    elif how == "terminated":
        move(card_id=card.pk, to=State.TERMINATED, actor=Actor.issuer(), channel=Via.ADMIN, reason="lost")
    else:
        Card.objects.filter(pk=card.pk).update(record_version=7)
    before = Card.objects.get(pk=card.pk).state
    browser.fill(agree="on")
    assert "This activation code can no longer be used" in browser.text
    assert the_attempt().submitted_at is None
    assert Card.objects.get(pk=card.pk).state == before


def test_a_superseded_code_keeps_its_attempt(card: Card) -> None:
    browser = at_submit(card)
    ActivationCode.objects.filter(card=card).supersede(timezone.now())
    browser.fill(agree="on")
    assert browser.at.endswith("/wait/")


def test_the_card_joins_the_account_that_is_signed_in(card: Card) -> None:
    user = User.objects.create(phone="+8613900139000", language="en")
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    browser.open("/activate/enter-code/")
    browser.fill(card_number=card.number, code=issue(card).derive())
    browser.fill(name=card.holder_name, idno=card.id_number)
    browser.fill(pin=PIN, pin2=PIN)
    browser.fill(agree="on")
    verify_all()
    assert CardBinding.objects.live().get(card=card).user == user


def test_messages_follow_in_the_language_of_the_last_post(card: Card) -> None:
    browser = at_pin(card)
    languages = [the_attempt().language]
    browser.client.cookies["lang"] = "zh-hans"
    browser.open(browser.at)
    languages.append(the_attempt().language)
    browser.fill(pin=PIN, pin2=PIN)
    languages.append(the_attempt().language)
    browser.client.cookies["lang"] = "en"
    browser.fill(agree="on")
    assert [*languages, the_attempt().language] == ["en", "en", "zh-hans", "en"]
