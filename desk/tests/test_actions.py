import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from activation.models import ActivationCode
from activation.tests.factories import issue
from cards import states
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card, CardEvent, Programme
from cards.tests.factories import CardFactory
from desk import actions
from desk.actions import ACTIONS
from desk.tests.conftest import SignIn, staff_as
from desk.tests.pages import list_of, page_of
from messaging.models import Message

LEFT_OUT = "Leave out numbers of cards, phones and documents"
REASON = {"suspend": "stolen", "terminate": "closed", "send-code": "not_received", "revoke-code": "wrong_contact"}


def act(client: Client, card: Card, slug: str, **given: str) -> Any:
    """Post the page of an action, rightly filled in unless told otherwise."""
    filled = {"reason": REASON[slug], "comment": "", "sure": "on", "by": "sms"} | given
    return client.post(reverse("admin:cards_card_act", args=[card.pk, slug]), filled)


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def refused(answer: Any, sentence: str, card: Card) -> bool:
    """Whether the page says the sentence, and nothing happened."""
    text = answer.content.decode()
    untouched = Card.objects.get(pk=card.pk).state == card.state and not CardEvent.objects.exists()
    return answer.status_code == 200 and sentence in text and untouched and not Message.objects.exists()


def test_agent_freezes_a_card_with_a_reason(signed_in: SignIn) -> None:
    card, client = CardFactory.create(state="active"), signed_in("agent")
    answer = act(client, card, "suspend", comment="called from abroad on 2026-11-26 17:46, C3X7-V8PX-859X")
    assert (answer.status_code, answer["Location"], said(answer)) == (303, page_of(card), ["The card is frozen."])
    event = CardEvent.objects.get()
    assert (event.from_state, event.to_state, event.reason, event.comment) == (
        "active",
        "suspended",
        "stolen",
        "called from abroad on 2026-11-26 17:46, C3X7-V8PX-859X",
    )
    assert (event.actor_kind, event.actor_role, event.channel) == ("staff", "agent", "ADMIN")
    assert event.actor_id == client.session["_auth_user_id"]


def test_operator_closes_a_card_for_good_once_sure(signed_in: SignIn) -> None:
    card, client = CardFactory.create(), signed_in("operator")
    assert refused(act(client, card, "terminate", sure=""), "Nothing was done yet.", card)
    assert said(act(client, card, "terminate")) == ["The card is closed for good."]
    card.refresh_from_db()
    assert (card.state, CardEvent.objects.get().actor_role) == ("terminated", "operator")
    assert card.terminated_at
    closed = date_format(localtime(card.terminated_at), "DATETIME_FORMAT")
    assert closed_at(client, card) == closed and closed_at(client, CardFactory.create()) == "-"


def closed_at(client: Client, card: Card) -> str:
    """What a card's page says of when it was closed."""
    found = re.search(r"Closed at:.*?readonly\">(.*?)<", client.get(page_of(card)).content.decode(), re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("by, column", [("sms", "phone_index"), ("email", "email_index")])
def test_agent_sends_the_code_to_the_registered_contact(signed_in: SignIn, by: str, column: str) -> None:
    card, client = CardFactory.create(), signed_in("agent")
    answer = act(client, card, "send-code", by=by)
    assert said(answer)[0].startswith("The activation code is on its way.")
    code, message, event = ActivationCode.objects.get(), Message.objects.get(), CardEvent.objects.get()
    assert (code.channel, code.contact_index) == (by, getattr(card, column))
    assert (message.subject_id, message.contact_index) == (code.pk, getattr(card, column))
    assert (event.kind, event.actor_role, event.channel, event.reason) == (
        "code_issued",
        "agent",
        "ADMIN",
        "not_received",
    )


def test_code_goes_nowhere_but_to_registered_contacts(signed_in: SignIn) -> None:
    card, client = CardFactory.create(email=""), signed_in("agent")
    for by in ("email", "letter", "+8613900000000", ""):
        assert refused(act(client, card, "send-code", by=by, contact="+8613900000000"), "Nothing was done yet.", card)


@pytest.mark.parametrize("email, chosen", [("", 1), ("li@example.com", 0)])
def test_the_only_registered_contact_is_chosen_already(signed_in: SignIn, email: str, chosen: int) -> None:
    address = reverse("admin:cards_card_act", args=[CardFactory.create(email=email).pk, "send-code"])
    assert signed_in("agent").get(address).content.decode().count(" checked") == chosen


def test_staff_send_no_more_codes_than_cardholders_may_ask_for(signed_in: SignIn) -> None:
    card, client = CardFactory.create(), signed_in("supervisor")
    act(client, card, "send-code")
    answer = act(client, card, "send-code")
    assert re.search(r"The next one can be sent after (\w+ \w+, )?\d\d:\d\d\.<", answer.content.decode())
    assert CardEvent.objects.count() == Message.objects.count() == 1


def test_agent_revokes_a_code(signed_in: SignIn) -> None:
    card, client = CardFactory.create(), signed_in("agent")
    code = issue(card)
    assert said(act(client, card, "revoke-code")) == ["The code was revoked. It does not work any more."]
    code.refresh_from_db()
    event = CardEvent.objects.get()
    assert code.revoked_at and not ActivationCode.objects.live(timezone.now()).exists()
    assert (event.kind, event.reason, event.actor_role) == ("code_revoked", "wrong_contact", "agent")


def test_code_whose_details_are_being_checked_is_not_revoked(signed_in: SignIn) -> None:
    card = CardFactory.create(state="activating")
    code = issue(card)
    assert refused(act(signed_in("agent"), card, "revoke-code"), "are being checked", card)
    assert ActivationCode.objects.get(pk=code.pk).revoked_at is None


@pytest.mark.parametrize(
    "role, slug, state, sentence",
    [
        ("agent", "suspend", "pending_activation", "From there it cannot become “Frozen”."),
        ("agent", "suspend", "terminated", "This card is “Closed”. From there it cannot become “Frozen”."),
        ("agent", "suspend", "suspended", "This card is “Frozen” already."),
        ("agent", "send-code", "active", "A code is sent only for a card that is “Not activated”."),
        ("agent", "revoke-code", "pending_activation", "This card has no code that is still good."),
        ("agent", "revoke-code", "terminated", "This card has no code that is still good."),
        ("operator", "terminate", "terminated", "This card is “Closed” already."),
        ("operator", "terminate", "expired", "This card is “Expired”."),
    ],
)
def test_what_is_not_possible_is_said_and_nothing_changes(
    signed_in: SignIn, role: str, slug: str, state: str, sentence: str
) -> None:
    card, client = CardFactory.create(state=state), signed_in(role)
    if state == "terminated":
        issue(card)  # it ended with its card
    assert refused(act(client, card, slug), sentence, card)
    assert sentence in client.get(reverse("admin:cards_card_act", args=[card.pk, slug])).content.decode()


def test_no_code_is_sent_that_would_open_nothing(signed_in: SignIn) -> None:
    card, client = CardFactory.create(), signed_in("agent")
    Programme.objects.update(closes_on=timezone.now())
    assert refused(act(client, card, "send-code"), "A code sent now would open nothing", card)


@pytest.mark.parametrize(
    "role, state, slugs",
    [
        ("agent", "pending_activation", {"send-code"}),
        ("agent", "active", {"suspend"}),
        ("agent", "suspended", set()),
        ("agent", "terminated", set()),
        ("operator", "pending_activation", {"send-code", "report-lost", "name-replacement", "terminate"}),
        ("operator", "active", {"report-lost", "name-replacement", "terminate"}),
        ("auditor", "active", set()),
    ],
)
def test_a_card_has_the_buttons_that_can_do_something(
    role: str, state: str, slugs: set[str], signed_in: SignIn
) -> None:
    card = CardFactory.create(state=state)
    if state == "terminated":
        issue(card)
    html = signed_in(role).get(page_of(card)).content.decode()
    there = {action.slug for action in ACTIONS if reverse("admin:cards_card_act", args=[card.pk, action.slug]) in html}
    assert there == slugs


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({"reason": ""}, "Fill in “Reason”."),
        ({"reason": "fraud"}, "is not one of the available choices"),
        ({"reason": "other", "comment": "  "}, "Write down the reason."),
        ({"comment": "a\0b"}, "Null characters are not allowed."),
        ({"comment": "x" * 501}, "at most 500 characters"),
        ({"comment": "It was 6200 0000 0000 2604"}, LEFT_OUT),
        ({"comment": "请拨打138-0013-8000"}, LEFT_OUT),
        ({"comment": "１３８００１３８０００"}, LEFT_OUT),
        ({"comment": "the code 048392 works"}, LEFT_OUT),
        ({"comment": "write to li@example.com"}, LEFT_OUT),
    ],
)
def test_reason_is_asked_for(signed_in: SignIn, given: dict[str, str], sentence: str) -> None:
    card = CardFactory.create(state="active")
    assert refused(act(signed_in("agent"), card, "suspend", **given), sentence, card)


def test_one_mistake_of_the_comment_is_said_at_a_time(signed_in: SignIn) -> None:
    card = CardFactory.create(state="active")
    page = act(signed_in("agent"), card, "suspend", reason="other", comment="138-0013-8000").content.decode()
    assert LEFT_OUT in page and "Write down the reason." not in page


def test_card_that_changed_while_staff_decided_is_left_alone(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, move = CardFactory.create(state="active"), states.move

    def after_another(**wanted: Any) -> bool:
        reason = {"to": State.SUSPENDED, "reason": "lost", "channel": Via.WEB}
        assert move(card_id=card.pk, actor=Actor.cardholder(), **reason)  # type: ignore[arg-type]
        return move(**wanted)

    monkeypatch.setattr(states, "move", after_another)
    answer = act(signed_in("agent"), card, "suspend")
    assert "The card changed in the meantime. Nothing was done" in answer.content.decode()
    assert CardEvent.objects.get().actor_kind == "cardholder"


def test_opening_the_page_changes_nothing(signed_in: SignIn) -> None:
    card, client = CardFactory.create(state="active"), signed_in("superuser")
    address = reverse("admin:cards_card_act", args=[card.pk, "suspend"])
    assert refused(client.get(address, {"reason": "stolen"}), "Freeze the card", card)


def test_list_leads_one_card_to_the_page_that_asks(signed_in: SignIn) -> None:
    one, other = CardFactory.create_batch(2, state="active")
    client = signed_in("agent")
    answer = client.post(list_of(Card), {"action": "suspend", "_selected_action": [str(one.pk)]})
    assert (answer.status_code, answer["Location"]) == (303, reverse("admin:cards_card_act", args=[one.pk, "suspend"]))
    answer = client.post(list_of(Card), {"action": "suspend", "_selected_action": [str(one.pk), str(other.pk)]})
    assert said(answer) == ["Choose one card only: each is asked about on its own."]
    assert not CardEvent.objects.exists()


def test_superuser_acts_in_the_role_that_may(signed_in: SignIn) -> None:
    card, client = CardFactory.create(state="active"), signed_in("superuser")
    act(client, card, "suspend")
    act(client, card, "terminate")
    roles = CardEvent.objects.order_by("pk").values_list("actor_role", flat=True)
    assert list(roles) == ["supervisor", "operator"]


def test_actor_is_a_member_of_staff_with_a_role(db: None) -> None:
    user = staff_as("agent")
    user.groups.clear()
    assert not any(action.allowed(user) for action in actions.ACTIONS)
