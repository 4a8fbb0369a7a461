"""What staff did to accounts, in one list."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.account_events import record, record_done
from accounts.models import AccountEvent, User
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.dimensions import Role
from cards.events import Actor
from desk.models import DoneByStaff
from desk.paginator import COUNTED
from desk.tests.conftest import SignIn, staff_as
from desk.tests.pages import list_of, page_of
from tests.plans import as_new, plan_of

pytestmark = pytest.mark.django_db
PHONE = "+8613800138000"


def signed_out(user: User, staff: User, **why: str) -> AccountEvent:
    return record_done(
        user_id=user.pk,
        own="signed_out_everywhere",
        by_staff="signed_out_by_staff",
        actor=Actor.staff(staff.pk, Role.AGENT),
        **{"reason": "requested", **why},
    )


def shown(client: Client, query: str = "") -> list[str]:
    """The identifiers of the rows of the list, in their order."""
    return [str(row.pk) for row in client.get(list_of(DoneByStaff) + query).context["cl"].result_list]


def test_it_tells_who_did_what_to_which_account_and_why_and_nothing_that_cardholders_did(signed_in: SignIn) -> None:
    user, agent = UserFactory.create(phone=PHONE), staff_as("agent")
    for kind in ("signed_out_everywhere", "denied"):
        record(user_id=user.pk, kind=kind, reference="A7K4-22QP-Z9HM")
    first, second = signed_out(user, agent), signed_out(user, agent, reason="other", comment="Her phone is gone")
    client = signed_in("auditor")
    assert list_of(DoneByStaff) in client.get(reverse("admin:index")).text
    assert shown(client) == [str(second.pk), str(first.pk)]
    row = DoneByStaff.objects.get(pk=second.pk)
    account = f'<a href="{page_of(user)}">138 **** 8000</a>'
    for page in (client.get(list_of(row)).text, client.get(page_of(row)).text):
        for told in (f"Agent ({agent.username})", "You were signed out everywhere", "Another reason", account):
            assert told in page
        assert "Her phone is gone" in page and PHONE[3:] not in page


def test_it_is_narrowed_to_one_member_of_staff_and_searched_by_the_account(signed_in: SignIn) -> None:
    agents, users = [staff_as("agent"), staff_as("agent")], [UserFactory.create(phone=PHONE), UserFactory.create()]
    rows = [str(signed_out(user, agent).pk) for user, agent in zip(users, agents, strict=True)]
    record(user_id=users[0].pk, kind="signed_out_everywhere")
    client = signed_in("supervisor")
    assert [shown(client, f"?by={agent.pk}") for agent in agents] == [[row] for row in rows]
    assert (shown(client, "?by=nobody"), shown(client)) == ([], rows[::-1])
    card = CardBindingFactory.create(user=users[0]).card
    for wanted in ("138 0013 8000", card.number):
        found = client.post(reverse("admin:find"), {"wanted": wanted, "list": "desk.donebystaff"})
        assert found["Location"] == page_of(DoneByStaff.objects.get(pk=rows[0]))


@pytest.mark.parametrize("role, status", [("agent", 403), ("operator", 403), ("supervisor", 200), ("auditor", 200)])
def test_it_is_read_by_who_looks_after_staff(signed_in: SignIn, role: str, status: int) -> None:
    row = DoneByStaff.objects.get(pk=signed_out(UserFactory.create(), staff_as("agent")).pk)
    client = signed_in(role)
    assert [client.get(address(row)).status_code for address in (list_of, page_of)] == [status, status]


def test_the_few_among_millions_of_sign_ins_have_an_index(postgres: str) -> None:
    as_new(AccountEvent)
    newest = DoneByStaff.objects.order_by("-pk")
    for rows in (newest[:50], newest.filter(actor_id="1")[:50], DoneByStaff.objects.only("pk")[:COUNTED]):
        assert "accounts_events_done_by_staff" in plan_of(rows)
    everybody = AccountEvent.objects.order_by("-pk")[:50]
    assert "accounts_events_done_by_staff" not in plan_of(everybody)
