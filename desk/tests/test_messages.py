"""What staff see of a message: each moment, what went instead, when receipts came; and receipts without words."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation
from pytest_django import Settings

from accounts.models import Case, PinResetCode
from cards.code_rules import SHORT
from cards.dimensions import Channel, Via
from cards.events import Actor, record_event
from cards.masks import mask_card
from cards.models.card_event import EventKind
from cards.tests.factories import CardFactory, ProgrammeFactory
from desk.failures import in_words
from desk.states import state_of_message
from desk.subjects import CARD_OF
from desk.tests.conftest import SignIn
from desk.tests.pages import list_of, page_of, tell_story
from messaging import receipts
from messaging.models import Message, Receipt
from messaging.tests.callbacks import call_back
from messaging.tests.factories import make_message
from statements.models import Alert
from vault.ids import new_id

STATES: dict[str, dict[str, Any]] = {
    "waiting": {},
    "sent": {"sent_at": timezone.now()},
    "delivered": {"sent_at": timezone.now(), "delivered_at": timezone.now()},
    "undelivered": {"sent_at": timezone.now(), "undelivered_at": timezone.now(), "failure": "ABSENT"},
    "dead": {"dead_at": timezone.now(), "failure": "refused: http 400"},
    "dropped": {"dropped_at": timezone.now()},
}
WORDS = [
    "Waiting",
    "Sent",
    "Delivered",
    "Not delivered: ABSENT",
    "Could not be sent: refused by the gateway: http 400",
]


@pytest.fixture(autouse=True)
def http_gateway(settings: Settings) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/sms"


@pytest.mark.django_db
def test_every_state_has_its_word_and_its_filter(signed_in: SignIn) -> None:
    made = {name: make_message(to_masked=f"to-{name}", **values) for name, values in STATES.items()}
    assert [state_of_message(message) for message in made.values()] == [*WORDS, "Not wanted any more"]
    client = signed_in("agent")
    for name in STATES:
        html = client.get(list_of(Message), {"state": name}).content.decode()
        assert [other for other in STATES if f"to-{other}<" in html] == [name]


@pytest.mark.django_db
def test_messages_are_filtered_by_kind_gateway_and_programme(signed_in: SignIn) -> None:
    make_message(to_masked="to-this", kind="activation_code", gateway="http", programme_code="campus")
    make_message(to_masked="to-that", kind="contact_code", gateway="other", programme_code="bank")
    ProgrammeFactory.create(code="campus")
    client = signed_in("agent")
    for name, value in (("kind", "activation_code"), ("gateway", "http"), ("programme_code", "campus")):
        html = client.get(list_of(Message), {name: value}).content.decode()
        assert "to-this" in html and "to-that" not in html and f"?{name}={value}" in html


@pytest.mark.parametrize(
    ("failure", "english", "chinese"),
    [
        ("the country is not allowed", "we do not send to this country", "该国家或地区不允许发送"),
        (
            "refused: http 422 sender not approved",
            "refused by the gateway: http 422 sender not approved",
            "sender not",
        ),
        ("refused: no signature", "refused by the gateway: no signature for this programme", "签名"),
        ("the daily budget of the destination is used up", "the daily budget", "已用完"),
        ("isv.OUT_OF_SERVICE", "isv.OUT_OF_SERVICE", "isv.OUT_OF_SERVICE"),
        ("", "", ""),
    ],
)
def test_a_failure_is_told_in_the_language_of_who_reads_it(failure: str, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert english in in_words(failure)
    with translation.override("zh-hans"):
        assert chinese in in_words(failure)


@pytest.mark.django_db
def test_a_message_shows_what_went_instead_and_when_receipts_came(signed_in: SignIn) -> None:
    ago = timezone.now() - timedelta(minutes=2)
    first = make_message(sent_at=ago, gateway="http", provider_id="x1", kind="unknown")
    second = make_message(channel="email", to_masked="z***@qq.com", in_place_of=first.pk, kind="unknown")
    call_back({"id": "x1", "status": "undelivered", "reason": "ABSENT", "to": "+8613800138000"})
    call_back({"id": "x1", "status": "undelivered"})
    receipts.handle_due(seconds=5)
    client = signed_in("agent")
    html = client.get(page_of(first)).content.decode()
    assert f'<a href="{page_of(second)}">email, z***@qq.com</a>' in html
    assert html.count("Not delivered, ") == 2, "two receipts, each with its moment"
    assert "13800138000" not in html
    assert page_of(first) in client.get(page_of(second)).content.decode()


@pytest.mark.django_db
def test_a_message_leads_to_its_card_whatever_row_it_is_about_and_the_card_s_page_to_the_message(
    signed_in: SignIn,
) -> None:
    story, at = tell_story(), timezone.now()
    locked = record_event(card_id=story.card.pk, kind=EventKind.PIN_LOCKED, actor=Actor.system(), channel=Via.SYSTEM)
    of_card = {"card": story.card, "contact_index": story.card.phone_index, "seat": new_id()}
    fresh = PinResetCode.draw(rule=SHORT, channel=Channel.SMS, at=at, **of_card)
    fresh.save(force_insert=True)
    rows = [*story.rows, story.attempt, story.contact_code, locked, fresh]
    known: dict[Any, Any] = {type(row): row.pk for row in rows}
    client = signed_in("agent")
    tail = mask_card(story.card.number_tail)
    for model, _path in CARD_OF:
        message = make_message(subject_id=known[model])
        assert f'<a href="{page_of(story.card)}">{tail}</a>' in client.get(page_of(message)).content.decode(), model
    listed = client.get(list_of(Message)).content.decode()
    assert listed.count(f'<a href="{page_of(story.card)}">{tail}</a>') == Message.objects.count()
    on_card = client.get(page_of(story.card)).content.decode()
    absent = {message.subject_id for message in Message.objects.all() if page_of(message) not in on_card}
    assert absent == {known[Alert]}, "of alerts a card may have thousands"
    stranger = make_message(subject_id=new_id())
    assert page_of(story.card) not in client.get(page_of(stranger)).content.decode()


@pytest.mark.django_db
def test_a_card_s_page_lists_its_cases(signed_in: SignIn) -> None:
    card = CardFactory.create()
    case = Case.objects.create(card=card, notice="card_frozen", opened_at=timezone.now())
    html = signed_in("agent").get(page_of(card)).content.decode()
    assert f'<a href="{page_of(case)}">{case.reference}</a>' in html and "Card is frozen" in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "may"), [("agent", False), ("operator", False), ("supervisor", True), ("auditor", True)]
)
def test_supervisors_and_auditors_see_receipts_without_what_they_say(signed_in: SignIn, role: str, may: bool) -> None:
    call_back({"id": "canary-of-a-receipt", "status": "delivered"})
    call_back(body=b"<canary-of-a-receipt>")
    receipts.handle_due(seconds=5)
    client = signed_in(role)
    for address in (list_of(Receipt), *(page_of(receipt) for receipt in Receipt.objects.all())):
        answer = client.get(address)
        assert answer.status_code == (200 if may else 403)
        assert "canary-of-a-receipt" not in answer.content.decode()
    assert ("not understood: no JSON" in client.get(list_of(Receipt)).content.decode()) == may
    for receipt in Receipt.objects.all():
        assert client.post(page_of(receipt), {"failure": ""}).status_code == 403


@pytest.mark.django_db
def test_the_column_of_contacts_and_the_language_are_in_words(signed_in: SignIn) -> None:
    message = make_message(kind="activation_code", to_masked="138 **** 8000", language="zh-hans")
    client = signed_in("agent")
    listed, page = (client.get(where).content.decode() for where in (list_of(Message), page_of(message)))
    assert ">To<" in listed and "To masked" not in listed and "To masked" not in page
    assert "简体中文" in page and "zh-hans</" not in page
    assert "Activation code" in page and "activation_code" not in page
