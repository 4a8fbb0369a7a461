"""Further pages that "my account" leads to, from the rooms above. They register themselves in `AppConfig.ready`."""

from collections.abc import Sequence
from typing import Any

_links: list[tuple[Any, str]] = []


def register(words: Any, name: str) -> None:
    """Lead to the address of this name; `words` are lazy."""
    if (words, name) not in _links:
        _links.append((words, name))


def links() -> Sequence[tuple[Any, str]]:
    """Words and names, in the order of registration."""
    return tuple(_links)
