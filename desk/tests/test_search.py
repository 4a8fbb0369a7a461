import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Case, LossReport
from accounts.tests.factories import UserFactory
from cards.models import Card
from cards.tests.factories import CardFactory
from desk.tests.conftest import SignIn
from desk.tests.pages import Story, list_of, page_of, tell_story

SPELLINGS = [
    "6200987612345678",
    "6200 9876 1234 5678",
    "６２００－９８７６－１２３４－５６７８",
    "13987654321",
    "+86 139-8765-4321",
    "0086 139 8765 4321",
    "canary.of.the.card@example.com",
    " Canary.Of.The.Card@EXAMPLE.com ",
    "110105194912310021",
    "110105 19491231 0021",
]
KEPT_OUT = [
    "620098761234567",
    "5678",
    "13987654320",
    "canary@example.com",
    "王小明",
    "",
    "  ",
    "%",
    "a\0b",
    "9" * 5000,
]


@pytest.fixture
def story(db: None) -> Story:
    for _other in range(3):
        CardFactory.create()
    return tell_story()


def find(client: Client, text: str, where: str = "") -> str:
    """Search and say where it leads."""
    answer = client.post(reverse("admin:find"), {"wanted": text, "list": where})
    assert answer.status_code == 303
    return answer["Location"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_exact_value_in_any_spelling_finds_that_card(signed_in: SignIn, story: Story, spelling: str) -> None:
    client = signed_in("agent")
    assert find(client, spelling) == page_of(story.card)
    assert find(client, spelling, "cards.card") == page_of(story.card)


@pytest.mark.parametrize("spelling", ["{}", "{} ", "ref"])
def test_reference_finds_the_card_and_the_attempt(signed_in: SignIn, story: Story, spelling: str) -> None:
    reference = story.attempt.reference
    typed = reference.replace("-", " ").lower() if spelling == "ref" else spelling.format(reference)
    client = signed_in("agent")
    assert find(client, typed) == page_of(story.card)
    assert find(client, typed, "activation.activationattempt") == page_of(story.attempt)


def test_reference_of_a_loss_or_a_case_finds_it(signed_in: SignIn, story: Story) -> None:
    at = timezone.now()
    loss = LossReport.objects.create(card=CardFactory.create(), frozen_at=at, changed_at=at)
    case = Case.objects.create(opened_at=at)
    client = signed_in("agent")
    for row in (loss, case):
        assert find(client, row.reference.replace("-", "").lower()) == page_of(row)


def test_what_hangs_on_a_card_is_found_by_the_card(signed_in: SignIn, story: Story) -> None:
    client = signed_in("auditor")
    for row in (story.code, story.attempt, story.contact_code):
        for value in (story.card.number, story.card.phone, story.card.email, story.card.id_number):
            assert find(client, value, row._meta.label_lower) == page_of(row)
        assert find(client, story.attempt.reference, row._meta.label_lower) == page_of(row)
    for value in (story.card.number, story.card.email, story.attempt.reference):
        assert find(client, value, "messaging.message") == page_of(story.message)
        assert "/cardevent/" in find(client, value, "cards.cardevent") or value == story.card.email


def test_several_are_listed(signed_in: SignIn, story: Story) -> None:
    twin = CardFactory.create(phone=story.card.phone)
    client = signed_in("agent")
    where = find(client, story.card.phone)
    assert where == f"{list_of(Card)}?found=yes", "no index of the phone stands in an address"
    html = client.get(where).content.decode()
    assert html.count(f"{story.card.pk}/change") == html.count(f"{twin.pk}/change") == 1
    assert "2 cards" in html and "What was searched for" in html
    assert "5 cards" in client.get(list_of(Card)).content.decode()
    assert "0 cards" in signed_in("agent").get(where).content.decode(), "another session has not searched"


def test_a_search_that_fails_stays_where_one_was(signed_in: SignIn, story: Story) -> None:
    client, card = signed_in("agent"), page_of(story.card)
    for before, after in (
        (f"http://testserver{card}", card),
        (f"http://testserver{list_of(Card)}?state__exact=active", f"{list_of(Card)}?state__exact=active"),
        (f"http://elsewhere.example{card}", reverse("admin:index")),
        ("http://testserver/cards/", reverse("admin:index")),
        (f"http://testserver{reverse('admin:find')}", reverse("admin:index")),
        ("", reverse("admin:index")),
    ):
        answer = client.post(reverse("admin:find"), {"wanted": "0001"}, headers={"referer": before})
        assert (answer.status_code, answer["Location"]) == (303, after)
    assert "The last four digits or a name find nothing" in client.get(card).content.decode()


def test_person_without_a_card_is_found_by_contact(signed_in: SignIn, db: None) -> None:
    user = UserFactory.create(phone="+8613700000001")
    assert find(signed_in("agent"), "137 0000 0001") == page_of(user)


@pytest.mark.parametrize("text", KEPT_OUT)
@pytest.mark.parametrize("where", ["", "cards.card", "messaging.message", "accounts.coderequest", "no.such"])
def test_nothing_found_is_a_sentence(signed_in: SignIn, story: Story, text: str, where: str) -> None:
    client = signed_in("agent")
    html = client.get(find(client, text, where)).content.decode()
    assert "Nothing was found. Search by the complete card number" in html
    assert not text.strip() or len(text) < 5 or text not in html


def test_search_is_for_staff_only_and_by_post(client: Client, signed_in: SignIn, story: Story) -> None:
    answer = client.post(reverse("admin:find"), {"wanted": story.card.number})
    assert (
        answer.status_code == 302 and "/login/" in answer["Location"] and story.card.number not in answer["Location"]
    )
    answer = signed_in("agent").get(reverse("admin:find"), {"wanted": story.card.number})
    assert (answer.status_code, answer["Location"]) == (303, reverse("admin:index"))


def test_list_refuses_look_ups_that_nobody_offers(signed_in: SignIn, story: Story) -> None:
    address = reverse("admin:activation_activationattempt_changelist")
    assert signed_in("agent").get(f"{address}?account__password__startswith=a").status_code == 400
