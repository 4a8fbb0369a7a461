"""Digits are compared with a code that was read, whoever types them: with somebody else's where there is none."""

import pytest
from django.db.models import Q

from accounts.models import PinResetCode
from accounts.tests.pins import card_with_pin, code_for, without_account
from cards.models import Card
from cards.one_time_codes import OneTimeCodeQuerySet

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    return card_with_pin()


def test_the_newest_of_the_codes_is_found_by_its_digits(card: Card) -> None:
    asked = without_account(card)
    digits = code_for(asked)
    found = asked.codes().matching(digits)
    assert found == PinResetCode.objects.get() and found.derive() == digits
    assert asked.codes().matching(digits[::-1] + "0") is None


def test_a_row_is_read_for_who_has_no_code_and_its_digits_are_refused(card: Card) -> None:
    digits, stranger = code_for(without_account(card)), without_account(card_with_pin())
    assert not stranger.codes().exists()
    read = stranger.codes()._newest_or_another()
    assert read.matches(digits) and not read.is_wanted
    assert stranger.codes().matching(digits) is None


def test_without_that_mark_the_digits_of_another_would_do(card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    digits, stranger = code_for(without_account(card)), without_account(card_with_pin())

    def naive(codes: OneTimeCodeQuerySet, typed: str) -> object:
        code = codes._newest_or_another()
        return code if code and code.matches(typed) else None

    monkeypatch.setattr(OneTimeCodeQuerySet, "matching", naive)
    assert stranger.codes().matching(digits) is not None


def test_where_there_are_no_codes_at_all_nothing_matches(card: Card) -> None:
    assert without_account(card).codes().matching("123456") is None
    assert PinResetCode.objects.filter(Q(pk__in=[])).matching("123456") is None
