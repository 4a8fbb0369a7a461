"""People who come at a rate, over HTTP, and what they were answered, how fast."""

import http.client
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from tests.faults.codes import Holder
from tests.services.visitor import Answer, Visitor

PIN = "739146"
PAUSE = 0.5
"""Seconds after which somebody who was told to come back later does so."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: `at` is the monotonic clock's, status 0 means no answer."""

    at: float
    seconds: float
    status: int
    path: str
    friendly: bool
    """Whether it says when to come back, on a page in both languages."""


class Log(list[Asked]):
    """What many were answered."""

    def statuses(self) -> Counter[int]:
        return Counter(asked.status for asked in self)

    def p95(self) -> float:
        """Seconds within which 95 of 100 were answered."""
        return quantiles([asked.seconds for asked in self], n=20)[-1]

    def longest(self) -> float:
        return max(asked.seconds for asked in self)

    def last(self, moment: float) -> float:
        """How long after this moment the last one was answered; 0 when none was."""
        return max((asked.at + asked.seconds - moment for asked in self), default=0.0)

    def where(self, true: Callable[[Asked], bool]) -> "Log":
        return Log(asked for asked in self if true(asked))


class Person(Visitor):
    """Does what the page says: told to come back later, tries the same step again."""

    def __init__(self, port: int, number: int, log: Log, *, patience: float = 60.0) -> None:
        super().__init__(port, address=f"10.{number // 250}.{number % 250}.1")
        self.connection.timeout = patience
        self.log = log

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        start, status, friendly = time.monotonic(), 0, False
        try:
            try:
                kept = self.connection.sock is not None
                answer = super().ask(method, path, body, **headers)
            except (http.client.RemoteDisconnected, ConnectionError):
                if not kept:
                    raise
                self.connection.close()  # the server ended a connection that was idle: as a browser does, once more
                answer = super().ask(method, path, body, **headers)
            status = answer.status
            friendly = (
                "Retry-After" in answer.headers and "服务暂停" in answer.body and "closed for now" in answer.body
            )
            return answer
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return Answer(503, path, http.client.HTTPMessage(), "")
        finally:
            self.log.append(Asked(start, time.monotonic() - start, status, path, friendly))

    def open(self, path: str) -> Answer:
        answer = super().open(path)
        while answer.status == 503:
            time.sleep(PAUSE)
            answer = super().open(answer.path)
        return answer

    def fill(self, **answers: str) -> Answer:
        before = self.current
        answer = super().fill(**answers)
        while answer.status == 503:
            time.sleep(PAUSE)
            if answer.path != before.path:
                return self.open(answer.path)
            self.page = before
            answer = super().fill(**answers)
        return answer

    def ask_for_a_code(self, holder: Holder) -> None:
        """Raises AssertionError unless it was acknowledged: so the message must come."""
        self.open("/code/new/")
        self.fill(card_number=holder["number"], contact=holder["phone"])
        assert "Check your messages" in self.current.text, (self.current.status, self.current.path)

    def activate(self, holder: Holder) -> None:
        """From the code to the submitted attempt. Raises AssertionError unless it was acknowledged."""
        self.open("/activate/enter-code/")
        self.fill(card_number=holder["number"], code=holder["code"])
        self.fill(name=holder["name"], idno=holder["idno"])
        self.fill(pin=PIN, pin2=PIN)
        self.fill(agree="on")
        assert self.current.path.endswith(("/wait/", "/done/")), (self.current.status, self.current.path)

    def is_active(self) -> bool:
        """Whether the page that waits for the card says that it is active."""
        path = self.current.path.rsplit("/", 2)[0] + "/wait/"
        return "Your card is active" in self.open(path).text


@contextmanager
def people(rate: float, journeys: Iterable[Callable[[], Any]]) -> Iterator[list[Future[Any]]]:
    """Let so many begin a journey each second, while the block runs; after it, wait until all have ended theirs."""
    begun: list[Future[Any]] = []
    start = time.monotonic()
    with ThreadPoolExecutor(200) as threads:

        def later(number: int, journey: Callable[[], Any]) -> None:
            time.sleep(max(0.0, start + number / rate - time.monotonic()))
            begun.append(threads.submit(journey))

        def walk() -> None:
            for number, journey in enumerate(journeys):
                later(number, journey)

        walking = threads.submit(walk)
        yield begun
        walking.result()
    for journey in begun:
        journey.result()
