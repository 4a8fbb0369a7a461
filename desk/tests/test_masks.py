import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cards.masks import mask_id, mask_phone
from cards.tasks import forget_id_numbers
from cards.tests.factories import CardFactory
from desk.actions import ACCOUNT_ACTIONS, ACTIONS
from desk.admin.cards import CardAdmin
from desk.models import Staff
from desk.tests.conftest import SignIn
from desk.tests.pages import Story, list_of, page_of, registered, tell_story
from messaging.models import Destination, GatewayRate, GatewaySender, ProviderTemplate

OF_GATEWAYS = {Destination, GatewayRate, GatewaySender, ProviderTemplate}
"""Policy: it names no person, and no card."""


def pages_about(story: Story) -> list[str]:
    actions = [reverse("admin:cards_card_act", args=[story.card.pk, action.slug]) for action in ACTIONS]
    user = next(row for row in story.rows if isinstance(row, User))
    actions += [reverse("admin:accounts_user_act", args=[user.pk, action.slug]) for action in ACCOUNT_ACTIONS]
    return [reverse("admin:index"), *map(list_of, story.rows), *map(page_of, story.rows), *actions]


def leaks(html: str, secrets: dict[str, str]) -> list[str]:
    """Names of the secrets that stand in the page, also when they are spelt with spaces or without a country."""
    text = re.sub(r"[\s-]", "", re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html))
    spellings = {name: {value, value.removeprefix("+86")} for name, value in secrets.items()}
    return [name for name, values in spellings.items() if any(value in text for value in values)]


@pytest.mark.parametrize("role", ["auditor", "superuser"])
def test_no_page_shows_what_is_secret_of_a_card_or_a_person(signed_in: SignIn, role: str) -> None:
    story, client = tell_story(), signed_in(role)
    seen = 0
    for address in pages_about(story):
        answer = client.get(address)
        if answer.status_code == 403 and role == "auditor":
            slugs = {action.slug for action in ACTIONS} | {action.slug for action in ACCOUNT_ACTIONS}
            assert address.split("/")[-2] in slugs
            continue
        assert answer.status_code == 200, address
        assert leaks(answer.content.decode(), story.secrets) == [], address
        seen += 1
    assert seen >= 23


def test_story_has_a_row_of_every_table_that_the_desk_shows(db: None) -> None:
    shown: set[type[Model]] = {type(row) for row in tell_story().rows}
    assert registered() - shown == {LogEntry, Staff, *OF_GATEWAYS}


def test_leak_would_be_found(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    story, client = tell_story(), signed_in("agent")
    monkeypatch.setattr(CardAdmin, "phone_masked", lambda self, card: card.phone)
    assert leaks(client.get(page_of(story.card)).content.decode(), story.secrets) == ["phone"]


def test_page_of_a_card_shows_masks(signed_in: SignIn) -> None:
    story = tell_story()
    html = signed_in("agent").get(page_of(story.card)).content.decode()
    for mask in ("ending in 5678", "*丝雀", "1********1", mask_phone(story.card.phone), "c***@example.com"):
        assert mask in html


def test_of_a_forgotten_document_number_the_last_four_are_shown(signed_in: SignIn) -> None:
    card = CardFactory.create(state="active", activated_at=timezone.now() - timedelta(days=31))
    page = reverse("admin:cards_card_change", args=[card.pk])
    client = signed_in("auditor")
    assert mask_id(card.id_number) in client.get(page).content.decode()
    assert forget_id_numbers() == 1
    html = client.get(page).content.decode()
    assert f"********{card.id_number[-4:]}" in html
    assert leaks(html, {"id_number": card.id_number}) == []
