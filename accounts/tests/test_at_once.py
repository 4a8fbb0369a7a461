"""What only a server with many connections can show. Each protection has a naive twin that must fail."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial, partialmethod
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts import code_requests, services
from accounts.binding.joining import account_for_contact, bind_card
from accounts.contacts import field_of, index_of
from accounts.models import CardBinding, CodeRequest, SignInCode, User
from accounts.models.sign_in_codes import SignInCodeQuerySet
from accounts.refusals import SendTooEarly
from accounts.services import SIGN_IN_TRIES, request_sign_in_code
from accounts.signing_in import codes as sign_in_codes
from accounts.signing_in import pending
from accounts.tests.codes import ADDRESS, another, ask_for_code, current_code
from accounts.tests.factories import UserFactory
from cards.models import CardEvent
from cards.tests.factories import CardFactory
from messaging.models import Message
from vault import limits
from vault.limits import Count, Counted, Limit
from vault.models import Counter
from vault.tests.concurrency import at_once, while_uncommitted

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+8613800138000"
MANY, FEW = 200, 12
"""Browsers at once; few are enough where all of them have to look before the first one writes."""


@pytest.fixture
def user(postgres: str) -> User:
    holder: User = UserFactory.create(phone=PHONE)
    ask_for_code(PHONE)
    return holder


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Every comparison with the digits of a real code adds its outcome here."""
    outcomes: list[bool] = []
    matches = SignInCode.matches

    def noted(self: SignInCode, typed: str) -> bool:
        outcome = matches(self, typed)
        if not self.is_dummy:
            outcomes.append(outcome)
        return outcome

    monkeypatch.setattr(SignInCode, "matches", noted)
    return outcomes


def post_from_many_browsers(otp: str, many: int = MANY) -> int:
    """Post the code from many browsers at as many addresses at once; gives how many of them are signed in then."""
    browsers = []
    for number in range(many):
        browser = Client(REMOTE_ADDR=f"10.0.{number}.1")
        session = browser.session
        session[pending.KEY] = [PHONE, "/cards/"]
        session.save()
        browsers.append(browser)
    answers = at_once(many, lambda number: browsers[number].post("/account/sign-in/verify/", {"otp": otp}))
    assert {answer.status_code for answer in answers} == {303}
    return sum("_auth_user_id" in browser.session for browser in browsers)


def test_one_good_code_posted_200_times_signs_in_one_session(user: User) -> None:
    assert post_from_many_browsers(current_code(user.pk)) == 1
    assert limits.peek(SIGN_IN_TRIES, PHONE).tries == 0


def test_read_then_write_would_sign_in_more_than_one(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "count_all", without_counting)
    monkeypatch.setattr(SignInCodeQuerySet, "consume", partialmethod(read_then_write, all_have_looked=Barrier(FEW)))
    assert post_from_many_browsers(current_code(user.pk), FEW) == FEW


def test_the_conditional_update_alone_keeps_it_to_one(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "count_all", without_counting)
    assert post_from_many_browsers(current_code(user.pk)) == 1


def test_a_code_that_is_used_while_another_waits_for_its_row_is_not_used_again(user: User) -> None:
    assert used_again(SignInCode.objects.filter(user=user)) == 0


def test_a_join_in_the_conditional_update_would_use_it_again(user: User) -> None:
    assert used_again(SignInCodeQuerySet(SignInCode).unfinished().filter(user__is_active=True), live=False) == 1


def test_200_wrong_codes_are_evaluated_five_times(user: User, evaluated: list[bool]) -> None:
    assert post_from_many_browsers(another(current_code(user.pk))) == 0
    assert evaluated == [False] * 5
    assert services.sign_in_locked_until(contact=PHONE) is not None


def test_counting_by_read_then_write_would_evaluate_more(
    user: User, evaluated: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "count_all", partial(count_by_read_then_write, all_have_looked=Barrier(FEW)))
    post_from_many_browsers(another(current_code(user.pk)), FEW)
    assert len(evaluated) == FEW


def test_of_200_requests_for_a_code_at_once_one_is_written(postgres: str) -> None:
    def ask(number: int) -> bool:
        try:
            request_sign_in_code(contact=PHONE, address=f"10.0.{number}.1")
        except SendTooEarly:
            return False
        return True

    assert sum(at_once(MANY, ask)) == 1


def test_requests_looked_at_by_many_workers_are_answered_once(postgres: str) -> None:
    for number in range(20):
        UserFactory.create(phone=f"+86138001380{number:02d}")
        request_sign_in_code(contact=f"+86138001380{number:02d}", address=ADDRESS)
    assert sum(at_once(8, lambda _number: code_requests.answer_waiting())) == 20
    assert SignInCode.objects.count() == Message.objects.count() == 20


def test_many_answers_for_one_account_leave_one_unfinished_code(user: User) -> None:
    earlier = timedelta(minutes=6)  # past the first half of its life: the next answer is a new code
    SignInCode.objects.update(issued_at=F("issued_at") - earlier, expires_at=F("expires_at") - earlier)
    requests = [CodeRequest(purpose="sign_in_code") for _number in range(20)]

    def answer(number: int) -> None:
        with transaction.atomic():
            sign_in_codes.answer({"contact": PHONE}, requests[number])

    at_once(20, answer)
    assert SignInCode.objects.count() == 2
    assert SignInCode.objects.unfinished().count() == 1


def test_an_account_asked_for_at_once_is_made_once(postgres: str) -> None:
    made = at_once(40, transaction.atomic(lambda _number: account_for_contact(contact=PHONE).pk))
    assert len(set(made)) == 1
    assert User.objects.count() == 1


def test_looking_before_making_would_break_on_the_second(postgres: str) -> None:
    all_have_looked = Barrier(40)

    def naive(_number: int) -> bool:
        found = User.objects.holding_contact(index_of(PHONE)).exists()
        all_have_looked.wait(timeout=30)
        if found:
            return True
        try:
            User(**{field_of(PHONE): PHONE}).save()
        except IntegrityError:
            return False
        return True

    assert sum(at_once(40, naive)) == 1


def test_a_card_claimed_by_many_accounts_at_once_joins_one(postgres: str) -> None:
    card = CardFactory.create()
    people = UserFactory.create_batch(20)
    owners = at_once(20, lambda number: bind_card(card_id=card.pk, user_id=people[number].pk).user_id)
    assert len(set(owners)) == 1
    assert CardBinding.objects.count() == CardEvent.objects.count() == 1


def used_again(codes: SignInCodeQuerySet, *, live: bool = True) -> int:
    """Use the code in one transaction while another one, which has looked at it already, waits for its row."""
    at = timezone.now()

    def use() -> int:
        used: int = codes.all().consume(at) if live else codes.all().update(consumed_at=at)
        return used

    return while_uncommitted(lambda: SignInCode.objects.update(consumed_at=at), use)


def without_counting(counted: Sequence[Counted], *, once: str = "") -> list[Count]:
    return [Count(allowed=True, tries=1, left=4, until=None) for _ in counted]


def count_by_read_then_write(counted: Sequence[Counted], *, once: str = "", all_have_looked: Barrier) -> list[Count]:
    tries = [limits.peek(limit, subject).tries for limit, subject in counted]
    all_have_looked.wait(timeout=30)
    return [write(limit, subject, many) for (limit, subject), many in zip(counted, tries, strict=True)]


def write(limit: Limit, subject: str, tries: int) -> Count:
    if tries >= limit.tries:
        return Count(allowed=False, tries=tries, left=0, until=timezone.now())
    Counter.objects.update_or_create(
        key=limits._key(limit, subject), defaults={"tries": tries + 1, "ends_at": timezone.now() + limit.window}
    )
    return Count(allowed=True, tries=tries + 1, left=limit.tries - tries - 1, until=None)


def read_then_write(self: Any, at: datetime, *, all_have_looked: Barrier) -> int:
    found = self.live(at).first()
    all_have_looked.wait(timeout=30)
    if found is None:
        return 0
    changed: int = SignInCode.objects.filter(pk=uuid.UUID(str(found.pk))).update(consumed_at=at)
    return changed
