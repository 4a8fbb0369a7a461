"""A slip in the host of an email address is noticed, and the right host named."""

import pytest

from cards.mail_hosts import OFTEN_USED, likely_host


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("qq.con", "qq.com"),
        ("qq.cm", "qq.com"),
        ("q.com", "qq.com"),
        ("qqq.com", "qq.com"),
        ("qq.ocm", "qq.com"),
        ("gamil.com", "gmail.com"),
        ("gmial.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("163.con", "163.com"),
        ("hotmal.com", "hotmail.com"),
        ("189.cm", "189.cn"),
    ],
)
def test_one_slip_is_noticed(typed: str, meant: str) -> None:
    assert likely_host(f"xiaoming@{typed}") == meant


@pytest.mark.parametrize("host", [*sorted(OFTEN_USED), "sina.com.cn", "vip.qq.com", "example.edu.cn", "163.net", ""])
def test_host_that_may_be_meant_is_left_alone(host: str) -> None:
    assert likely_host(f"xiaoming@{host}") == ""


@pytest.mark.parametrize("host", ["162.com", "136.com"])
def test_host_between_two_others_is_left_alone(host: str) -> None:
    assert likely_host(f"xiaoming@{host}") == ""


def test_number_has_no_host() -> None:
    assert likely_host("+8613800138000") == ""
