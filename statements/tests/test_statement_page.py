"""The statement of a card: what is on a page, how it is leafed through, and who sees it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.models import Card
from statements.tests.factories import come_in, record, spend

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 1, 2, tzinfo=UTC)


@pytest.fixture
def user(client: Client) -> User:
    holder: User = UserFactory.create()
    client.force_login(holder, backend="accounts.backends.OneTimeCodeBackend")
    return holder


@pytest.fixture
def card(user: User) -> Card:
    bound: Card = CardBindingFactory.create(user=user).card
    return bound


def page(client: Client, card: Card, query: str = "", language: str = "en") -> str:
    client.cookies["lang"] = language
    answer = client.get(f"/cards/{card.pk}/transactions/{query}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def amounts(text: str) -> list[int]:
    """The amounts of the rows, in smallest units."""
    table = text[text.index("<tbody") : text.index("</tbody>")] if "<tbody" in text else ""
    return [int(float(found.replace(",", "")) * 100 + 0.5) for found in re.findall(r"¥ ([0-9,.]+)", table)]


def link(text: str, words: str) -> str:
    found = re.search(rf'href="([^"]+)" aria-label="{words}', text)
    assert found, words
    return found[1].replace("&amp;", "&")


def test_a_row_says_when_what_and_which_way(client: Client, card: Card) -> None:
    come_in(card, record(card, MARCH), record(card, MARCH, 5000, kind="refund", description="退款", merchant_name=""))
    text = page(client, card)
    assert '<time datetime="2026-03-01T10:00:00+08:00">1 Mar 2026, 10:00</time>' in text
    assert "午餐 面馆" in text and "<small>Purchase</small>" in text
    assert '<span class="vh">Money out </span><bdi class="nb" dir="ltr">\u2212¥ 126.50</bdi>' in text
    assert '<span class="vh">Money in </span><bdi class="nb" dir="ltr">¥ 50.00</bdi>' in text
    assert "March 2026, everything: 2 transactions</caption>" in text


def test_in_chinese_too(client: Client, card: Card) -> None:
    come_in(card, record(card, MARCH))
    text = page(client, card, language="zh-hans")
    assert "2026 年 3 月 1 日 10:00" in text
    assert '<span class="vh">支出 </span>' in text and "\u2212¥ 126.50" in text


def test_the_newest_month_is_shown_and_others_can_be_chosen(client: Client, card: Card) -> None:
    spend(card, 2, since=MARCH)
    come_in(card, record(card, MARCH + timedelta(days=40), -777))
    assert amounts(page(client, card)) == [777]
    assert amounts(page(client, card, "?month=2026-03")) == [2, 1]
    assert amounts(page(client, card, "?month=all")) == [777, 2, 1]
    empty = page(client, card, "?month=2025-01")
    assert "There are no transactions here: January 2025, everything." in empty
    assert '<option value="2025-01" selected>' in empty
    months = re.findall(r'<option value="(\d{4}-\d\d)"', page(client, card))
    assert months == ["2026-04", "2026-03"]


def test_a_month_begins_at_midnight_of_the_programme(client: Client, card: Card) -> None:
    midnight = datetime(2026, 2, 28, 16, tzinfo=UTC)
    come_in(card, record(card, midnight, -1), record(card, midnight - timedelta(seconds=1), -2))
    assert amounts(page(client, card, "?month=2026-03")) == [1]
    assert amounts(page(client, card, "?month=2026-02")) == [2]


def test_filters_leave_rows_and_sums_of_what_is_asked(client: Client, card: Card) -> None:
    come_in(
        card,
        record(card, MARCH, -100),
        record(card, MARCH, -30, kind="fee"),
        record(card, MARCH, 1000, kind="top_up"),
        record(card, MARCH, -5, currency="HKD", kind="fee"),
    )
    text = page(client, card)
    assert text.count("<dt>Money in</dt>") == 2  # one for each currency
    assert '<dd><bdi class="nb" dir="ltr">\u2212¥ 1.30</bdi></dd>' in text
    assert "HK$ 0.05" in text
    assert sorted(amounts(page(client, card, "?show=out"))) == [30, 100]
    assert amounts(page(client, card, "?show=in")) == [1000]
    fees = page(client, card, "?show=fee")
    assert amounts(fees) == [30] and "March 2026, fee: 2 transactions" in fees
    assert "\u2212¥ 0.30</bdi></dd>" in fees


def test_pages_of_twenty_are_leafed_to_the_end_and_back(client: Client, card: Card) -> None:
    spend(card, 47, since=MARCH)
    first = page(client, card, "?month=2026-03")
    assert amounts(first) == list(range(47, 27, -1)) and "Previous page" not in first
    second = page(client, card, link(first, "Next page"))
    third = page(client, card, link(second, "Next page"))
    assert amounts(second) == list(range(27, 7, -1))
    assert amounts(third) == list(range(7, 0, -1)) and "Next page" not in third
    assert amounts(page(client, card, link(third, "Previous page"))) == list(range(27, 7, -1))
    again = page(client, card, link(second, "Previous page"))
    assert amounts(again) == amounts(first) and "Previous page" not in again
    assert "47 transactions" in third


def test_rows_of_one_moment_are_neither_lost_nor_shown_twice(client: Client, card: Card) -> None:
    spend(card, 45, since=MARCH, every=timedelta(0))
    text = page(client, card)
    seen = amounts(text)
    while "Next page" in text:
        text = page(client, card, link(text, "Next page"))
        seen += amounts(text)
    assert sorted(seen) == list(range(1, 46))


def test_a_row_that_comes_in_meanwhile_moves_no_page(client: Client, card: Card) -> None:
    spend(card, 30, since=MARCH)
    after = link(page(client, card), "Next page")
    come_in(card, record(card, MARCH + timedelta(days=1), -999))
    assert amounts(page(client, card, after)) == list(range(10, 0, -1))


@pytest.mark.parametrize(
    "query",
    [
        "?month=x&show=y&after=z&before=",
        "?month=2026-13",
        "?after=99999999999999999999999999_00000000000000000000000000000000",
        "?after=1_x&before=\0",
        "?month=0000-01",
    ],
)
def test_what_cannot_be_read_was_not_asked_for(client: Client, card: Card, query: str) -> None:
    spend(card, 2, since=MARCH)
    assert amounts(page(client, card, query)) == [2, 1]


def test_words_of_an_issuer_are_text(client: Client, card: Card) -> None:
    come_in(card, record(card, MARCH, description="<script>alert(1)</script>"))
    assert "<script>alert" not in page(client, card)


def test_the_card_of_somebody_else_is_missing_like_one_that_does_not_exist(client: Client, user: User) -> None:
    theirs = CardBindingFactory.create().card
    formerly = CardBindingFactory.create(user=user, ended_at=timezone.now() + timedelta(hours=1)).card
    spend(theirs, 1, since=MARCH)
    client.cookies["lang"] = "en"
    for kind in ("", "download/"):
        with time_machine.travel(timezone.now(), tick=False):  # a page says when the session ends
            answers = {
                (answer.status_code, answer.content)
                for pk in (theirs.pk, formerly.pk, uuid4())
                for answer in [client.get(f"/cards/{pk}/transactions/{kind}")]
            }
        ((status, _body),) = {(code, re.sub(rb"csrf[^>]+>|\?[^\"]*", b"", body)) for code, body in answers}
        assert status == 404


def test_signed_out_one_is_led_to_signing_in_and_back(client: Client) -> None:
    address = f"/cards/{uuid4()}/transactions/"
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (303, f"/account/sign-in/?next={address.replace('/', '%2F')}")


def test_the_page_is_not_kept_by_browsers(client: Client, card: Card) -> None:
    assert "no-store" in client.get(f"/cards/{card.pk}/transactions/")["Cache-Control"]
    assert "no-store" in client.get(f"/cards/{card.pk}/transactions/download/")["Cache-Control"]


def test_a_page_takes_as_many_queries_for_many_rows_as_for_few(
    client: Client, card: Card, django_assert_num_queries: Any
) -> None:
    spend(card, 1, since=MARCH)
    page(client, card)
    for more in (0, 60, 300):
        spend(card, more, since=MARCH)
        for query in ("", "?month=all", "?show=in"):
            # session and its row, account, binding and card, sums, rows, balance
            with django_assert_num_queries(7):
                page(client, card, query)
