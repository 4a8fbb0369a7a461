"""Many browsers that press a button at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.services.visitor import Answer, Visitor

PREPARED_AT_ONCE = 16


def visitors(port: int, count: int) -> list[Visitor]:
    """Browsers without a session yet, each in a network of its own."""
    return [Visitor(port, address=f"10.{number}.0.1") for number in range(count)]


def each(crowd: Sequence[Visitor], act: Callable[[Visitor], Answer]) -> list[Answer]:
    """Let every browser do the same, a few at a time."""
    with ThreadPoolExecutor(PREPARED_AT_ONCE) as threads:
        return list(threads.map(act, crowd))


def press_at_once(crowd: Sequence[Visitor], **answers: str) -> list[Answer]:
    """Every browser sends the form of its page with these answers; all of them start at the same moment."""
    forms = [visitor.form() | answers for visitor in crowd]
    start = Barrier(len(crowd))

    def press(number: int) -> Answer:
        start.wait(timeout=30)
        return crowd[number].send(forms[number])

    with ThreadPoolExecutor(len(crowd)) as threads:
        return list(threads.map(press, range(len(crowd))))
