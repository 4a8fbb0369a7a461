"""A double click is known as one POST; a token cannot be used to try another code for free."""

import pytest
from django.http import QueryDict
from django.test import Client

from pages.form_tokens import NAME, post_key
from pages.tests.dom import dom

pytestmark = [pytest.mark.django_db, pytest.mark.urls("pages.tests.sample")]


def key(body: str) -> str:
    return post_key(QueryDict(body))


def test_a_page_carries_another_token_each_time(client: Client) -> None:
    tokens = {dom(client.get("/every/").content).one("input", name=NAME).attrs["value"] for _ in range(3)}
    assert len(tokens) == 3


def test_a_form_that_counts_nothing_carries_none(client: Client) -> None:
    assert not dom(client.get("/sample/").content).all("input", name=NAME)


def test_the_same_post_has_the_same_key() -> None:
    assert key("form_token=a&code=1&csrfmiddlewaretoken=x") == key("code=1&csrfmiddlewaretoken=y&form_token=a")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("form_token=a&code=1", "form_token=a&code=2"),
        ("form_token=a&code=1", "form_token=b&code=1"),
        ("code=1", "code=1"),
        ("form_token=&code=1", "form_token=&code=1"),
    ],
    ids=["another code", "another page", "no token", "empty token"],
)
def test_any_other_post_counts(one: str, other: str) -> None:
    assert key(one) != key(other)
