"""The waiting page and the page behind its button say the same about how the check ended, in both languages."""

import pytest
import time_machine
from django.utils import timezone

from activation.models import ActivationAttempt
from activation.tests.browser import Browser
from activation.tests.journey import at_wait
from activation.tests.worker import verify_all
from cards.dimensions import State
from cards.tests.factories import CardFactory

SAID: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "not_matched": (
            "details are not the same as those registered",
            "details are not the same as those registered",
        ),
        "needs_staff": ("our staff need to check", "Our staff need to check"),
        "no_answer": ("the card system has not answered", "The card system has not answered"),
        "refused": ("its issuer does not allow it", "The issuer of the card does not allow"),
    },
    "zh-hans": {
        "not_matched": ("登记的不一致", "登记的不一致"),
        "needs_staff": ("由工作人员核对", "由工作人员核对"),
        "no_answer": ("发卡系统没有答复", "发卡系统没有答复"),
        "refused": ("发卡机构不允许激活这张卡", "发卡机构不允许激活这张卡"),
    },
}


def checked(verdict: str, language: str, channel: str = "email") -> Browser:
    browser = at_wait(CardFactory.create(), channel)
    ActivationAttempt.objects.update(verdict=verdict, verdict_at=timezone.now(), closed_at=timezone.now())
    browser.client.cookies["lang"] = language
    browser.open(browser.at)
    return browser


@pytest.mark.django_db
@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("verdict", SAID["en"])
def test_both_pages_tell_the_same_outcome(verdict: str, language: str) -> None:
    browser = checked(verdict, language)
    waiting, behind = SAID[language][verdict]
    assert waiting in browser.text
    others = [words for name, (words, _) in SAID[language].items() if name != verdict and words in browser.text]
    assert others == []
    browser.open(browser.at.replace("wait", "problem"))
    assert behind in browser.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("en", "<p>26 Nov 2026, 23:59</p>"), ("zh-hans", "<p>2026 年 11 月 26 日 23:59</p>")]
)
def test_opened_on_a_later_day_the_done_page_names_the_day_of_activation_once(language: str, words: str) -> None:
    """It can be opened again from a bookmark."""
    with time_machine.travel("2026-11-26 15:59:30+00:00", tick=False):
        browser = checked("passed", language)
    with time_machine.travel("2026-11-26 16:00:10+00:00", tick=False):  # 00:00 on the 27th
        browser.open(browser.at.replace("wait", "done"))
    assert words in browser.text


@pytest.mark.django_db
@pytest.mark.parametrize(("channel", "asked"), [("email", False), ("letter", True)])
def test_contact_details_are_to_be_checked_only_where_they_were_typed(channel: str, asked: bool) -> None:
    """A code that came through a registered contact has confirmed it, and its step is not shown."""
    browser = checked("not_matched", "en", channel)
    browser.open(browser.at.replace("wait", "problem"))
    assert "Check your name" in browser.text and ("and contact details" in browser.text) is asked


@pytest.mark.django_db
@pytest.mark.parametrize("replaces", [True, False])
def test_the_done_page_says_that_the_card_before_is_closed(replaces: bool) -> None:
    card = CardFactory.create()
    if replaces:
        CardFactory.create(
            state=State.ACTIVE,
            id_type=card.id_type,
            id_number=card.id_number,
            programme=card.programme,
            replaced_by=card,
        )
    browser = at_wait(card)
    verify_all()
    browser.open(browser.at.replace("wait", "done"))
    assert "Your card is active" in browser.text
    assert ("The earlier card that it replaces is closed for good." in browser.text) == replaces
