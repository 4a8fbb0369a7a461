"""Staff end somebody's help for a holder who calls; they let nobody help."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts import services
from accounts.models import CardHelper
from accounts.tests.adding import helps
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.models import Card, CardEvent
from desk.tests.conftest import SignIn
from messaging.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    bound: Card = CardBindingFactory.create().card
    return bound


@pytest.fixture
def helper(card: Card) -> CardHelper:
    return helps(UserFactory.create(phone="+8613900139000"), card)


def address_of(card: Card) -> str:
    return reverse("admin:cards_card_act", args=[card.pk, "end-help"])


def end(client: Any, helper: CardHelper, **given: str) -> Any:
    filled = {"whom": str(helper.pk), "reason": "other", "comment": "She called, they have fallen out", **given}
    return client.post(address_of(helper.card), filled)


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_the_hotline_ends_one_help_with_a_reason_and_both_sides_are_told(
    signed_in: SignIn, role: str, card: Card, helper: CardHelper
) -> None:
    other = helps(UserFactory.create(), card, place=2)
    answer = end(signed_in(role), helper)
    assert [str(said) for said in get_messages(answer.wsgi_request)] == ["The help has ended."]
    assert CardHelper.objects.live().get() == other
    event = CardEvent.objects.get(kind="helper_ended")
    assert (event.actor_role, event.channel, event.reason) == (role, "ADMIN", "other")
    assert event.comment == "She called, they have fallen out"
    told = set(
        Message.objects.filter(kind__in=("helper_ended", "helping_ended")).values_list("contact_index", flat=True)
    )
    assert {card.phone_index, card.email_index, helper.user.phone_index} <= told


@pytest.mark.parametrize("role", ["operator", "auditor"])
def test_nobody_else_at_the_desk_ends_it(signed_in: SignIn, role: str, helper: CardHelper) -> None:
    assert end(signed_in(role), helper).status_code == 403
    assert CardHelper.objects.live().get() == helper


def test_the_page_names_who_helps_by_a_mask(signed_in: SignIn, helper: CardHelper) -> None:
    page = signed_in("agent").get(address_of(helper.card)).content.decode()
    assert "139 **** 9000" in page and "13900139000" not in page


@pytest.mark.parametrize("wrong", [{"whom": ""}, {"reason": ""}, {"comment": " "}])
def test_nothing_ends_until_it_is_said_whose_help_and_why(
    signed_in: SignIn, helper: CardHelper, wrong: dict[str, str]
) -> None:
    assert "Nothing was done yet" in end(signed_in("agent"), helper, **wrong).content.decode()
    assert CardHelper.objects.live().get() == helper


def test_help_with_another_card_is_not_ended_from_this_one(signed_in: SignIn, card: Card, helper: CardHelper) -> None:
    elsewhere = helps(UserFactory.create(), CardBindingFactory.create().card)
    end(signed_in("agent"), helper, whom=str(elsewhere.pk))
    assert CardHelper.objects.live().count() == 2


def test_help_that_ended_while_staff_decided_is_told_once(
    signed_in: SignIn, helper: CardHelper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def after_the_holder(**wanted: Any) -> bool:
        assert services.end_help(**wanted)
        return services.end_help(**wanted)

    monkeypatch.setattr("desk.actions.ending_help.end_help", after_the_holder)
    assert "changed in the meantime" in end(signed_in("agent"), helper).content.decode()
    assert CardEvent.objects.filter(kind="helper_ended").count() == 1


def test_there_is_nothing_to_end_where_nobody_helps(signed_in: SignIn, card: Card) -> None:
    assert "Nobody helps with this card." in signed_in("agent").get(address_of(card)).content.decode()
