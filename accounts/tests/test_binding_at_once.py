"""What only a server with many connections can show. Each protection has a naive twin that must fail."""

from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import services
from accounts.binding import adding
from accounts.binding.codes import Asked, answer
from accounts.binding.notices import tell
from accounts.models import BindingCode, CardBinding, CardHelper, CodeRequest
from accounts.models.binding_codes import Whose
from accounts.refusals import CardNotAdded, CodeUsed
from accounts.tests.adding import a_card, asked, digits_of, helps
from accounts.tests.codes import ADDRESS
from accounts.tests.factories import UserFactory
from accounts.tests.losing import PHONE
from cards.dimensions import Via
from cards.events import Actor
from cards.models import CardEvent
from cards.models.card_event import EventKind
from messaging.models import Message
from vault.ids import new_id
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


def codes(whose: Whose) -> list[BindingCode]:
    """A code for the same card in the hands of each of many accounts."""
    a_card()
    for number in range(MANY):
        user = UserFactory.create(phone=f"+861370000000{number}")
        with transaction.atomic():
            answer(Asked(str(user.pk), whose, "2604", PHONE, "secret").body(""), CodeRequest(id=new_id()))
    return list(BindingCode.objects.select_related("card__programme", "user"))


def add(code: BindingCode) -> bool:
    with transaction.atomic():
        return not isinstance(adding.add_card(code, timezone.now()), CardNotAdded)


def test_of_many_accounts_that_add_one_card_at_once_one_has_it_and_the_others_are_told(postgres: str) -> None:
    ready = codes(Whose.OWN)
    assert sum(at_once(MANY, lambda number: add(ready[number]))) == 1
    assert CardBinding.objects.live().count() == 1
    assert CardEvent.objects.filter(kind=EventKind.BOUND).count() == 1


def test_of_many_who_help_at_once_three_get_in(postgres: str) -> None:
    ready = codes(Whose.HELPED)
    assert sum(at_once(MANY, lambda number: add(ready[number]))) == 3
    assert sorted(CardHelper.objects.live().values_list("place", flat=True)) == [1, 2, 3]


def test_counting_the_helpers_first_would_turn_people_away_while_there_is_room(postgres: str) -> None:
    """The twin takes the place after those it has counted."""
    ready, counted = codes(Whose.HELPED), Barrier(MANY)

    def naive(number: int) -> bool:
        code = ready[number]
        place = CardHelper.objects.live().filter(card=code.card).count() + 1
        counted.wait(timeout=30)
        try:
            helps(code.user, code.card, place)
        except IntegrityError:
            return False
        return True

    assert sum(at_once(MANY, naive)) == 1


def test_one_code_posted_many_times_at_once_adds_the_card_once(postgres: str) -> None:
    card, user = a_card(), UserFactory.create()
    typed = asked(user)
    digits = digits_of(card)

    def press(_number: int) -> bool:
        try:
            services.add_card(asked=typed, otp=digits, address=ADDRESS)
        except CodeUsed:
            return False
        return True

    assert sum(at_once(MANY, press)) == 1
    assert Message.objects.filter(kind="card_bound").count() == 4


def test_help_that_many_end_at_once_ends_once_and_is_told_once(postgres: str) -> None:
    helper = helps(UserFactory.create(), a_card())

    def end(_number: int) -> bool:
        return services.end_help(
            card_id=helper.card_id, helper_id=helper.pk, actor=Actor.cardholder(), channel=Via.WEB
        )

    assert sum(at_once(MANY, end)) == 1
    assert CardEvent.objects.filter(kind=EventKind.HELPER_ENDED).count() == 1
    assert Message.objects.filter(kind__in=("helper_ended", "helping_ended")).count() == 4


def test_looking_first_whether_it_has_ended_would_tell_it_more_than_once(postgres: str) -> None:
    helper, looked = helps(UserFactory.create(), a_card()), Barrier(MANY)

    def naive(_number: int) -> bool:
        lives = CardHelper.objects.live().filter(pk=helper.pk).exists()
        looked.wait(timeout=30)
        if lives:
            with transaction.atomic():
                CardHelper.objects.filter(pk=helper.pk).update(ended_at=timezone.now())
                tell("helper_ended", subject_id=helper.pk, card=helper.card, user=helper.user, at=timezone.now())
        return lives

    assert sum(at_once(MANY, naive)) == MANY
    assert Message.objects.filter(kind__in=("helper_ended", "helping_ended")).count() == MANY * 4
