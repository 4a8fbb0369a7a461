"""A person at a browser without JavaScript, over real HTTP, behind a proxy of ours."""

import http.client
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from tests.services.installation import HOST

REDIRECTS = 10


@dataclass(frozen=True)
class Answer:
    """One answer: `path` is what was asked for, `body` is decoded."""

    status: int
    path: str
    headers: http.client.HTTPMessage
    body: str

    @property
    def location(self) -> str:
        """Where it redirects to; "" where it does not."""
        return self.headers.get("Location", "")

    @property
    def text(self) -> str:
        """The page as it reads: without tags."""
        reader = _Reader()
        reader.feed(self.body)
        return " ".join(" ".join(reader.words).split())


class Visitor:
    """One browser with its own cookies and client address. `page` is the last page, after its redirects."""

    def __init__(self, port: int, *, address: str = "192.0.2.1", language: str = "en") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.address, self.language = address, language
        self.cookies: dict[str, str] = {}
        self.page: Answer | None = None
        self.seen: list[Answer] = []

    def open(self, path: str) -> Answer:
        """Ask for a page."""
        return self._follow(self.ask("GET", path))

    @property
    def current(self) -> Answer:
        """The page this browser shows; raises AssertionError before the first one."""
        assert self.page is not None, "no page was opened"
        return self.page

    def fill(self, **answers: str) -> Answer:
        """Send the form of the page with these answers, whatever it holds already, and its hidden fields."""
        return self._follow(self.send(self.form() | answers))

    def press(self, button: str) -> Answer:
        """Press a further button of the page, with whatever its form holds."""
        return self.fill(**{button: "1"})

    def form(self) -> dict[str, str]:
        """What the form of the page would send."""
        inputs = _Inputs()
        inputs.feed(self.current.body)
        return inputs.values

    def send(self, answers: dict[str, str], path: str = "") -> Answer:
        """Post to the page, or to a path, and give the very answer: a redirect is not followed."""
        return self.ask("POST", path or self.current.path, urlencode(answers).encode())

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request and its answer."""
        sent = {
            "Host": HOST,
            "Accept-Language": self.language,
            "Referer": f"https://{HOST}{path}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
        }
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, sent | {name.replace("_", "-"): v for name, v in headers.items()})
        response = self.connection.getresponse()
        answer = Answer(response.status, path, response.headers, response.read().decode(errors="replace"))
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        self.seen.append(answer)
        return answer

    def close(self) -> None:
        self.connection.close()

    def _follow(self, answer: Answer) -> Answer:
        for _redirect in range(REDIRECTS):
            if not answer.location:
                break
            parts = urlsplit(urljoin(answer.path, answer.location))
            answer = self.ask("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        self.page = answer
        return answer


def is_sent(found: dict[str, str]) -> bool:
    """Whether a browser sends this input as it is."""
    return "checked" in found or found.get("type") not in ("radio", "checkbox")


class _Inputs(HTMLParser):
    """What the page's own form sends; the language buttons and other forms do not count."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("id") == "step"
        elif tag == "input" and self._inside and "name" in found and is_sent(found):
            self.values[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)
