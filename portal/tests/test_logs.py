"""Logs tell one request from another and keep secrets to themselves."""

import json
import logging
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from messaging.receipt_addresses import receipt_address
from portal.logs import logging_config


def written(level: str = "INFO") -> logging.Formatter:
    config = logging_config(level, as_json=True)["formatters"]["line"]
    kind = config.pop("()")
    formatter: logging.Formatter = kind(**config)
    return formatter


def record(**parts: Any) -> logging.LogRecord:
    return logging.LogRecord("a.logger", logging.ERROR, __file__, 1, "%s", ("words",), parts.get("exc_info"))


def test_a_line_is_json_with_its_moment_level_and_logger() -> None:
    line = json.loads(written().format(record()))
    assert {"event": "words", "level": "error", "logger": "a.logger"}.items() <= line.items()
    assert "timestamp" in line


def test_a_traceback_shows_no_local_variable() -> None:
    pin = "739" + "102"
    try:
        raise KeyError(len(pin))
    except KeyError as error:
        line = written().format(record(exc_info=(KeyError, error, error.__traceback__)))
    assert "KeyError" in line
    assert "739102" not in line


@pytest.mark.django_db
def test_a_request_is_one_line_without_its_query(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "portal.requests")
    response = client.get("/help/?code=739102648853", headers={"X-Request-ID": "from-the-proxy-1"})
    assert response["X-Request-ID"] == "from-the-proxy-1"
    (line,) = [entry for entry in caplog.records if entry.name == "portal.requests"]
    assert "/help/" in str(line.msg)
    assert "739102648853" not in str(line.msg)


@pytest.mark.django_db
def test_no_line_holds_the_token_of_a_callback_s_address(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    settings.SMS_URL = "http://127.0.0.1:9/sms"
    address = urlsplit(receipt_address("http")).path
    assert client.get(address).status_code == 405  # which Django logs with its path
    assert client.post(address, b"{}", content_type="application/json").status_code == 403  # likewise
    lines = [written().format(entry) for entry in caplog.records]
    assert sum("/receipts/http/.../" in line for line in lines) == 4
    assert not any(address.rstrip("/").rpartition("/")[2] in line for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "short", "new\tline-and-more", "x" * 65])
def test_an_id_that_is_none_is_replaced(client: Client, given: str) -> None:
    made = client.get("/help/", headers={"X-Request-ID": given})["X-Request-ID"]
    assert made != given
    assert len(made) == 32


@pytest.mark.parametrize(
    ("name", "level", "traced"), [("django.request", "WARNING", False), ("django.request", "ERROR", True)]
)
def test_a_refused_page_is_one_line_and_a_mistake_has_its_trace(name: str, level: str, traced: bool) -> None:
    (keep,) = logging_config("INFO", as_json=True)["handlers"]["stderr"]["filters"]
    try:
        raise PermissionError
    except PermissionError as error:
        seen = record(exc_info=(PermissionError, error, error.__traceback__))
    seen.name, seen.levelno = name, logging.getLevelName(level)
    assert keep(seen)
    assert ("PermissionError" in written().format(seen)) is traced
