"""A person at a browser without JavaScript, by Django's test client."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


class _Inputs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = found.get("id") == "step"
        elif tag == "input" and self.inside and "name" in found and _is_sent(found):
            self.values[found["name"]] = found.get("value", "")


def _is_sent(found: dict[str, str]) -> bool:
    return "checked" in found or found.get("type") not in ("radio", "checkbox")


class Browser:
    """One browser; `page` is the last answer, after its redirects, and `at` its path.

    It asks for `language`, or for the one that every browser of a test `speaks`.
    """

    speaks = "en"

    def __init__(self, language: str = "", **headers: str) -> None:
        self.client = Client(headers={"accept-language": language or self.speaks, **headers})
        self.page: Any = None

    @property
    def at(self) -> str:
        return self.page.request["PATH_INFO"]

    @property
    def text(self) -> str:
        return self.page.content.decode()

    def open(self, path: str) -> HttpResponse:
        self.page = self.client.get(path, follow=True)
        return self.page

    def fill(self, **answers: str) -> HttpResponse:
        """Send the page's form with these answers and whatever it holds already."""
        form = _Inputs()
        form.feed(self.text)
        return self.send(self.at, **{**form.values, **answers})

    def send(self, path: str, **answers: str) -> HttpResponse:
        self.page = self.client.post(path, answers, follow=True)
        return self.page
