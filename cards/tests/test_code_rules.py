from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cards.code_rules import check_policy
from cards.models import Programme

TEN, DAY, WEEKS = timedelta(minutes=10), timedelta(hours=24), timedelta(days=21)


@pytest.mark.parametrize(
    ("channel", "digits", "lifetime"),
    [
        ("sms", 6, TEN),
        ("voice", 6, TEN),
        ("agent", 6, TEN),
        ("email", 12, DAY),
        ("letter", 12, WEEKS),
        ("carrier", 12, WEEKS),
    ],
)
def test_a_programme_without_a_policy_has_the_defaults(channel: str, digits: int, lifetime: timedelta) -> None:
    rule = Programme().code_rule(channel)
    assert (rule.digits, rule.lifetime, rule.promised) == (digits, lifetime, lifetime)


def test_a_programme_sets_what_it_wants_otherwise() -> None:
    programme = Programme(code_policy={"email": {"minutes": 90}, "letter": {"digits": 6}})
    assert programme.code_rule("email").lifetime == timedelta(minutes=90)
    assert programme.code_rule("email").digits == 12
    assert programme.code_rule("letter").digits == 6
    assert programme.code_rule("letter").lifetime == WEEKS
    assert programme.code_rule("sms").lifetime == TEN


def test_fixed_texts_promise_five_minutes_and_never_more_than_the_code_lives() -> None:
    programme = Programme(fixed_text_sms=True)
    assert programme.code_rule("sms").lifetime == TEN
    assert programme.code_rule("sms").promised == timedelta(minutes=5)
    assert programme.code_rule("email").promised == DAY
    programme.code_policy = {"sms": {"minutes": 3}}
    assert programme.code_rule("sms").promised == timedelta(minutes=3)


def test_a_channel_that_there_is_not_has_no_rule() -> None:
    with pytest.raises(ValueError, match="pigeon"):
        Programme().code_rule("pigeon")


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ([], "must look like"),
        ({"pigeon": {}}, "pigeon"),
        ({"sms": 6}, "may only set"),
        ({"sms": {"hours": 1}}, "may only set"),
        ({"sms": {"digits": 8}}, "6 or 12"),
        ({"sms": {"digits": [6]}}, "6 or 12"),
        ({"sms": {"minutes": 0}}, "whole number"),
        ({"sms": {"minutes": 1.5}}, "whole number"),
        ({"sms": {"minutes": True}}, "whole number"),
        ({"email": {"minutes": 999_999}}, "whole number"),
    ],
)
def test_a_policy_of_another_shape_is_refused_with_its_place(policy: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        check_policy(policy)


def test_a_policy_of_the_right_shape_passes() -> None:
    check_policy({})
    check_policy({"sms": {"digits": 6, "minutes": 10}, "email": {"minutes": 1440}})
