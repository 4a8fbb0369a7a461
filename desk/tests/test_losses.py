"""Staff report losses and close cases, through the services that cardholders use."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.loss.messages import build_notice
from accounts.models import Case, LossReport
from accounts.refusals import CannotBeUnfrozen
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card, CardEvent
from cards.tests.factories import CardFactory
from desk.tests.conftest import SignIn
from desk.tests.pages import page_of
from messaging.models import Message

pytestmark = pytest.mark.django_db
GIVEN = {"reason": "lost", "comment": "", "sure": "on"}


def act(client: Any, card: Card, slug: str, **given: str) -> Any:
    return client.post(reverse("admin:cards_card_act", args=[card.pk, slug]), {**GIVEN, **given})


def state_of(card: Card) -> str:
    return Card.objects.get(pk=card.pk).state


def test_an_agent_freezes_and_every_contact_is_told(signed_in: SignIn) -> None:
    card: Card = CardFactory.create(state=State.ACTIVE)
    act(signed_in("agent"), card, "suspend")
    assert state_of(card) == State.SUSPENDED
    assert LossReport.objects.open().filter(card=card).count() == 1
    assert Message.objects.filter(kind="card_frozen").count() == 2


def test_staff_read_when_its_holder_last_used_it(signed_in: SignIn) -> None:
    card: Card = CardFactory.create(state=State.ACTIVE)
    report = services.freeze_card(card_id=card.pk, actor=Actor.cardholder(), channel=Via.WEB, reason="lost")
    assert report
    services.note_last_use(report_id=report.pk, said="昨天中午，在食堂")
    client = signed_in("agent")
    for row in (card, report):
        assert "昨天中午，在食堂" in client.get(page_of(row)).content.decode()


def test_an_operator_reports_a_card_lost_and_a_new_one_is_asked_for(signed_in: SignIn) -> None:
    card: Card = CardFactory.create(state=State.ACTIVE)
    answer = act(signed_in("operator"), card, "report-lost")
    assert [str(said) for said in get_messages(answer.wsgi_request)] == [
        "The card is reported lost. A new one has been asked for."
    ]
    assert state_of(card) == State.TERMINATED
    kinds = CardEvent.objects.filter(card=card).values_list("kind", flat=True)
    assert set(kinds) == {"moved", "replacement_asked"}
    assert CardEvent.objects.get(card=card, kind="moved").actor_role == "operator"


def test_where_a_new_card_is_named_a_loss_asks_for_no_other(signed_in: SignIn) -> None:
    new: Card = CardFactory.create()
    card: Card = CardFactory.create(state=State.ACTIVE, replaced_by=new)
    client, address = signed_in("operator"), reverse("admin:cards_card_act", args=[card.pk, "report-lost"])
    page = client.get(address).text
    assert f"Its place is taken by the card ending in {new.number_tail}." in page and "asked for" not in page
    said = [str(one) for one in get_messages(act(client, card, "report-lost").wsgi_request)]
    assert said == [f"The card is reported lost. Its place is taken by the card ending in {new.number_tail}."]
    assert set(CardEvent.objects.filter(card=card).values_list("kind", flat=True)) == {"moved"}
    told = build_notice(Message.objects.get(kind="card_lost", channel="email"))
    assert told and told.params["new_tail"] == new.number_tail


def test_an_agent_closes_no_card_as_lost(signed_in: SignIn) -> None:
    card: Card = CardFactory.create(state=State.ACTIVE)
    assert act(signed_in("agent"), card, "report-lost").status_code == 403
    assert state_of(card) == State.ACTIVE


def test_closing_a_card_offers_no_reason_of_a_loss(signed_in: SignIn) -> None:
    card: Card = CardFactory.create(state=State.ACTIVE)
    assert act(signed_in("operator"), card, "terminate", reason="lost").status_code == 200
    assert state_of(card) == State.ACTIVE


def test_a_case_is_closed_once_and_with_words(signed_in: SignIn) -> None:
    case = Case.objects.create(card=CardFactory.create(), opened_at=timezone.now())
    address, client = reverse("admin:accounts_case_close", args=[case.pk]), signed_in("agent")
    assert address in client.get(page_of(case)).content.decode()
    assert client.post(address, {"reason": " "}).status_code == 200
    assert Case.objects.open().count() == 1
    assert client.post(address, {"reason": "Called back, it was her son"}).status_code == 303
    case.refresh_from_db()
    assert (case.reason, str(case.closed_by_id)) == ("Called back, it was her son", client.session["_auth_user_id"])
    for again in (client.get(address), client.post(address, {"reason": "Something else"})):
        assert again.status_code == 303
        assert [str(said) for said in get_messages(again.wsgi_request)][-1] == "Somebody has closed this case already."
    case.refresh_from_db()
    assert case.reason == "Called back, it was her son"


def test_an_auditor_sees_cases_and_closes_none(signed_in: SignIn) -> None:
    case = Case.objects.create(card=CardFactory.create(), opened_at=timezone.now())
    client = signed_in("auditor")
    assert client.get(page_of(case)).status_code == 200
    refused = client.post(reverse("admin:accounts_case_close", args=[case.pk]), {"reason": "x"})
    assert refused.status_code == 403
    assert "Your role may not do this." in refused.text and f'href="{reverse("admin:index")}"' in refused.text
    assert Case.objects.open().count() == 1


def frozen(*, for_days: int) -> Card:
    card: Card = CardFactory.create(state=State.ACTIVE)
    with time_machine.travel(timezone.now() - timedelta(days=for_days)):
        services.freeze_card(card_id=card.pk, actor=Actor.cardholder(), channel=Via.WEB, reason="lost")
    return card


def test_after_seven_days_staff_let_the_cardholder_unfreeze_it_for_another_day(signed_in: SignIn) -> None:
    card = frozen(for_days=8)
    assert act(signed_in("agent"), card, "allow-unfreezing", reason="found").status_code == 303
    assert state_of(card) == State.SUSPENDED  # nobody has shown a code
    event = CardEvent.objects.get(kind="unfreezing_allowed")
    assert (event.actor_role, event.reason) == ("agent", "found")
    assert Message.objects.filter(kind="card_liftable").count() == 2
    holder: dict[str, Any] = {"actor": Actor.cardholder(), "channel": Via.WEB, "reason": "found"}
    with time_machine.travel(timezone.now() + timedelta(hours=25)), pytest.raises(CannotBeUnfrozen):
        services.unfreeze_card(card_id=card.pk, **holder)
    services.unfreeze_card(card_id=card.pk, **holder)
    assert state_of(card) == State.ACTIVE


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        (lambda: frozen(for_days=6), "The cardholder can unfreeze it until"),
        (lambda: CardFactory.create(state=State.ACTIVE), "This card is not frozen."),
        (lambda: CardFactory.create(state=State.TERMINATED), "This card is not frozen."),
    ],
)
def test_nothing_is_allowed_where_it_need_not_be_or_cannot(
    signed_in: SignIn, card: Callable[[], Card], sentence: str
) -> None:
    one = card()
    assert sentence in act(signed_in("agent"), one, "allow-unfreezing").content.decode()
    assert not Message.objects.filter(kind="card_liftable").exists()


def test_whoever_it_was_not_takes_that_back_by_the_link_of_the_notice(signed_in: SignIn) -> None:
    card = frozen(for_days=8)
    act(signed_in("agent"), card, "allow-unfreezing", reason="found")
    case = services.deny(message=Message.objects.filter(kind="card_liftable").latest("pk"))
    assert case.done == ["change_undone"]
    assert not LossReport.objects.liftable(timezone.now()).exists()
