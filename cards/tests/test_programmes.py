from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cards import programmes
from cards.models import Programme
from cards.programmes import all_programmes, forget_programmes, programme_by_code, programme_by_host
from cards.tests.factories import ProgrammeFactory

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_programme_is_found_by_code_and_by_host_name() -> None:
    campus = ProgrammeFactory.create(host_name=" Card.Example.ORG ")
    transit = ProgrammeFactory.create(code="transit")
    assert programme_by_code("campus") == campus
    assert programme_by_host("card.example.org") == campus
    assert programme_by_host("CARD.example.org.") == campus
    assert programme_by_code("nothing") is None
    assert programme_by_host("") is None
    assert all_programmes() == [campus, transit]
    assert Programme.objects.by_code("transit") == transit
    with pytest.raises(Programme.DoesNotExist):
        Programme.objects.by_code("nothing")


@pytest.mark.django_db(transaction=True)
def test_looking_again_asks_the_database_no_more_whatever_is_looked_for() -> None:
    forget_programmes()
    ProgrammeFactory.create()
    with CaptureQueriesContext(connection) as queries:
        for host in ("a.example.org", "b.example.org", "c.example.org"):
            assert programme_by_host(host) is None
        assert programme_by_code("campus") is not None
    assert len(queries) == 1
    forget_programmes()


@pytest.mark.django_db(transaction=True)
def test_a_change_is_seen_at_once_where_it_is_made_and_soon_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_programmes()
    programme = ProgrammeFactory.create()
    found = programme_by_code("campus")
    assert found is not None
    programme.hotline = "400-111-1111"
    programme.save()
    found = programme_by_code("campus")
    assert found is not None
    assert found.hotline == "400-111-1111"
    Programme.objects.update(hotline="400-222-2222")  # as another process would: no signal comes here
    monkeypatch.setattr("cards.programmes.time.monotonic", lambda: float("inf"))
    found = programme_by_code("campus")
    assert found is not None
    assert found.hotline == "400-222-2222"
    monkeypatch.undo()
    programme.delete()
    assert programme_by_code("campus") is None


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_whoever_reads_the_programmes(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_programmes()
    ProgrammeFactory.create(code="campus")
    with programmes._filling:  # somebody reads, and the database is silent
        assert programme_by_code("campus") is not None, "never read before: whoever comes reads too"
    assert programme_by_code("campus") is not None
    monkeypatch.setattr("cards.programmes.time.monotonic", lambda: float("inf"))
    with programmes._filling, CaptureQueriesContext(connection) as queries:
        assert programme_by_code("campus") is not None
    assert len(queries) == 0, "what was read before serves meanwhile"


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_took_back_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programmes, "connection", connection)
    forget_programmes()
    with transaction.atomic():
        ProgrammeFactory.create(code="ghost")
        assert programme_by_code("ghost") is not None
        transaction.set_rollback(True)
    assert programme_by_code("ghost") is None


@pytest.mark.parametrize(
    ("opens", "closes", "is_open"),
    [
        (None, None, True),
        (-1, None, True),
        (0, None, True),
        (1, None, False),
        (None, 0, False),
        (-2, -1, False),
        (-1, 1, True),
    ],
)
@pytest.mark.django_db
def test_a_programme_is_open_between_its_dates(opens: int | None, closes: int | None, is_open: bool) -> None:
    moments = [None if days is None else NOON + timedelta(days=days) for days in (opens, closes)]
    programme = ProgrammeFactory.create(opens_on=moments[0], closes_on=moments[1])
    assert programme.is_open(NOON) is is_open
    assert Programme.objects.open(NOON).exists() is is_open


@pytest.mark.django_db
def test_many_programmes_may_have_no_host_name_and_no_two_the_same() -> None:
    ProgrammeFactory.create(code="a", host_name="")
    ProgrammeFactory.create(code="b", host_name=None)
    assert set(Programme.objects.values_list("host_name", flat=True)) == {None}
    ProgrammeFactory.create(code="c", host_name="card.example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeFactory.create(code="d", host_name="CARD.example.org")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Asia/Atlantis"),
        ("region", "cn"),
        ("brand_colour", "blue"),
        ("brand_colour", "#0b5cad\n"),
        ("number_length", 33),
        ("number_prefixes", ["62x"]),
        ("number_prefixes", "62"),
        ("number_prefixes", ["٦٢"]),
        ("pin_length", 3),
        ("pin_length", 13),
        ("id_types", []),
        ("id_types", ["library_card"]),
        ("identity_fields", ["mother"]),
        ("identity_fields", {}),
        ("issuer_host", "nobody"),
        ("pin_custody", "drawer"),
        ("code_policy", {"sms": {"digits": 7}}),
        ("functions", [{"names": {}}]),
        ("logo_svg", "<svg onload='x()'/>"),
        ("names", {}),
    ],
)
@pytest.mark.django_db
def test_what_a_programme_cannot_be_is_refused_at_its_field(field: str, value: Any) -> None:
    ProgrammeFactory.build().full_clean()
    with pytest.raises(ValidationError) as refused:
        ProgrammeFactory.build(**{field: value}).full_clean()
    assert list(refused.value.message_dict) == [field]
