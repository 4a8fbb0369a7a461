from collections.abc import Mapping
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cards.issuer_hosts import HostUnavailable, IssuerHost, Outcome, Verdict, host_for, host_names, register
from cards.models import Card
from cards.tests.factories import CardFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

NUMBER = "11010519491231002X"
ONE_DAY = time_machine.travel("2026-03-02 12:00:00+08:00", tick=False)
"""It is not another one before the test has ended."""


def _verify(card: Card, **answers: str) -> Verdict:
    right = {"name": card.holder_name, "id_type": card.id_type, "id_number": card.id_number}
    return host_for(card.programme).verify(card=card, answers=right | answers)


def test_the_holder_passes_and_the_functions_of_the_programme_come_with_the_verdict() -> None:
    card = CardFactory.create()
    assert _verify(card) == Verdict(Outcome.PASSED, "verified", card.programme.functions)
    assert [item["opens"] for item in _verify(card).functions] == ["at_once", "next_day"]


@pytest.mark.parametrize("name", ["阿卜杜拉·买买提", "阿卜杜拉•买买提", " 阿卜杜拉 ． 买买提", "阿卜杜拉‧买买提"])
def test_a_name_passes_with_any_dot(name: str) -> None:
    assert _verify(CardFactory.create(holder_name="阿卜杜拉·买买提"), name=name).outcome == Outcome.PASSED


@pytest.mark.parametrize("number", [NUMBER, "110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ"])
def test_a_number_passes_in_any_spelling(number: str) -> None:
    assert _verify(CardFactory.create(id_number=NUMBER), id_number=number).outcome == Outcome.PASSED


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"name": "王大明"}, "name_differs"),
        ({"name": ""}, "name_differs"),
        ({"id_number": "110105194912310038"}, "id_number_differs"),
        ({"id_type": "passport"}, "id_type_differs"),
        ({"name": "王大明", "id_number": ""}, "name_and_id_number_differs"),
    ],
)
def test_another_person_does_not_match_and_staff_can_see_why(answers: dict[str, str], reason: str) -> None:
    assert _verify(CardFactory.create(id_number=NUMBER), **answers) == Verdict(Outcome.NOT_MATCHED, reason)


def test_an_empty_record_matches_nothing_not_even_an_empty_answer() -> None:
    card = CardFactory.create()
    card.holder_name = card.id_number = ""
    assert _verify(card, name="", id_number="").outcome == Outcome.NOT_MATCHED
    assert host_for(card.programme).verify(card=CardFactory.create(), answers={}).outcome == Outcome.NOT_MATCHED


def test_only_what_the_programme_asks_for_is_compared() -> None:
    by_number = ProgrammeFactory.create(code="number", identity_fields=["id_number"])
    assert _verify(CardFactory.create(programme=by_number), name="somebody").outcome == Outcome.PASSED
    by_name = ProgrammeFactory.create(code="name", identity_fields=["name"])
    assert _verify(CardFactory.create(programme=by_name), id_number="nothing", id_type="").outcome == Outcome.PASSED


@ONE_DAY
def test_a_card_past_its_date_is_refused_and_one_on_its_date_is_not() -> None:
    today = timezone.localdate()
    late = CardFactory.create(expires_on=today - timedelta(days=1))
    assert _verify(late) == Verdict(Outcome.REFUSED, "card_expired")
    assert _verify(CardFactory.create(expires_on=today)).outcome == Outcome.PASSED


@ONE_DAY
def test_the_day_is_that_of_the_programme() -> None:
    kiribati, niue = (
        ProgrammeFactory.create(code=zone[-4:].lower(), time_zone=zone)
        for zone in ("Pacific/Kiritimati", "Pacific/Niue")
    )
    today = timezone.localdate(timezone=niue.zone)  # its days begin 25 hours after those of Kiritimati
    assert _verify(CardFactory.create(programme=niue, expires_on=today)).outcome == Outcome.PASSED
    assert _verify(CardFactory.create(programme=kiribati, expires_on=today)).outcome == Outcome.REFUSED


def test_a_host_of_its_own_is_chosen_by_name() -> None:
    class FarHost(IssuerHost):
        name = "far"

        def verify(self, *, card: Card, answers: Mapping[str, str]) -> Verdict:
            raise HostUnavailable

    register(FarHost())
    assert host_names() == ["far", "records"]
    card = CardFactory.create(programme=ProgrammeFactory.create(code="far", issuer_host="far"))
    with pytest.raises(HostUnavailable):
        _verify(card)
    with pytest.raises(KeyError):
        host_for(ProgrammeFactory.create(code="lost", issuer_host="nobody"))
