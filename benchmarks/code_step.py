"""What the code step costs: GET, a wrong code, a right code with the page after it; beside two peers, in one run.

Needs DATABASE_URL of an empty PostgreSQL (`make bench` starts one). The peers are in `code_step_peers.py`.
"""

import io
import os
import re
import statistics
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import django

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "300"))
WARM_UP = 20
AIMS = {"GET": 0.4, "right code and next page": 0.5, "wrong code": 0.7}
INPUT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Browser:
    """Calls a WSGI application as a server would, with cookies."""

    def __init__(self, application: Any, address: str) -> None:
        self.application, self.address, self.cookies = application, address, SimpleCookie[str]()
        self.hidden: dict[str, str] = {}

    def call(self, method: str, path: str, body: str = "") -> tuple[int, dict[str, str]]:
        headers: list[tuple[str, str]] = []
        status: list[str] = []

        def start(line: str, found: list[tuple[str, str]], _error: Any = None) -> None:
            status.append(line)
            headers.extend(found)

        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path.split("?")[0], "QUERY_STRING": path.partition("?")[2],
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self.address, "HTTP_HOST": "127.0.0.1:8000", "HTTP_ACCEPT_LANGUAGE": "en",
            "HTTP_COOKIE": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body.encode()), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False, "wsgi.version": (1, 0),
        }  # fmt: skip
        answer = self.application(environ, start)
        text = b"".join(answer).decode()
        answer.close()
        for name, value in headers:
            if name == "Set-Cookie":
                self.cookies.load(value)
        self.hidden = dict(INPUT.findall(text)) or self.hidden
        return int(status[0].split()[0]), dict(headers)

    def get(self, path: str) -> int:
        return self.call("GET", path)[0]

    def post(self, path: str, follow: bool, **answers: str) -> int:
        fields = {**self.hidden, **answers}
        status, headers = self.call("POST", path, "&".join(f"{name}={value}" for name, value in fields.items()))
        if follow and status in (302, 303):
            return self.get(headers["Location"].split("#")[0])
        return status


class Contender:
    """One way to write the step. `prefix` names its fields, `cards` gives a card number and its code a round."""

    def __init__(self, name: str, application: Any, path: str, cards: list[tuple[str, str]], prefix: str = "") -> None:
        self.name, self.application, self.path, self.cards, self.prefix = name, application, path, cards, prefix
        self.times: dict[str, list[float]] = {kind: [] for kind in AIMS}

    def round(self, number: int) -> None:
        card, code = self.cards[number]
        browser = Browser(self.application, f"10.{number // 200}.{number % 200}.7")
        self.measure("GET", number, lambda: browser.get(self.path))
        wrong = {f"{self.prefix}card_number": card, f"{self.prefix}code": str(number).zfill(6)}
        self.measure("wrong code", number, lambda: browser.post(self.path, True, **wrong))
        browser.get(self.path)
        right = wrong | {f"{self.prefix}code": code}
        self.measure("right code and next page", number, lambda: browser.post(self.path, True, **right))

    def measure(self, kind: str, number: int, act: Callable[[], int]) -> None:
        started = time.perf_counter()
        status = act()
        spent = time.perf_counter() - started
        if status != 200:
            raise SystemExit(f"{self.name}: {kind} answered {status}")
        if number >= WARM_UP:
            self.times[kind].append(spent * 1e3)


def contenders() -> list[Contender]:
    """Ours and the peers, each with its own cards."""
    from django.conf import settings  # noqa: PLC0415 - after django.setup()
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    from activation.tests.factories import issue  # noqa: PLC0415
    from benchmarks import code_step_peers as peers  # noqa: PLC0415
    from cards.tests.factories import CardFactory, ProgrammeFactory  # noqa: PLC0415

    ProgrammeFactory.create()
    cards = CardFactory.create_batch(ROUNDS + WARM_UP)
    ours = [(card.number, issue(card, "letter").derive()) for card in cards]
    with connection.cursor() as cursor:
        cursor.execute(peers.TABLE)
        cursor.executemany("INSERT INTO peer_code VALUES (%s, %s)", ours)
        cursor.execute("ANALYZE")
    portal = WSGIHandler()
    with override_settings(MIDDLEWARE=peers.MIDDLEWARE, SESSION_ENGINE="django.contrib.sessions.backends.db"):
        plain = WSGIHandler()
    settings.TEMPLATES[0]["DIRS"].append(settings.BASE_DIR / "benchmarks" / "templates")
    return [
        Contender("ours", portal, "/campus/activate/enter-code/", ours),
        Contender("formtools", plain, "/wizard/", ours, "code-"),
        Contender("bare view", plain, "/bare/", ours),
    ]


def main() -> None:
    """Measure in turns and print the medians and the ratios to formtools."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after django.setup()

    call_command("migrate", verbosity=0)
    running = contenders()
    for number in range(ROUNDS + WARM_UP):
        for contender in running:
            contender.round(number)
    print(f"Code step on PostgreSQL, {ROUNDS} rounds in turns, medians in ms (formtools and bare: one plain SELECT)")
    for kind, aim in AIMS.items():
        medians = {contender.name: statistics.median(contender.times[kind]) for contender in running}
        told = ", ".join(f"{name} {spent:.2f}" for name, spent in medians.items())
        ratios = [medians["ours"] / medians[name] for name in ("formtools", "bare view")]
        print(
            f"  {kind:26} {told}: ours is {ratios[0]:.2f} of formtools (aim {aim}), {ratios[1]:.2f} of the bare view"
        )


if __name__ == "__main__":
    main()
