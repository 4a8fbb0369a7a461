"""Staff try again to send what could not be sent, and it is written down who did."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.tests.conftest import SignIn
from desk.tests.pages import list_of
from messaging.budgets import NOT_ALLOWED
from messaging.models import Destination, Message
from messaging.tests.factories import make_message

pytestmark = pytest.mark.django_db


def press(client: Client, *messages: Message, **button: str) -> str:
    """Choose these in the list, and "try again"."""
    chosen = {"action": "try_again", ACTION_CHECKBOX_NAME: [str(message.pk) for message in messages]}
    return client.post(f"{list_of(Message)}?state=dead", chosen | button, follow=True).content.decode()


def confirm(client: Client, *messages: Message) -> str:
    """The same, and then the button of the page that asks."""
    return press(client, *messages, confirmed="Try again to send")


def test_first_a_page_says_how_many_and_which_cannot_be_sent_and_nothing_has_changed(signed_in: SignIn) -> None:
    at = timezone.now()
    home, other = make_message(dead_at=at), make_message(dead_at=at)
    far = [make_message(dead_at=at, to_masked=masked) for masked in ("+44 **** 0001", "+1 **** 0002")]
    late = make_message(dead_at=at, deadline=at)
    client = signed_in("operator")
    page = press(client, home, other, *far, late)
    assert "2 messages will be tried again." in page
    assert "2 messages are left alone: we do not send to +1, +44. Allow that under Destinations first." in page
    assert "1 message is left alone: it is on its way, has ended otherwise, or it is too late for it." in page
    assert page.count(f'name="{ACTION_CHECKBOX_NAME}"') == 2 and "state=dead" in page
    assert "None of these can be tried again." in (none := press(client, late)) and 'name="confirmed"' not in none
    assert Message.objects.dead().count() == 5 and not LogEntry.objects.exists()


def test_the_destinations_are_looked_up_once(signed_in: SignIn) -> None:
    dead = [make_message(dead_at=timezone.now(), to_masked="+44 **** 0001") for _n in range(3)]
    client = signed_in("operator")
    with CaptureQueriesContext(connection) as asked:
        press(client, *dead)
    assert sum('FROM "messaging_destination"' in query["sql"] for query in asked) == 1


@pytest.mark.parametrize("role", ["supervisor", "operator"])
def test_a_dead_letter_goes_back_into_the_outbox_under_the_name_of_who_did_it(signed_in: SignIn, role: str) -> None:
    dead, sent = make_message(dead_at=timezone.now(), tries=3), make_message(sent_at=timezone.now())
    html = confirm(signed_in(role), dead, sent)
    assert "1 message will be tried again." in html
    dead.refresh_from_db()
    sent.refresh_from_db()
    assert dead.dead_at is None and dead.tries == 0 and sent.sent_at is not None
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (str(dead.pk), "Tried again")
    assert entry.user.groups.get().name == role


def test_what_would_be_refused_again_is_left_out_until_its_country_is_allowed(signed_in: SignIn) -> None:
    far, home = (
        make_message(dead_at=timezone.now(), failure=NOT_ALLOWED, to_masked=masked)
        for masked in ("+44 **** 0001", "138 **** 8000")
    )
    html = confirm(signed_in("operator"), far, home)
    assert "1 message will be tried again." in html
    assert "1 message is left alone: we do not send to +44." in html
    far.refresh_from_db()
    assert far.dead_at is not None
    Destination.objects.create(prefix="+44")
    assert "1 message will be tried again." in confirm(signed_in("operator"), far)


@pytest.mark.parametrize("role", ["agent", "auditor"])
def test_who_may_only_look_is_offered_nothing_and_changes_nothing(signed_in: SignIn, role: str) -> None:
    dead = make_message(dead_at=timezone.now())
    client = signed_in(role)
    assert "try_again" not in client.get(list_of(Message)).content.decode()
    confirm(client, dead)
    dead.refresh_from_db()
    assert dead.dead_at is not None and not LogEntry.objects.exists()
