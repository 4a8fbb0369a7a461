"""Staff sign an account out everywhere, close it, and open it again, for a cardholder who calls."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.activity import happenings
from accounts.binding.joining import account_for_contact
from accounts.loss.not_me import message_of, token_of
from accounts.models import AccountEvent, CardBinding, SignInCode, User
from accounts.own_account import closing
from accounts.own_account.messages import build_closed
from accounts.services import deny
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.signing_in import CHROME, SAFARI, a_browser, a_code, sign_in
from cards.models import Card, CardEvent
from cards.tests.factories import ProgrammeFactory
from desk.actions import ACCOUNT_ACTIONS
from desk.tests.conftest import SignIn, staff_as
from desk.tests.pages import list_of, page_of
from messaging.models import Message
from messaging.rendering import render

pytestmark = pytest.mark.django_db
BOTH = {"sign-out-everywhere", "close"}
MAY = {
    "agent": {"sign-out-everywhere"},
    "supervisor": {"sign-out-everywhere"},
    "operator": {"close"},
    "auditor": set(),
    "superuser": BOTH,
}


@pytest.fixture
def holder() -> User:
    return UserFactory.create(phone="+8613800138000", email="li@example.com")


def address_of(user: User, slug: str) -> str:
    return reverse("admin:accounts_user_act", args=[user.pk, slug])


def act(client: Client, user: User, slug: str, **given: str) -> Any:
    filled = {"reason": "other", "comment": "She called, her phone is gone", "sure": "on", **given}
    return client.post(address_of(user, slug), filled)


def is_in(browser: Client) -> bool:
    """Whether the account's own page opens."""
    return browser.get("/account/").status_code == 200


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("role", MAY)
def test_each_role_has_the_buttons_that_are_its_own_and_no_other_way_in(
    signed_in: SignIn, role: str, holder: User
) -> None:
    client = signed_in(role)
    page = client.get(page_of(holder)).text
    assert {action.slug for action in ACCOUNT_ACTIONS if address_of(holder, action.slug) in page} == MAY[role]
    for slug in BOTH - MAY[role]:
        assert client.get(address_of(holder, slug)).status_code == 403
        assert act(client, holder, slug).status_code == 403
    for slug in MAY[role]:
        asked = client.get(address_of(holder, slug)).text
        assert "138 **** 8000, 0 cards" in asked and "Reason" in asked and "13800138000" not in asked
        answer = client.post(list_of(User), {"action": slug, "_selected_action": [str(holder.pk)]})
        assert answer["Location"] == address_of(holder, slug)
    holder.refresh_from_db()
    assert holder.is_active and not AccountEvent.objects.exists()


def test_the_hotline_signs_an_account_out_everywhere_and_it_is_kept_who_and_why(
    signed_in: SignIn, holder: User
) -> None:
    browsers = [sign_in(a_browser(CHROME), holder), sign_in(a_browser(SAFARI), holder)]
    a_code(holder)
    assert all(is_in(browser) for browser in browsers)
    client = signed_in("agent")
    answer = act(client, holder, "sign-out-everywhere")
    assert (answer.status_code, answer["Location"]) == (303, page_of(holder))
    assert said(answer) == ["The account is signed out everywhere."]
    assert not any(is_in(browser) for browser in browsers)
    assert not SignInCode.objects.live(timezone.now()).exists()
    event = AccountEvent.objects.get(kind="signed_out_by_staff")
    assert (event.actor_id, event.actor_role, event.reason, event.comment) == (
        client.session["_auth_user_id"],
        "agent",
        "other",
        "She called, her phone is gone",
    )
    newest = happenings(holder.pk, None, 1)[0]
    assert (newest.words, str(newest.by)) == ("You were signed out everywhere", "by our staff")
    name = User.objects.get(pk=event.actor_id).username
    page = signed_in("auditor").get(page_of(holder)).text
    assert all(told in page for told in (f"Agent ({name})", "Another reason", "She called, her phone is gone"))


def test_an_operator_closes_an_account_as_its_owner_would_and_every_contact_is_told_and_can_undo_it(
    signed_in: SignIn, holder: User
) -> None:
    card = CardBindingFactory.create(user=holder).card
    browser = sign_in(a_browser(CHROME), holder)
    answer = act(signed_in("operator"), holder, "close", reason="requested", comment="")
    assert said(answer) == ["The account is closed. Every contact of it is told."]
    holder.refresh_from_db()
    assert holder.closed_at and not holder.is_active and not is_in(browser)
    assert not CardBinding.objects.live().exists() and Card.objects.get(pk=card.pk).state == card.state
    told = Message.objects.filter(kind="account_closed")
    assert set(told.values_list("contact_index", flat=True)) == {holder.phone_index, holder.email_index}
    event, of_card = AccountEvent.objects.get(kind="account_closed_by_staff"), CardEvent.objects.get(kind="unbound")
    assert (event.actor_role, event.reason) == ("operator", "requested")
    assert (of_card.actor_role, of_card.channel, of_card.reason) == ("operator", "ADMIN", "requested")
    message = message_of(token_of(told.latest("pk").pk), timezone.now())
    assert message is not None
    deny(message=message)
    holder.refresh_from_db()
    assert holder.is_active and CardBinding.objects.live().get().card_id == card.pk


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({"reason": ""}, "Fill in “Reason”."),
        ({"comment": " "}, "Write down the reason."),
        ({"comment": "call 138-0013-8000"}, "Leave out numbers of cards, phones and documents"),
        ({"sure": ""}, "Tick the box if that is so."),
    ],
)
def test_nothing_is_closed_until_it_is_said_why_and_that_it_is_the_right_one(
    signed_in: SignIn, holder: User, given: dict[str, str], sentence: str
) -> None:
    page = act(signed_in("operator"), holder, "close", **given).text
    assert sentence in page and "I have made sure that this is the right account." in page
    assert User.objects.get(pk=holder.pk).is_active and not Message.objects.exists()


def test_what_is_closed_or_belongs_to_staff_has_no_buttons_and_it_is_said_why(signed_in: SignIn, holder: User) -> None:
    client, agent = signed_in("superuser"), staff_as("agent")
    act(client, holder, "close")
    for user, sentence in ((holder, "This account is closed."), (agent, "This account belongs to staff.")):
        page = client.get(page_of(user)).text
        for slug in BOTH:
            assert address_of(user, slug) not in page
            assert sentence in act(client, user, slug).text
    assert AccountEvent.objects.filter(user__in=(holder, agent)).count() == 1
    assert User.objects.get(pk=agent.pk).is_active


def test_an_account_that_its_owner_closed_or_opened_while_staff_decided_is_so_once(
    signed_in: SignIn, holder: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("operator")
    for slug, service in (("close", services.close_account_by_staff), ("reopen", services.reopen_account_by_staff)):

        def after_the_owner(service: Any = service, **wanted: Any) -> bool:
            assert service(**wanted)
            return bool(service(**wanted))

        monkeypatch.setattr(f"desk.actions.accounts.{service.__name__}", after_the_owner)
        assert "The account changed in the meantime." in act(client, holder, slug).text
    assert AccountEvent.objects.count() == 2


def test_an_operator_opens_an_account_again_whose_owner_has_only_a_phone_and_got_a_text_without_a_link(
    signed_in: SignIn,
) -> None:
    programme = ProgrammeFactory.create(fixed_text_sms=True)
    holder = UserFactory.create(phone="+8613800138000", email=None)
    card = CardBindingFactory.create(user=holder, card__programme=programme).card
    client = signed_in("operator")
    assert "This account is not closed." in act(client, holder, "reopen").text
    act(client, holder, "close")
    notice = Message.objects.get(kind="account_closed")
    envelope = build_closed(notice)
    assert envelope is not None and "http" not in render(notice, envelope).text
    for role in ("agent", "supervisor", "auditor"):
        assert act(signed_in(role), holder, "reopen").status_code == 403
    assert address_of(holder, "reopen") in client.get(page_of(holder)).text
    assert said(act(client, holder, "reopen"))[-1] == "The account is open again. Every contact of it is told."
    holder.refresh_from_db()
    assert holder.is_active and CardBinding.objects.live().get().card_id == card.pk
    event, of_card = AccountEvent.objects.latest("pk"), CardEvent.objects.latest("pk")
    assert (event.kind, of_card.kind) == ("account_reopened_by_staff", "bound")
    for told in (event, of_card):
        why = (told.actor_id, told.actor_role, told.reason, told.comment)
        assert why == (client.session["_auth_user_id"], "operator", "other", "She called, her phone is gone")
    assert Message.objects.get(kind="account_reopened").contact_index == holder.phone_index
    assert address_of(holder, "reopen") not in client.get(page_of(holder)).text


@pytest.mark.parametrize("why", ["a week has passed", "a new account has its contact"])
def test_an_account_that_the_link_does_not_open_any_more_staff_do_not_open_either(signed_in: SignIn, why: str) -> None:
    holder = UserFactory.create(phone="+8613800138000", email=None)
    client = signed_in("operator")
    act(client, holder, "close")
    if why == "a week has passed":
        User.objects.update(closed_at=F("closed_at") - closing.KEEPS_CONTACTS)
    else:
        account_for_contact(contact="+8613800138000")
    assert address_of(holder, "reopen") not in client.get(page_of(holder)).text
    assert "This account cannot be opened again" in act(client, holder, "reopen").text
    holder.refresh_from_db()
    assert not holder.is_active and not Message.objects.filter(kind="account_reopened").exists()


def test_the_database_keeps_no_deed_of_staff_without_its_doer_or_its_reason(holder: User) -> None:
    at = timezone.now()
    for wrong in (
        {"actor_role": "agent", "reason": "requested"},
        {"actor_role": "agent", "actor_id": "1"},
        {"actor_id": "1", "reason": "requested"},
        {"actor_role": "agent", "actor_id": "1", "reason": "other"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountEvent.objects.create(user=holder, kind="signed_out_by_staff", at=at, **wrong)
