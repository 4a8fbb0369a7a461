"""Whether a programme's cards can be activated now, as its pages say it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from cards.models import Programme


def opening(programme: Programme | None) -> dict[str, Any]:
    """For `activation/not_open.html`: `is_open`, and where it is not, from when it will be (`opens_on`) or since when
    it is over (`closed_on`). A page of no programme is open."""
    at = timezone.now()
    if programme is None or programme.is_open(at):
        return {"is_open": True}
    early = programme.opens_on is not None and at < programme.opens_on
    return (
        {"is_open": False, "opens_on": programme.opens_on}
        if early
        else {"is_open": False, "closed_on": programme.closes_on}
    )
