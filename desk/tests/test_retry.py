"""Staff try again to send what could not be sent, and it is written down who did."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from desk.tests.conftest import SignIn
from desk.tests.pages import list_of
from messaging.budgets import NOT_ALLOWED
from messaging.models import Destination, Message
from messaging.tests.factories import make_message

pytestmark = pytest.mark.django_db


def press(client: Client, *messages: Message) -> str:
    """Choose these in the list, and "try again"."""
    chosen = {"action": "try_again", ACTION_CHECKBOX_NAME: [str(message.pk) for message in messages]}
    return client.post(list_of(Message), chosen, follow=True).content.decode()


@pytest.mark.parametrize("role", ["supervisor", "operator"])
def test_a_dead_letter_goes_back_into_the_outbox_under_the_name_of_who_did_it(signed_in: SignIn, role: str) -> None:
    dead, sent = make_message(dead_at=timezone.now(), tries=3), make_message(sent_at=timezone.now())
    html = press(signed_in(role), dead, sent)
    assert "1 message will be tried again." in html and "1 message was left alone" in html
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
    html = press(signed_in("operator"), far, home)
    assert "1 message will be tried again." in html
    assert "1 message was left alone: we do not send to its country." in html
    far.refresh_from_db()
    assert far.dead_at is not None
    Destination.objects.create(prefix="+44")
    assert "1 message will be tried again." in press(signed_in("operator"), far)


@pytest.mark.parametrize("role", ["agent", "auditor"])
def test_who_may_only_look_is_offered_nothing_and_changes_nothing(signed_in: SignIn, role: str) -> None:
    dead = make_message(dead_at=timezone.now())
    client = signed_in(role)
    assert "try_again" not in client.get(list_of(Message)).content.decode()
    press(client, dead)
    dead.refresh_from_db()
    assert dead.dead_at is not None and not LogEntry.objects.exists()
