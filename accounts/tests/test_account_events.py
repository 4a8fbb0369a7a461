"""What happens to an account is written down by kind and masked facts, and has a sentence."""

import pytest

from accounts.account_events import record, register, sentence_of
from accounts.models import AccountEvent
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_an_event_keeps_its_kind_and_its_facts() -> None:
    user = UserFactory.create()
    record(user_id=user.pk, kind="denied", reference="A7K4-22QP-Z9HM")
    event = AccountEvent.objects.get()
    assert (event.user, event.kind, event.facts) == (user, "denied", {"reference": "A7K4-22QP-Z9HM"})


def test_a_kind_that_nobody_could_tell_is_not_written() -> None:
    user = UserFactory.create()
    with pytest.raises(KeyError):
        record(user_id=user.pk, kind="abducted")
    with pytest.raises(KeyError):
        record(user_id=user.pk, kind="denied")
    assert not AccountEvent.objects.exists()


def test_another_room_adds_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.account_events._sentences", {})
    register("moved", "You moved to %(place)s")
    record(user_id=UserFactory.create().pk, kind="moved", place="Turin")
    assert sentence_of("moved") == "You moved to %(place)s"
    assert sentence_of("denied") is None


def test_what_is_written_stays_as_it_is() -> None:
    event = record(user_id=UserFactory.create().pk, kind="signed_out_everywhere")
    with pytest.raises(TypeError):
        event.save()
