"""My cards: whose they are, how each stands, and what is not shown."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.adding import helps
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards import states
from cards.dimensions import PinStatus, Role, State, Via
from cards.events import Actor
from cards.models import Card
from cards.replacements import name_replacement
from cards.tests.factories import CardFactory
from pages.times import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client) -> User:
    holder: User = UserFactory.create()
    client.force_login(holder, backend="accounts.backends.OneTimeCodeBackend")
    return holder


def cards_page(client: Client, language: str = "en") -> str:
    client.cookies["lang"] = language
    answer = client.get("/cards/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_lists_the_live_cards_of_the_account_and_of_nobody_else(client: Client, user: User) -> None:
    later = timezone.now() + timedelta(minutes=5)
    CardBindingFactory.create(user=user, card__number="6200000000001111")
    CardBindingFactory.create(card__number="6200000000002222")
    CardBindingFactory.create(user=user, card__number="6200000000003333", ended_at=later)
    page = cards_page(client)
    assert 'ending in <bdi class="nb" dir="ltr">1111</bdi></h2>' in page
    assert "2222" not in page
    assert "3333" not in page
    assert page.count("<section") == 1


def test_each_card_is_a_region_named_by_its_heading(client: Client, user: User) -> None:
    for _card in range(2):
        CardBindingFactory.create(user=user)
    page = cards_page(client)
    for number in (1, 2):
        assert f'<section class="card" aria-labelledby="card-{number}"><h2 id="card-{number}">Campus card' in page


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"state": State.PENDING_FULFILMENT}, "Being made"),
        ({"state": State.PENDING_ACTIVATION}, "Not activated"),
        ({"state": State.ACTIVATING}, "Being checked"),
        ({"state": State.ACTIVE}, "Active"),
        ({"state": State.ACTIVE, "pin_status": PinStatus.BLOCKED}, "PIN locked, reset it"),
        ({"state": State.SUSPENDED}, "Frozen, call us"),
        ({"state": State.BLOCKED}, "Blocked, call us"),
        ({"state": State.TERMINATED}, "Closed"),
        ({"state": State.EXPIRED}, "Expired"),
    ],
)
def test_every_state_has_its_words(client: Client, user: User, columns: dict[str, Any], words: str) -> None:
    CardBindingFactory.create(user=user, card=CardFactory.create(**columns))
    page = cards_page(client)
    assert f"</span> {words}</strong>" in page
    assert ("Call <bdi" in page) == words.endswith("call us")


def test_a_lost_card_never_offers_undo(client: Client, user: User) -> None:
    card = CardBindingFactory.create(user=user).card
    states.move(
        card_id=card.pk,
        to=State.TERMINATED,
        actor=Actor.staff("1", Role.OPERATOR),
        channel=Via.ADMIN,
        reason="lost",
    )
    page = cards_page(client)
    assert "Reported lost, cannot be undone" in page
    assert "<form" not in page[page.index("<main") : page.index("</main>")]
    shown = client.get(f"/cards/{card.pk}/lost/", follow=True).content.decode()
    assert f'href="/cards/{card.pk}/lost/">What becomes of your new card' in page and "Your new card" in shown


def test_a_replaced_card_says_by_which_and_since_when_and_a_helper_is_not_told_which(
    client: Client, user: User
) -> None:
    new: Card = CardFactory.create(state=State.ACTIVE)
    old = CardFactory.create(state=State.ACTIVE, programme=new.programme, id_type=new.id_type, id_number=new.id_number)
    CardBindingFactory.create(user=user, card=old)
    helper = helps(UserFactory.create(), old).user
    assert name_replacement(card_id=old.pk, replacement_id=new.pk, actor=Actor.issuer(), channel=Via.API)
    old.refresh_from_db()
    assert old.terminated_at is not None
    named, closed = (
        f'Replaced by your card ending in <bdi class="nb" dir="ltr">{new.number_tail}<',
        day(old.terminated_at),
    )
    for path in ("/cards/", f"/cards/{old.pk}/"):
        page = client.get(path).content.decode()
        assert named in page and f"<dt>Closed</dt><dd>{closed}</dd>" in page
    client.force_login(helper, backend="accounts.backends.OneTimeCodeBackend")
    page = cards_page(client)
    assert "</span> Replaced by a new card</strong>" in page and f">{new.number_tail}<" not in page


def test_an_account_without_cards_says_so_and_where_to_begin(client: Client, user: User) -> None:
    page = cards_page(client)
    assert "You have not added any cards yet" in page
    assert 'href="/"' in page


def test_no_number_name_or_document_is_on_the_page(client: Client, user: User) -> None:
    card = CardBindingFactory.create(user=user).card
    page = cards_page(client)
    for secret in (card.number, card.holder_name, card.id_number, card.phone, card.email, user.phone, user.email):
        assert secret not in page


def test_ten_cards_take_few_queries_and_20_kb_at_most(
    client: Client, user: User, django_assert_max_num_queries: Any
) -> None:
    for _card in range(10):
        CardBindingFactory.create(user=user)
    # programme of the request, session and its row, account, bindings and helpers with cards, balances, PINs, the
    # reminder of old PINs (2), alerts, cards that wait
    with django_assert_max_num_queries(12):
        page = cards_page(client)
    assert page.count("<section") == 10
    assert len(page.encode()) <= 20 * 1024


def test_the_page_is_not_kept_by_browsers(client: Client, user: User) -> None:
    assert "no-store" in client.get("/cards/")["Cache-Control"]
