"""Trying a sign-in code: what opens an account, what does not, and what a try costs."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.contacts import index_of
from accounts.models import SignInCode
from accounts.refusals import CodeExpired, CodeNotAccepted, CodeUsed, TooManyChecks, TooManyTries
from accounts.services import SIGN_IN_TRIES, sign_in, sign_in_locked_until
from accounts.tests.codes import ADDRESS, another, ask_for_code, current_code
from accounts.tests.factories import UserFactory
from vault import limits

pytestmark = pytest.mark.django_db


def try_code(contact: str, otp: str, press: str = "") -> object:
    return sign_in(contact=contact, otp=otp, address=ADDRESS, press=press)


def test_the_right_code_opens_the_account_of_the_contact() -> None:
    user = UserFactory.create()
    ask_for_code(user.email)
    assert try_code(user.email, current_code(user.pk)) == user


def test_a_right_code_gives_its_try_back() -> None:
    user = UserFactory.create()
    ask_for_code(user.phone)
    code = current_code(user.pk)
    with pytest.raises(CodeNotAccepted):
        try_code(user.phone, another(code))
    try_code(user.phone, code)
    assert limits.peek(SIGN_IN_TRIES, user.phone).tries == 1


def test_a_code_works_once_and_then_says_so_without_costing_a_try() -> None:
    user = UserFactory.create()
    ask_for_code(user.phone)
    code = current_code(user.pk)
    try_code(user.phone, code)
    with pytest.raises(CodeUsed):
        try_code(user.phone, code)
    assert limits.peek(SIGN_IN_TRIES, user.phone).tries == 0


def test_a_wrong_code_changes_nothing_but_the_count() -> None:
    user = UserFactory.create()
    ask_for_code(user.phone)
    before = SignInCode.objects.values().get()
    with pytest.raises(CodeNotAccepted) as refusal:
        try_code(user.phone, another(current_code(user.pk)))
    assert refusal.value.tries_left == 4
    assert SignInCode.objects.values().get() == before


def test_a_contact_without_an_account_runs_out_of_tries_like_one_with() -> None:
    user = UserFactory.create()
    ask_for_code(user.phone)
    wrong = another(current_code(user.pk))
    told: dict[str, list[tuple[type, int | None]]] = {}
    for contact in (user.phone, "+8613000000000"):
        told[contact] = []
        for _try in range(6):
            with pytest.raises((CodeNotAccepted, TooManyTries)) as refusal:
                try_code(contact, wrong)
            told[contact].append((type(refusal.value), getattr(refusal.value, "tries_left", None)))
    assert told[user.phone] == told["+8613000000000"]
    assert told[user.phone] == [(CodeNotAccepted, left) for left in (4, 3, 2, 1)] + [(TooManyTries, None)] * 2


def test_after_five_wrong_codes_the_right_one_is_not_looked_at() -> None:
    user = UserFactory.create()
    ask_for_code(user.phone)
    code = current_code(user.pk)
    for _try in range(5):
        with pytest.raises((CodeNotAccepted, TooManyTries)):
            try_code(user.phone, another(code))
    with pytest.raises(TooManyTries) as refusal:
        try_code(user.phone, code)
    assert refusal.value.until == sign_in_locked_until(contact=user.phone)
    assert refusal.value.until - timezone.now() > timedelta(minutes=14)
    assert SignInCode.objects.filter(consumed_at=None).exists()


def test_asking_again_does_not_give_new_tries() -> None:
    user = UserFactory.create()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask_for_code(user.phone)
        for _try in range(3):
            with pytest.raises(CodeNotAccepted):
                try_code(user.phone, another(current_code(user.pk)))
        clock.shift(timedelta(minutes=6))
        ask_for_code(user.phone)
        with pytest.raises(CodeNotAccepted) as refusal:
            try_code(user.phone, another(current_code(user.pk)))
    assert refusal.value.tries_left == 1


def test_ten_wrong_codes_are_all_for_24_hours() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        start = timezone.now()
        for _try in range(10):
            with pytest.raises((CodeNotAccepted, TooManyTries)):
                try_code("+8613000000000", "000000")
            if lock := sign_in_locked_until(contact="+8613000000000"):
                clock.move_to(lock)
        assert lock == start + timedelta(hours=24)


def test_an_expired_code_is_told_from_a_wrong_one_by_its_digits_only() -> None:
    user = UserFactory.create()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask_for_code(user.phone)
        code = current_code(user.pk)
        clock.shift(timedelta(minutes=10))
        with pytest.raises(CodeNotAccepted):
            try_code(user.phone, another(code))
        with pytest.raises(CodeExpired):
            try_code(user.phone, code)
    assert SignInCode.objects.get().consumed_at is None


def test_a_superseded_code_is_a_wrong_one() -> None:
    user = UserFactory.create()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask_for_code(user.phone)
        old = current_code(user.pk)
        clock.shift(timedelta(minutes=6))
        ask_for_code(user.phone)
        assert current_code(user.pk) != old
        with pytest.raises(CodeNotAccepted):
            try_code(user.phone, old)


def test_a_code_does_not_open_another_contact_even_of_the_same_account() -> None:
    user = UserFactory.create()
    ask_for_code(user.phone)
    with pytest.raises(CodeNotAccepted):
        try_code(user.email, current_code(user.pk))


@pytest.mark.parametrize("change", [{"phone": ""}, {"is_active": False}, {"is_staff": True, "username": "clerk"}])
def test_a_code_dies_with_the_contact_or_the_account_it_was_sent_for(change: dict[str, object]) -> None:
    user = UserFactory.create()
    ask_for_code(user.phone)
    code, contact = current_code(user.pk), user.phone
    for name, value in change.items():
        setattr(user, name, value)
    user.save()
    with pytest.raises(CodeNotAccepted):
        try_code(contact, code)
    assert SignInCode.objects.filter(contact_index=index_of(contact), consumed_at=None).exists()


def test_a_doubled_press_of_a_wrong_code_counts_once() -> None:
    for _twice in range(2):
        with pytest.raises(CodeNotAccepted) as refusal:
            try_code("+8613000000000", "000000", press="one press")
        assert refusal.value.tries_left == 4


def test_an_address_that_checks_too_much_is_slowed_down_and_nobody_is_locked() -> None:
    for serial in range(120):
        with pytest.raises(CodeNotAccepted):
            try_code(f"+8613{serial:09d}", "000000")
    with pytest.raises(TooManyChecks):
        try_code("+8613999999999", "000000")
    assert sign_in_locked_until(contact="+8613999999999") is None
    with pytest.raises(CodeNotAccepted):
        sign_in(contact="+8613999999999", otp="000000", address="198.51.100.7")
