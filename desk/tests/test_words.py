"""What staff read is words in their language, never the name that the code uses."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import CodeRequest
from cards.dimensions import State, Via
from cards.events import Actor, record_event
from cards.models import CardEvent
from cards.models.card_event import EventKind
from cards.moves import TABLE
from desk.django_words import SAID_BETTER
from desk.reasons import in_words
from desk.tests.conftest import SignIn
from desk.tests.pages import Story, list_of, page_of, tell_story
from messaging.budgets import FAILURES
from messaging.kinds import all_kinds, label_of
from messaging.tests.factories import make_message

RAW = re.compile(r">\s*[a-z]+(?:_[a-z]+)+\s*<|\b20\d\d-\d\d-\d\d \d\d:\d\d")


def frozen_card() -> Story:
    story = tell_story()
    record_event(
        card_id=story.card.pk,
        kind=EventKind.MOVED,
        actor=Actor.system(),
        channel=Via.SYSTEM,
        from_state=State.ACTIVE,
        to_state=State.SUSPENDED,
        reason="stolen",
    )
    return story


def body(client: Client, address: str) -> str:
    html = client.get(address).content.decode()
    return html[html.index('<div class="main"') :]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_of_message_has_a_label(language: str) -> None:
    with translation.override(language):
        labels = [label_of(kind.name) for kind in all_kinds()]
    assert len(set(labels)) == len(labels) >= 5
    assert [label for label in labels if "_" in label or label.isascii() != (language == "en")] == []


def test_kind_that_is_not_registered_any_more_is_shown_by_its_name() -> None:
    assert label_of("left_over") == "left_over"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_reason_of_a_move_has_words(language: str) -> None:
    given = {reason for row in TABLE for reason in row.reasons or ()}
    given |= {"submitted", "verified", "card_no_longer_waits", "no_verdict_in_24_hours"}
    with translation.override(language):
        assert [reason for reason in given if in_words(reason) == reason] == []
        assert in_words("the host's own word") == "the host's own word"


@pytest.mark.parametrize(
    ("language", "words", "moment"),
    [
        (
            "en",
            ("Activation code", "The card was stolen", "State changed", "Frozen"),
            r"State changed, [A-Z][a-z]+\.? \d+, 20\d\d, (?:\d|noon|midnight)",
        ),
        ("zh-hans", ("激活码", "卡片被盗", "状态已变更", "已临时挂失"), r"状态已变更，20\d\d年\d+月\d+日 \d+:\d\d"),
    ],
)
def test_pages_tell_kinds_reasons_and_moments_in_words(
    signed_in: SignIn, language: str, words: tuple[str, ...], moment: str
) -> None:
    story, client = frozen_card(), signed_in("auditor")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    rows = [story.message, CardEvent.objects.get(reason="stolen")]
    told = "".join(body(client, address) for row in rows for address in (list_of(row), page_of(row)))
    told += body(client, page_of(story.card))
    assert RAW.findall(told) == []
    assert [word for word in words if word not in told] == []
    assert re.search(moment, told)


def test_our_own_reasons_for_a_failure_are_said_in_the_reader_s_language(signed_in: SignIn) -> None:
    ours = make_message(dead_at=timezone.now(), failure=FAILURES["messages-to-a-prefix-an-hour"])
    theirs = make_message(dead_at=timezone.now(), failure="http 500")
    client = signed_in("agent")
    client.get(f"{page_of(ours)}?lang=zh-hans")
    assert "该目的地每小时的预算已用完" in client.get(page_of(ours)).content.decode()
    assert "http 500" in client.get(page_of(theirs)).content.decode()


def test_our_catalogue_is_asked_before_djangos_own(client: Client, db: None) -> None:
    page = client.post(
        reverse("admin:login"), {"username": "nobody", "password": "x"}, headers={"accept-language": "zh"}
    )
    assert "用户名或密码不正确，或该账户不是工作人员账户。" in page.content.decode()
    with translation.override("zh-hans"):
        assert [translation.gettext(word) for word in SAID_BETTER if word == "Add %s"] == ["新增%s"]


def test_no_page_or_list_calls_a_row_by_an_identifier(signed_in: SignIn) -> None:
    story, client = tell_story(), signed_in("superuser")
    asked = CodeRequest.objects.create(purpose="loss_code", body="{}")
    for row in (*story.rows[1:], asked):
        for address in (list_of(row), page_of(row)):
            html = client.get(address).content.decode()
            shown = re.sub(r"<[^>]*>", " ", html.partition('<div id="main"')[2] or html)
            assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", shown), (row._meta.label, address)
            assert " object (" not in shown and "loss_code" not in shown
