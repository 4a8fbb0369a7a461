"""The identity step: shape only, kept encrypted, nobody told whether it matches."""

import re

import pytest
from django.db import connection

from activation.limits import IDENTITY_MISMATCHES
from activation.tests.browser import Browser
from activation.tests.journey import at_identity, at_pin, the_attempt
from cards.models import Card, Pin
from cards.tests.factories import CardFactory, ProgrammeFactory
from vault import limits

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    return CardFactory.create(id_number="11010519491231002X", programme__id_types=["resident_id", "passport"])


def refused(browser: Browser, words: str) -> None:
    assert "Error: " in browser.text
    assert words in browser.text
    assert the_attempt().identity_confirmed_at is None


@pytest.mark.parametrize(
    "typed", ["110105 19491231 002*", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_a_resident_id_is_read_however_it_is_written(card: Card, typed: str) -> None:
    browser = at_identity(card)
    browser.fill(name="王小明", idno=typed)
    assert the_attempt().identity == {"name": "王小明", "id_type": "resident_id", "id_number": "11010519491231002X"}


def test_a_mistyped_resident_id_is_told(card: Card) -> None:
    browser = at_identity(card)
    browser.fill(name="王小明", idno="110105194912310021")
    refused(browser, "Check the Resident ID number against your card, it contains a mistake")
    assert "王小明" in browser.text


def test_a_number_that_came_with_another_mistake_is_kept_and_never_shown_whole(card: Card) -> None:
    browser = at_identity(card)
    browser.fill(name="", idno=card.id_number)
    refused(browser, "Enter your full name")
    assert card.id_number not in browser.text
    assert 'You entered <span class="nb"><bdi dir="ltr">1********X</bdi>.</span> Leave this empty' in browser.text
    browser.fill(name="王小明")
    assert the_attempt().identity == {"name": "王小明", "id_type": "resident_id", "id_number": card.id_number}
    assert the_attempt().identity_confirmed_at is not None


def test_a_number_outlives_the_change_of_language(card: Card) -> None:
    browser = at_identity(card)
    browser.fill(name="王小明", idno=card.id_number, _lang="en")
    assert card.id_number not in browser.text
    assert "Enter yours once more" not in browser.text
    browser.fill()
    assert the_attempt().identity["id_number"] == card.id_number


def test_a_number_that_was_corrected_before_the_change_of_language_leaves_its_mistake_behind(card: Card) -> None:
    browser = at_identity(card)
    browser.fill(name="王小明", idno="110105194912310021")
    assert 'id="id_idno_error"' in browser.text
    browser.send(f"{browser.at}?e=1", name="王小明", idno=card.id_number, _lang="zh-hans")
    assert "错误：" not in browser.text and 'id="id_idno_error"' not in browser.text
    browser.fill()
    assert the_attempt().identity["id_number"] == card.id_number


def test_another_number_that_came_with_a_mistake_is_not_forgotten_for_the_first_one(card: Card) -> None:
    browser = at_identity(card)
    address = browser.at
    browser.fill(name="王小明", idno=card.id_number)
    browser.open(address)
    browser.fill(name="", idno="110101199003070513")
    browser.fill(name="王小明")
    assert the_attempt().identity["id_number"] == "110101199003070513"


def test_nothing_typed_is_told_for_each_field(card: Card) -> None:
    browser = at_identity(card)
    browser.fill(name="", idno="")
    refused(browser, "Enter your full name")
    refused(browser, "Enter your Resident ID number")


def test_details_of_somebody_else_are_kept_without_a_word(card: Card) -> None:
    browser = at_identity(card)
    browser.fill(name="李四", idno="110101199003070513")
    assert browser.at.endswith("/confirm-contact/"), browser.text


def test_a_rare_name_is_stored_as_typed(card: Card) -> None:
    rare = "\U00020bb7\ufa11·阿卜杜拉"
    browser = at_identity(card)
    browser.fill(name=rare, idno=card.id_number)
    assert the_attempt().identity["name"] == rare


def test_the_answers_are_not_readable_in_the_database(card: Card) -> None:
    at_identity(card).fill(name=card.holder_name, idno=card.id_number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM activation_activationattempt")
        stored = bytes(cursor.fetchone()[0])
    assert card.id_number.encode() not in stored
    assert card.holder_name.encode() not in stored


def test_another_document_is_asked_for_by_its_name(card: Card) -> None:
    browser = at_identity(card)
    browser.open(f"/activate/{the_attempt().reference}/confirm-identity/document/")
    browser.fill(doc="passport")
    assert "doc=passport" in browser.page.request["QUERY_STRING"]
    browser.send(f"{browser.at}?doc=passport", name="Wang", idno="E1234")
    assert the_attempt().identity["id_type"] == "passport"


def test_none_of_the_documents_leads_to_people_who_help(card: Card) -> None:
    browser = at_identity(card)
    browser.open(f"/activate/{the_attempt().reference}/confirm-identity/document/")
    browser.fill(doc="none")
    page = " ".join(re.sub(r"<[^>]+>", "", browser.text.partition("<main")[2].partition("</main>")[0]).split())
    assert "Bring what you have to a counter" in page
    assert f"Tell us this reference when you call: {the_attempt().reference}" in page
    assert "Call 400-000-0000 (every day 8:00 to 20:00)" in page
    assert "/confirm-identity/document/" in browser.text


def test_a_document_the_programme_does_not_take_is_not_asked_for() -> None:
    browser = at_identity(CardFactory.create())
    browser.open(f"{browser.at}?doc=passport")
    assert "Resident ID number" in browser.text


def test_somebody_too_young_is_sent_to_the_counter() -> None:
    programme = ProgrammeFactory.create(minimum_age=120)
    browser = at_identity(CardFactory.create(programme=programme))
    browser.fill(name="王小明", idno="11010519491231002X")
    assert "You must be 120 or over" in browser.text
    assert the_attempt().identity_confirmed_at is None


def test_a_done_step_shows_the_number_masked_and_empty_means_unchanged(card: Card) -> None:
    browser = at_identity(card)
    address = browser.at
    browser.fill(name=card.holder_name, idno=card.id_number)
    browser.open(address)
    assert card.id_number not in browser.text
    assert "1********X" in browser.text
    browser.fill(name="王大明", idno="")
    assert the_attempt().identity["id_number"] == card.id_number
    assert the_attempt().identity["name"] == "王大明"


def test_another_number_undoes_the_pin_that_was_judged_against_the_first(card: Card) -> None:
    browser = at_pin(card)
    browser.fill(pin="739146", pin2="739146")
    identity = browser.at.replace("submit", "confirm-identity")
    browser.open(identity)
    browser.fill(name=card.holder_name, idno="110101199003070513")
    assert browser.at.endswith("/choose-pin/"), browser.text
    assert not Pin.objects.exists()


def test_after_five_mismatches_the_step_names_the_time(card: Card) -> None:
    browser = at_identity(card)
    for _mismatch in range(5):
        limits.count(IDENTITY_MISMATCHES, str(card.pk))
    browser.fill(name=card.holder_name, idno=card.id_number)
    assert "You have tried too many times. Try again after" in browser.text
    assert the_attempt().identity_confirmed_at is None


def test_the_name_outlives_the_choice_of_another_document(card: Card) -> None:
    browser = at_identity(card)
    browser.fill(name="王大明", idno="", other="1")
    assert browser.at.endswith("/confirm-identity/document/")
    browser.fill(doc="passport")
    assert browser.at.endswith("/confirm-identity/") and 'value="王大明"' in browser.text
