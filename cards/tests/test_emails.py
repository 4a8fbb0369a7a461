import pytest
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from cards import emails
from cards.emails import normalise_email
from cards.mistakes import EmailNotUnderstood


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("zhang@example.org", "zhang@example.org"),
        ("Zhang.San@Example.ORG ", "zhang.san@example.org"),
        ("ｚｈａｎｇ＠example．org", "zhang@example.org"),
        ("zhang @ example.org", "zhang@example.org"),
        ("zhang\u200b@example.org", "zhang@example.org"),
        ("zhang@例子.中国", "zhang@xn--fsqu00a.xn--fiqs8s"),
        ("a+b_c-d.e.f@sub-1.example.org", "a+b_c-d.e.f@sub-1.example.org"),
    ],
)
def test_all_spellings_of_an_address_are_one_address(typed: str, address: str) -> None:
    assert normalise_email(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "zhang",
        "@example.org",
        "zhang@",
        "zhang@example",
        "a@b@example.org",
        "zhang\x00@example.org",
        "zhang..san@example.org",
        "张@example.org",
        f"{'a' * 250}@example.org",
        f"zhang@{'a' * 70}.org",
        "x" * 1_000_000,
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(EmailNotUnderstood) as refused:
        normalise_email(typed)
    assert refused.value.message_id == "E23"


@given(st.from_regex(emails._ORDINARY, fullmatch=True).filter(lambda address: len(address) <= emails.LONGEST))
def test_the_quick_path_takes_nothing_that_the_validator_refuses(address: str) -> None:
    validate_email(address)
    assert normalise_email(address) == address
