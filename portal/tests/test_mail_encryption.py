"""EMAIL_URL as somebody writes it, and what the deploy check says of it: nothing goes in clear unseen."""

import pytest
from pytest_django import Settings

from messaging.checks import email_url_sends
from portal import env


def _use(url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    settings.MODE = "production"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    for name, value in env.email("EMAIL_URL", "").items():
        setattr(settings, name, value)


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("smtp://user:hunter2@mail.example.com:587", ["messaging.W002"]),
        ("smtp://user:hunter2@mail.example.com:587/?tls=True", ["messaging.W002"]),
        ("smtp://127.0.0.1:25", []),
        ("smtp+tls://user:hunter2@mail.example.com:587", []),
        ("smtp+ssl://user:hunter2@mail.example.com", []),
        ("console:", ["messaging.E003"]),
    ],
)
def test_production_warns_of_mails_over_an_unencrypted_connection(
    url: str, ids: list[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(url, settings, monkeypatch)
    found = email_url_sends()
    assert [problem.id for problem in found] == ids
    assert "hunter2" not in f"{found}"


def test_the_address_that_the_check_advises_is_encrypted(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _use("console:", settings, monkeypatch)
    (error,) = email_url_sends()
    (advised,) = [word.rstrip(",") for word in str(error.hint).split() if "://" in word]
    _use(advised, settings, monkeypatch)
    assert email_url_sends() == []
