"""Three beats mark the same stale codes at once: each code is marked once, whatever the batches."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.utils import timezone

from activation import tidying
from activation.models import ActivationCode
from activation.tests.factories import EMAIL
from cards.tests.factories import CardFactory, ProgrammeFactory
from vault.tests.concurrency import at_once

CODES = 300
AGO = timedelta(days=3)


def make_stale_codes(*, alike: bool) -> None:
    """Codes that end one after the other, or many at the same moment; and as many that live."""
    programme, now = ProgrammeFactory.create(), timezone.now()
    cards = CardFactory.create_batch(CODES + 5, programme=programme)
    codes = [
        ActivationCode.draw(
            rule=EMAIL, channel="email", at=now - AGO + timedelta(seconds=0 if alike else n), card=card, card_version=1
        )
        for n, card in enumerate(cards[:CODES])
    ]
    live = [
        ActivationCode.draw(rule=EMAIL, channel="email", at=now, card=card, card_version=1) for card in cards[CODES:]
    ]
    ActivationCode.objects.bulk_create([*codes, *live])


@pytest.mark.django_db
@pytest.mark.parametrize("alike", [False, True], ids=["one after the other", "at the same moment"])
@pytest.mark.parametrize("batch", [1, 7, CODES - 1, CODES, CODES + 1])
def test_every_stale_code_is_marked_and_no_other_whatever_the_batches(
    batch: int, alike: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_stale_codes(alike=alike)
    monkeypatch.setattr(tidying, "BATCH", batch)
    assert tidying.mark_expired(timezone.now()) == CODES
    assert ActivationCode.objects.filter(expired_at=None).count() == 5
    assert tidying.mark_expired(timezone.now()) == 0


@pytest.mark.django_db(transaction=True)
def test_three_beats_at_once_mark_every_code_once(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_stale_codes(alike=False)
    monkeypatch.setattr(tidying, "BATCH", 20)
    at = timezone.now()
    assert sum(at_once(3, lambda number: tidying.mark_expired(at + timedelta(seconds=number)))) == CODES
    assert ActivationCode.objects.filter(expired_at=None).count() == 5


@pytest.mark.django_db(transaction=True)
def test_reading_and_then_marking_would_mark_twice(postgres: str) -> None:
    """The twin: it looks for stale codes, and then marks those it has found."""
    make_stale_codes(alike=False)
    at = timezone.now()
    all_have_looked = Barrier(3)

    def naive(number: int) -> int:
        found = list(ActivationCode.objects.stale(at).values_list("pk", flat=True))
        all_have_looked.wait(timeout=30)
        return sum(ActivationCode.objects.filter(pk=pk).update(expired_at=at) for pk in found)

    assert sum(at_once(3, naive)) == 3 * CODES
