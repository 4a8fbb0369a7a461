"""What an alert says by message: which card and which rule, and neither amount nor merchant."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.models import CardBinding
from accounts.tests.factories import CardBindingFactory
from cards.models import Card
from messaging.models import Message
from messaging.rendering import render
from messaging.tests.test_texts import PARAMS, parts, sms
from statements.messages import transaction_alert
from statements.models.alerts import Rule
from statements.tests.factories import come_in, record
from statements.tests.test_alerts import noon

pytestmark = pytest.mark.django_db


def alerted(language: str = "en", **programme: Any) -> dict[str, Message]:
    """The messages about a payment abroad above the limit, by channel."""
    card = CardBindingFactory.create(user__language=language).card
    for name, value in programme.items():
        setattr(card.programme, name, value)
    card.programme.save()
    come_in(card, record(card, noon(), -987_654, country="JP", merchant_name="Secret Shop", description="Secret"))
    return {message.channel: message for message in Message.objects.all()}


def text(message: Message) -> str:
    envelope = transaction_alert(message)
    assert envelope is not None
    sent: Any = render(message, envelope)
    return f"{getattr(sent, 'subject', '')}\n{sent.text}"


@pytest.mark.parametrize(("language", "rule"), [("en", "Above my limit"), ("zh-hans", "超过我的限额")])
def test_it_names_the_card_and_the_rule_and_tells_no_amount(language: str, rule: str) -> None:
    for message in alerted(language).values():
        with translation.override(language):  # as the worker does
            said = text(message)
        assert rule in said and "/not-me/" in said
        assert message.subject_id.hex not in said
        told = re.sub(r"/not-me/\S+", "", said)  # whose letters are drawn by lot
        for secret in ("9,876", "987654", "Secret", "JP"):
            assert secret not in told


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_text_of_every_rule_is_two_parts_at_most(language: str) -> None:
    with translation.override(language):
        for rule in Rule:
            said = sms("transaction_alert", language, params={**PARAMS, "rule": str(rule.label)}).text
            assert str(rule.label) in said and parts(said) <= 2, said


def test_the_fixed_text_has_one_variable_of_four_digits_and_no_link() -> None:
    message = alerted(fixed_text_sms=True)["sms"]
    envelope = transaction_alert(message)
    assert envelope is not None
    sent: Any = render(message, envelope)
    assert list(sent.params) == ["tail"] and len(sent.params["tail"]) == 4
    assert "http" not in sent.text and "400" not in sent.text and sent.params["tail"] in sent.text


def test_one_press_of_its_link_freezes_the_card() -> None:
    message = alerted()["sms"]
    (link,) = re.findall(r"http://[^/]+(/not-me/\S+)", text(message))
    client = Client()
    client.get(link)  # as mail scanners do
    assert Card.objects.get().state == "active"
    client.post(link)
    assert Card.objects.get().state == "suspended"


def test_it_is_not_sent_once_the_card_has_left_the_account() -> None:
    message = alerted()["sms"]
    CardBinding.objects.update(ended_at=timezone.now() + timedelta(seconds=1))
    assert transaction_alert(message) is None


def test_it_is_not_sent_to_a_contact_that_the_account_has_no_more() -> None:
    message = alerted()["email"]
    binding = CardBinding.objects.select_related("user").get()
    binding.user.email = "somebody.else@example.com"
    binding.user.save()
    assert transaction_alert(message) is None
