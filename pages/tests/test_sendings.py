"""What a page tells of messages: each fate in a whole sentence, in both languages, in the zone of the page."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation
from django.utils.html import strip_tags

from messaging.models import Message
from messaging.tests.factories import make_message
from pages.sendings import has_left, sendings_of, went_astray

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 6, 30, tzinfo=UTC)
AT = datetime(2026, 11, 26, 6, 2, tzinfo=UTC)  # 14:02 in Shanghai
SUBJECT, PHONE, EMAIL = uuid4(), uuid4(), uuid4()


@pytest.fixture(autouse=True)
def in_shanghai() -> Any:
    with time_machine.travel(NOW), timezone.override(ZoneInfo("Asia/Shanghai")):
        yield


def text(**values: Any) -> Message:
    return make_message(**{"subject_id": SUBJECT, "contact_index": PHONE} | values)


def mail(**values: Any) -> Message:
    given = {"subject_id": SUBJECT, "contact_index": EMAIL, "channel": "email", "to_masked": "z***@qq.com"}
    return make_message(**given | values)


def told(language: str = "en") -> list[str]:
    """What is seen; what a screen reader hears in the place of a mask is left out."""
    with translation.override(language):
        sendings = [str(one) for one in sendings_of(SUBJECT, kind="contact_code")]
        return [strip_tags(words.split('<span class="vh">')[0] + words.split("</span>")[-1]) for words in sendings]


@pytest.mark.parametrize(
    ("values", "english", "chinese"),
    [
        ({}, "We are sending a message to 138 **** 8000.", "我们正在发送通知到 138 **** 8000。"),
        ({"sent_at": AT}, "Sent to 138 **** 8000 at 14:02.", "发给 138 **** 8000 的消息已于 14:02 发出。"),
        (
            {"sent_at": AT - timedelta(minutes=1), "delivered_at": AT},
            "Delivered to 138 **** 8000 at 14:02.",
            "发给 138 **** 8000 的消息已于 14:02 送达。",
        ),
        (
            {"sent_at": AT, "undelivered_at": NOW},
            "Sent to 138 **** 8000 at 14:02; not delivered.",
            "消息已于 14:02 发送到 138 **** 8000，但未送达。",
        ),
        ({"dead_at": AT}, "We could not send a message to 138 **** 8000.", "未能向 138 **** 8000 发送消息。"),
        (
            {"channel": "voice", "sent_at": AT},
            "We called 138 **** 8000 at 14:02.",
            "已于 14:02 拨打 138 **** 8000。",
        ),
    ],
)
def test_each_fate_is_a_sentence(values: dict[str, Any], english: str, chinese: str) -> None:
    text(**values)
    assert told() == [english]
    assert told("zh-hans") == [chinese]


def test_what_went_instead_is_told_after_what_did_not_arrive() -> None:
    first = text(sent_at=AT, undelivered_at=NOW)
    call = text(channel="voice", in_place_of=first.pk, sent_at=AT + timedelta(minutes=1), undelivered_at=NOW)
    mail(in_place_of=call.pk, sent_at=AT + timedelta(minutes=2))
    assert told() == [
        "Sent to 138 **** 8000 at 14:02; not delivered.",
        "We called 138 **** 8000 at 14:03; nobody answered.",
        "We sent it to z***@qq.com at 14:04 as well.",
    ]


def test_only_the_newest_to_each_contact_is_told() -> None:
    text(sent_at=AT - timedelta(minutes=5), undelivered_at=AT)
    text(sent_at=AT, delivered_at=AT)
    mail(sent_at=AT)
    assert told() == ["Delivered to 138 **** 8000 at 14:02.", "Sent to z***@qq.com at 14:02."]


def test_of_what_nobody_wants_any_more_and_of_other_subjects_nothing_is_told() -> None:
    text(dropped_at=AT)
    text(subject_id=uuid4(), sent_at=AT)
    text(kind="sign_in_code", sent_at=AT)
    assert told() == []


def test_the_zone_is_the_page_s() -> None:
    text(sent_at=AT)
    with timezone.override(ZoneInfo("Asia/Urumqi")):
        assert told() == ["Sent to 138 **** 8000 at 12:02."]


def test_a_mask_is_shown_and_said() -> None:
    text(sent_at=AT)
    (one,) = sendings_of(SUBJECT, kind="contact_code")
    with translation.override("en"):
        assert '<bdi class="nb" dir="ltr" aria-hidden="true">138 **** 8000</bdi>' in str(one)
        assert "the number starting with 138 and ending in 8000" in str(one)


def test_whether_there_is_more_to_tell() -> None:
    first = text()
    sendings = sendings_of(SUBJECT, kind="contact_code")
    assert (has_left(sendings), went_astray(sendings)) == (False, False)
    Message.objects.update(sent_at=AT)
    sendings = sendings_of(SUBJECT, kind="contact_code")
    assert (has_left(sendings), went_astray(sendings)) == (True, False)
    mail(in_place_of=first.pk)
    assert went_astray(sendings_of(SUBJECT, kind="contact_code"))
