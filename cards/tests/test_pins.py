import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from cards.dimensions import PinStatus
from cards.models import Card, Pin
from cards.pins import (
    LocalCustody,
    adopt_pin,
    check_pin,
    choose_pin,
    custody_for,
    forget_lapsed_pins,
    forget_pending_pin,
    submit_pending_pin,
)
from cards.tests.factories import CardFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

LIFE = timedelta(minutes=15)
SHIPPED = LocalCustody._hasher  # before the tests take a quicker one


def _stages(card: Card) -> list[str]:
    return sorted(Pin.objects.filter(card=card).values_list("stage", flat=True))


def test_a_chosen_pin_works_only_once_it_is_adopted() -> None:
    card = CardFactory.create()
    choose_pin(card_id=card.pk, pin="483920")
    assert not check_pin(card_id=card.pk, pin="483920")
    assert Card.objects.get(pk=card.pk).pin_status == PinStatus.NOT_SET
    assert adopt_pin(card_id=card.pk)
    assert check_pin(card_id=card.pk, pin="483920")
    assert not check_pin(card_id=card.pk, pin="483921")
    assert not check_pin(card_id=card.pk, pin="")
    assert Card.objects.get(pk=card.pk).pin_status == PinStatus.OK


def test_the_old_pin_works_until_the_new_one_is_adopted_and_is_then_gone() -> None:
    card = CardFactory.create()
    choose_pin(card_id=card.pk, pin="483920")
    adopt_pin(card_id=card.pk)
    choose_pin(card_id=card.pk, pin="593027")
    assert check_pin(card_id=card.pk, pin="483920")
    assert adopt_pin(card_id=card.pk)
    assert check_pin(card_id=card.pk, pin="593027")
    assert not check_pin(card_id=card.pk, pin="483920")
    assert _stages(card) == ["current"]


def test_choosing_again_replaces_the_choice_and_its_submission() -> None:
    card = CardFactory.create()
    choose_pin(card_id=card.pk, pin="483920")
    assert submit_pending_pin(card_id=card.pk, at=timezone.now())
    choose_pin(card_id=card.pk, pin="593027")
    assert _stages(card) == ["pending"]
    assert Pin.objects.get(card=card).submitted_at is None
    adopt_pin(card_id=card.pk)
    assert check_pin(card_id=card.pk, pin="593027")


def test_adopting_without_a_choice_changes_nothing() -> None:
    card, other = CardFactory.create(), CardFactory.create()
    choose_pin(card_id=card.pk, pin="483920")
    adopt_pin(card_id=card.pk)
    choose_pin(card_id=other.pk, pin="593027")
    assert not adopt_pin(card_id=card.pk)
    assert check_pin(card_id=card.pk, pin="483920")
    assert _stages(other) == ["pending"]


def test_a_pending_pin_lapses_after_fifteen_minutes_unless_it_was_submitted() -> None:
    card, submitted = CardFactory.create(), CardFactory.create()
    for each in (card, submitted):
        choose_pin(card_id=each.pk, pin="483920")
    chosen_at = Pin.objects.get(card=card).chosen_at
    assert submit_pending_pin(card_id=submitted.pk, at=chosen_at + LIFE - timedelta(seconds=1))
    assert not Pin.objects.lapsed(chosen_at + LIFE - timedelta(microseconds=1)).exists()
    assert list(Pin.objects.lapsed(chosen_at + LIFE).values_list("card", flat=True)) == [card.pk]
    assert not submit_pending_pin(card_id=card.pk, at=chosen_at + LIFE)
    assert forget_lapsed_pins(chosen_at + LIFE - timedelta(seconds=1)) == 0
    assert forget_lapsed_pins(chosen_at + timedelta(hours=2)) == 1
    assert (_stages(card), _stages(submitted)) == ([], ["pending"])
    assert adopt_pin(card_id=submitted.pk)


def test_forgetting_a_choice_leaves_the_pin_that_works() -> None:
    card = CardFactory.create()
    choose_pin(card_id=card.pk, pin="483920")
    adopt_pin(card_id=card.pk)
    choose_pin(card_id=card.pk, pin="593027")
    assert forget_pending_pin(card_id=card.pk)
    assert not forget_pending_pin(card_id=card.pk)
    assert check_pin(card_id=card.pk, pin="483920")


def test_a_pin_outlives_the_change_of_peppers_and_is_kept_anew_when_it_is_next_seen(settings: Settings) -> None:
    settings.PIN_PEPPERS = {"old": b"o" * 32}
    card = CardFactory.create()
    choose_pin(card_id=card.pk, pin="483920")
    adopt_pin(card_id=card.pk)
    settings.PIN_PEPPERS = {"new": b"n" * 32, "old": b"o" * 32}
    assert not check_pin(card_id=card.pk, pin="111111")
    assert Pin.objects.get(card=card).pepper_id == "old"
    assert check_pin(card_id=card.pk, pin="483920")
    assert Pin.objects.get(card=card).pepper_id == "new"
    settings.PIN_PEPPERS = {"new": b"n" * 32}
    assert check_pin(card_id=card.pk, pin="483920")
    settings.PIN_PEPPERS = {"lost": b"l" * 32}
    assert not check_pin(card_id=card.pk, pin="483920")


def test_a_secret_belongs_to_its_card_and_its_pepper() -> None:
    card, other = CardFactory.create(), CardFactory.create()
    for each in (card, other):
        choose_pin(card_id=each.pk, pin="483920")
        adopt_pin(card_id=each.pk)
    stolen = Pin.objects.get(card=card)
    assert stolen.secret != Pin.objects.get(card=other).secret
    Pin.objects.filter(card=other).update(secret=stolen.secret)
    assert not check_pin(card_id=other.pk, pin="483920")


def test_a_secret_is_argon2id_with_the_parameters_of_owasp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LocalCustody, "_hasher", SHIPPED)
    card = CardFactory.create()
    choose_pin(card_id=card.pk, pin="483920")
    assert Pin.objects.get(card=card).secret.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_pin_is_in_no_query_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    card = CardFactory.create()
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        choose_pin(card_id=card.pk, pin="483920")
        adopt_pin(card_id=card.pk)
        check_pin(card_id=card.pk, pin="483920")
    assert len(queries) > 3
    assert "483920" not in str(queries.captured_queries) + caplog.text
    assert any("$argon2id$" in query["sql"] for query in queries.captured_queries)  # so it is the right haystack


def test_a_card_that_does_not_exist_is_named() -> None:
    with pytest.raises(Card.DoesNotExist):
        choose_pin(card_id=uuid4(), pin="483920")
    with pytest.raises(Card.DoesNotExist):
        check_pin(card_id=uuid4(), pin="483920")


def test_a_card_without_a_pin_has_none_that_is_right() -> None:
    card = CardFactory.create()
    assert not check_pin(card_id=card.pk, pin="483920")
    assert custody_for(ProgrammeFactory.create()).name == "local"
