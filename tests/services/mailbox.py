"""What a receiving server has got so far, to be waited for."""

import threading
import time
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    """A list that one thread fills and another one waits for."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._changed = threading.Condition()

    def add(self, item: Item) -> int:
        """Keep it, and say how many there are now."""
        with self._changed:
            self._items.append(item)
            self._changed.notify_all()
            return len(self._items)

    def all(self) -> list[Item]:
        """Everything received so far, oldest first."""
        with self._changed:
            return list(self._items)

    def clear(self) -> None:
        """Forget everything."""
        with self._changed:
            self._items.clear()

    def wait_for(self, count: int, *, seconds: float = 60) -> list[Item]:
        """Wait until at least `count` have come, and return all; raises AssertionError after `seconds`."""
        end = time.monotonic() + seconds
        with self._changed:
            while len(self._items) < count:
                if not self._changed.wait(end - time.monotonic()) and time.monotonic() >= end:
                    raise AssertionError(f"{len(self._items)} of {count} came within {seconds} s")
            return list(self._items)
