"""The summary of a card as page and as PDF: the same facts, masked, in both languages."""

import io
from typing import Any

import pypdf
import pytest
import time_machine
from django.utils import timezone

from accounts.models import CardBinding
from accounts.tests.adding import a_card, helps, signed_in
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.dimensions import State
from cards.models import Card
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db
WORDS = {
    "en": ["Card summary", "Campus card", "2604", "*小明", "Active", "There is no PIN and no code in it."],
    "zh-hans": ["卡片凭证", "校园一卡通", "2604", "*小明", "正常使用", "本页不含密码和激活码。"],
}


@pytest.fixture
def card() -> Card:
    bound: Card = CardBindingFactory.create(card=a_card(holder_name="王小明")).card
    return bound


def holder(card: Card, language: str = "en") -> Browser:
    browser = signed_in(CardBinding.objects.get(card=card).user)
    browser.client.cookies["lang"] = language
    return browser


def read(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def secrets(card: Card) -> list[str]:
    phone = card.phone.removeprefix("+86")
    return [card.number, card.number[:12], card.holder_name, card.id_number, card.id_number[-4:], phone, card.email]


@pytest.mark.parametrize("language", WORDS)
def test_page_and_pdf_say_the_same_and_no_full_number(card: Card, language: str) -> None:
    browser = holder(card, language)
    browser.open(f"/cards/{card.pk}/summary/")
    answer = browser.client.get(f"/cards/{card.pk}/summary.pdf")
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("application/pdf", True)
    for said in (browser.text, read(answer.content)):
        assert [word for word in WORDS[language] if word not in said] == []
        assert [secret for secret in secrets(card) if secret in said] == []


def test_only_of_a_card_that_works_it_is_said_what_works(card: Card) -> None:
    browser = holder(card)
    for state, said in ((State.ACTIVE, True), (State.SUSPENDED, False)):
        Card.objects.filter(pk=card.pk).update(state=state)
        for page in ("", "summary/"):
            browser.open(f"/cards/{card.pk}/{page}")
            assert ("Works now" in browser.text) is said


def test_a_function_that_opens_tomorrow_is_told_with_its_day(card: Card) -> None:
    """The page and its PDF are kept, and read on another day."""
    card.programme.functions = [{"names": {"en": "Canteen"}, "opens": "next_day"}]
    card.programme.save()
    with time_machine.travel("2026-11-26 12:45:00+00:00", tick=False):
        Card.objects.filter(pk=card.pk).update(activated_at=timezone.now())
        browser = holder(card)
        browser.open(f"/cards/{card.pk}/summary/")
        pdf = read(browser.client.get(f"/cards/{card.pk}/summary.pdf").content)
    for said in (browser.text, pdf):
        assert "Works from 8:00 on 27 November 2026" in " ".join(said.split())


def test_what_is_secret_would_be_found(card: Card) -> None:
    """What the test above leans on: a full number that got into the summary is read."""
    Card.objects.filter(pk=card.pk).update(number_tail="6200")
    card.programme.names = {"en": f"Campus card {card.number}"}
    card.programme.save()
    found = read(holder(card).client.get(f"/cards/{card.pk}/summary.pdf").content)
    assert card.number in found.replace("\n", "")


@pytest.mark.parametrize(("language", "tag"), [("en", "en-GB"), ("zh-hans", "zh-CN")])
def test_the_pdf_is_one_tagged_page_with_title_language_and_its_own_font(card: Card, language: str, tag: str) -> None:
    pdf = holder(card, language).client.get(f"/cards/{card.pk}/summary.pdf").content
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root: Any = reader.root_object
    page: Any = reader.pages[0]
    assert (len(reader.pages), root["/Lang"], root["/MarkInfo"]["/Marked"]) == (1, tag, True)
    assert reader.metadata is not None
    assert reader.metadata.title == WORDS[language][0]
    fonts = page["/Resources"]["/Font"].values()
    assert all("NotoSansSC" in font.get_object()["/BaseFont"] for font in fonts)
    assert len(pdf) <= 40 * 1024


def test_nothing_that_was_typed_is_read_as_markup(card: Card) -> None:
    card.programme.names = {"en": '#panic("x") $a$ *Campus* card <b>'}
    card.programme.save()
    assert '#panic("x") $a$ *Campus* card <b>' in read(
        holder(card).client.get(f"/cards/{card.pk}/summary.pdf").content
    )


def test_a_card_that_is_closed_still_has_its_summary(card: Card) -> None:
    Card.objects.filter(pk=card.pk).update(state=State.TERMINATED, terminated_at=timezone.now())
    browser = holder(card)
    browser.open(f"/cards/{card.pk}/summary/")
    assert "Closed" in browser.text


def test_wechat_is_offered_no_file_that_it_cannot_keep(card: Card) -> None:
    browser = holder(card)
    for agent, offered in (("Mozilla/5.0 MicroMessenger/8.0", False), ("Mozilla/5.0", True)):
        page = browser.client.get(f"/cards/{card.pk}/summary/", headers={"user-agent": agent}).content.decode()
        assert ("summary.pdf" in page) == offered
        assert ("Open in browser" in page) != offered


def test_a_helper_gets_no_summary(card: Card) -> None:
    person = UserFactory.create()
    helps(person, card)
    for name in ("summary/", "summary.pdf"):
        assert signed_in(person).client.get(f"/cards/{card.pk}/{name}").status_code == 404
