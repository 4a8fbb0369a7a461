"""A contact that is added to an account: nothing says that one changes."""

import pytest

from accounts.own_account.messages import build_change
from accounts.services import deny
from accounts.tests.contacts import NEW_EMAIL, a_day_passes, confirms, person
from messaging.models import Message
from messaging.rendering import render

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "changes"), [("en", "change"), ("zh-hans", "改")])
def test_no_message_says_of_a_contact_that_is_added_that_it_changes(language: str, changes: str) -> None:
    user = person(email="", language=language)
    change = confirms(user, NEW_EMAIL)
    said = texts("contact_change_begun")
    a_day_passes(change)
    said += texts("contact_changed")
    deny(message=Message.objects.filter(kind="contact_changed").latest("pk"))
    said += texts("contact_kept")
    assert len(said) == 6 and not [text for text in said if changes in text]


def texts(kind: str) -> list[str]:
    """What these messages say, their subjects and all."""
    found = []
    for message in Message.objects.filter(kind=kind):
        envelope = build_change(message)
        assert envelope is not None
        rendered = render(message, envelope)
        found.append(f"{getattr(rendered, 'subject', '')} {rendered.text}")
    return found
