"""What the code step costs: GET, a wrong code, a right code with the page after it; beside two peers, in one run.

The peers are in `code_step_peers.py`, which says what their code check does. All are called in turns, in one process,
as a server would call them, over one PostgreSQL as in production. "Wall" is the time to the last byte of the page that
the person sees, after redirects; "CPU" is this process alone, without the database's. Medians.

The aims for the two codes are the issue's, and are not reached beside the wizard that protects nothing. A try counts
four limits and takes three commits; a right one also reserves the code, opens the attempt and writes its event (see
`activation/tests/test_statements.py`). And our answer to a POST is a redirect, so that both include a whole GET, while
the wizard answers a POST with the page itself. "formtools, protected alike" is the wizard with our check of a code.
"""

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import django
from django.core.management import call_command

from benchmarks.wsgi_browser import Browser
from tests.services.postgres import PostgresServer

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "300"))
WARM_UP = 30
AIMS = {"GET": 0.4, "right code and next page": 0.5, "wrong code": 0.7}
CALLED = "campus"


class Contender:
    """One way to write the step. `prefix` names its fields, `cards` gives a card number and its code a round."""

    def __init__(self, name: str, application: Any, path: str, cards: list[tuple[str, str]], prefix: str = "") -> None:
        self.name, self.application, self.path, self.cards, self.prefix = name, application, path, cards, prefix
        self.wall: dict[str, list[float]] = {kind: [] for kind in AIMS}
        self.cpu: dict[str, list[float]] = {kind: [] for kind in AIMS}

    def round(self, number: int) -> None:
        """Open the page, try a wrong code, then the right one, in a browser of its own."""
        card, code = self.cards[number]
        wrong = str((int(code) + 1) % 10**6).zfill(6)
        browser = Browser(self.application, f"10.{number // 200}.{number % 200}.7")
        answers = {f"{self.prefix}card_number": card, f"{self.prefix}code": wrong}
        self.measure("GET", number, "Activation code", lambda: browser.get(self.path))
        self.measure("wrong code", number, "does not match", lambda: browser.post(self.path, answers))
        answers[f"{self.prefix}code"] = code
        self.measure("right code and next page", number, "Full name", lambda: browser.post(self.path, answers))

    def measure(self, kind: str, number: int, shown: str, act: Callable[[], str]) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        page = act()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if shown not in page:
            raise SystemExit(f"{self.name}: the answer to {kind} does not say {shown!r}:\n{page}")
        if number >= WARM_UP:
            self.wall[kind].append(wall * 1e3)
            self.cpu[kind].append(cpu * 1e3)


def contenders(rounds: int) -> list[Contender]:
    """Ours and the peers, each with its own cards."""
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415 - after django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    from activation.tests.factories import issue  # noqa: PLC0415
    from benchmarks import code_step_peers as peers  # noqa: PLC0415
    from cards.tests.factories import CardFactory, ProgrammeFactory  # noqa: PLC0415

    ProgrammeFactory.create(code=CALLED)

    def issued() -> list[tuple[str, str]]:
        cards = CardFactory.create_batch(rounds + WARM_UP)
        return [(card.number, issue(card, "sms").derive()) for card in cards]

    known, others = issued(), issued()  # an attempt is opened once a card: who does our work has cards of its own
    with connection.cursor() as cursor:
        cursor.execute(peers.TABLE)
        cursor.executemany("INSERT INTO peer_code VALUES (%s, %s)", known)
        cursor.execute("ANALYZE")
    portal = WSGIHandler()
    with override_settings(SESSION_ENGINE="django.contrib.sessions.backends.db"):
        plain = WSGIHandler()
    return [
        Contender("ours", portal, f"/{CALLED}/activate/enter-code/", known),
        Contender("formtools", plain, f"/{CALLED}/wizard/", known, "code-"),
        Contender("formtools, protected alike", plain, f"/{CALLED}/wizard-protected/", others, "code-"),
        Contender("bare view", plain, f"/{CALLED}/bare/", known),
        Contender("formtools as_div", plain, f"/{CALLED}/wizard-as-div/", known, "code-"),
        Contender("bare view as_div", plain, f"/{CALLED}/bare-as-div/", known),
    ]


def measure(rounds: int) -> None:
    """Measure in turns and print the medians and the ratios to formtools."""
    django.setup()
    call_command("migrate", verbosity=0)
    running = contenders(rounds)
    for number in range(rounds + WARM_UP):
        for contender in running[number % len(running) :] + running[: number % len(running)]:
            contender.round(number)
    print(f"Code step on PostgreSQL, {rounds} rounds in turns, medians in ms: wall (CPU of this process)")
    ours, *peers = running
    for kind, aim in AIMS.items():
        wall, cpu = statistics.median(ours.wall[kind]), statistics.median(ours.cpu[kind])
        print(f"  {kind}: {wall:.2f} ({cpu:.2f}); aim: at most {aim} of formtools")
        for peer in peers:
            its_wall, its_cpu = statistics.median(peer.wall[kind]), statistics.median(peer.cpu[kind])
            shares = f"ours is {wall / its_wall:.2f} ({cpu / its_cpu:.2f}) of it"
            print(f"    {peer.name:26} {its_wall:6.2f} ({its_cpu:5.2f})  {shares}")
    print("  two of our GETs, which check nothing: what a redirect costs before anything is done")
    for kind in ("right code and next page", "wrong code"):
        share = 2 * statistics.median(ours.wall["GET"]) / statistics.median(peers[0].wall[kind])
        print(f"    {share:.2f} of formtools' {kind}")


def main() -> None:
    """Start a PostgreSQL of its own and measure on it."""
    server = PostgresServer(as_in_production=True)
    try:
        server.start()
        os.environ.update(DATABASE_URL=server.url, PORTAL_MODE="development", DJANGO_DEBUG="0", LOG_LEVEL="WARNING")
        os.environ.update(SMS_URL="memory:", EMAIL_URL="memory:", DJANGO_SETTINGS_MODULE="benchmarks.settings")
        measure(ROUNDS)
    finally:
        server.remove()


if __name__ == "__main__":
    main()
