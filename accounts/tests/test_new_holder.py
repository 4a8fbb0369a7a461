"""A waiting card that its issuer registers for somebody else leaves the account it is in."""

from pathlib import Path

import pytest
from django.test import Client

from accounts.models import CardBinding, CardHelper, User
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.dimensions import ActorKind, State
from cards.models import Card, CardEvent
from cards.new_holders import end_all
from cards.tests.card_files import Outcome, bank, good, run, write
from messaging.models import Message

pytestmark = pytest.mark.django_db
LEFT = "Of these, cards that left an account"
SOMEBODY_ELSE = {"holder_name": "李四", "id_type": "passport", "id_number": "E12345678", "phone": "13900139000"}


@pytest.fixture
def owner() -> User:
    return UserFactory.create()


@pytest.fixture
def card(tmp_path: Path, owner: User) -> Card:
    """A card that was imported, is in an account and is not active; one more beside it that is in none."""
    bank()
    run(write(tmp_path / "cards.csv", good(1), good(2)))
    card = next(one for one in Card.objects.all() if one.number == good(1)["card_number"])
    CardBindingFactory.create(user=owner, card=card)
    return card


def again(folder: Path, cells: dict[str, str], *, dry_run: bool = False) -> Outcome:
    return run(write(folder / "cards.csv", good(1, **cells), good(2, **cells)), dry_run=dry_run)


@pytest.mark.parametrize(
    "cells", [SOMEBODY_ELSE, {"id_type": "passport", "id_number": "E12345678"}, {"id_number": good(7)["id_number"]}]
)
def test_with_another_document_the_card_leaves_the_account_and_the_report_says_so(
    tmp_path: Path, card: Card, owner: User, cells: dict[str, str]
) -> None:
    would_be = again(tmp_path, cells, dry_run=True)
    assert (would_be.count("Changed cards"), would_be.count(LEFT)) == (2, 1)
    assert CardBinding.objects.live().count() == 1
    outcome = again(tmp_path, cells)
    assert (outcome.code, outcome.count("Changed cards"), outcome.count(LEFT)) == (0, 2, 1)
    assert not CardBinding.objects.live().exists()
    event = CardEvent.objects.get(kind="unbound")
    assert (event.card_id, event.actor_kind, event.actor_id) == (card.pk, ActorKind.ISSUER, "import")
    assert LEFT not in "".join(again(tmp_path, cells).lines)


@pytest.mark.parametrize(
    "cells", [{"holder_name": "张晓明"}, {"phone": "13900139000"}, {"email": "other@example.org"}, {"language": "en"}]
)
def test_with_other_contacts_or_another_spelling_it_stays(tmp_path: Path, card: Card, cells: dict[str, str]) -> None:
    outcome = again(tmp_path, cells)
    assert outcome.count("Changed cards") == 2 and LEFT not in "".join(outcome.lines)
    assert CardBinding.objects.live().get().card_id == card.pk
    assert not CardEvent.objects.filter(kind="unbound").exists()


def test_who_had_it_is_told_and_whose_it_is_now_is_not(tmp_path: Path, card: Card, owner: User) -> None:
    again(tmp_path, SOMEBODY_ELSE)
    told = Message.objects.filter(kind="card_reassigned")
    assert {one.contact_index for one in told} == {owner.phone_index, owner.email_index}
    client = Client(headers={"accept-language": "en"})
    client.force_login(owner, backend="accounts.backends.OneTimeCodeBackend")
    assert client.get(f"/cards/{card.pk}/").status_code == 404
    page = client.get("/account/activity/").content.decode()
    assert "The card was removed from your account" in page and "By the issuer" in page


def test_help_with_it_ends_too(tmp_path: Path, card: Card) -> None:
    helper = UserFactory.create()
    CardHelper.objects.create(card=card, user=helper, place=1, since=card.created_at)
    again(tmp_path, SOMEBODY_ELSE)
    assert not CardHelper.objects.live().exists()
    told = Message.objects.filter(kind__in=("helper_ended", "helping_ended"))
    assert {one.contact_index for one in told} == {helper.phone_index, helper.email_index}


def test_the_card_is_changed_and_leaves_together_or_not_at_all(
    tmp_path: Path, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("accounts.binding.ending.tell", broken)
    with pytest.raises(RuntimeError):
        again(tmp_path, SOMEBODY_ELSE)
    card.refresh_from_db()
    assert (card.holder_name, card.record_version) == (good(1)["holder_name"], 1)
    assert CardBinding.objects.live().count() == 1


def test_a_card_in_use_is_not_touched(tmp_path: Path, card: Card) -> None:
    Card.objects.filter(pk=card.pk).update(state=State.ACTIVE, activated_at=card.created_at)
    outcome = again(tmp_path, SOMEBODY_ELSE)
    assert (outcome.count("Changed cards"), outcome.count("Cards left as they are")) == (1, 1)
    assert CardBinding.objects.live().count() == 1


def test_done_twice_it_is_done_once(card: Card) -> None:
    for _time in range(2):
        end_all([card.pk], card.created_at.replace(year=card.created_at.year + 1))
    assert CardEvent.objects.filter(kind="unbound").count() == 1
    assert Message.objects.filter(kind="card_reassigned").count() == 2
