"""Drafts: what a person typed into a page that was not accepted, kept in the sealed session until it is.

A draft holds the answers that may be shown again and the ids of the messages, never words: they are told in the
language of the page. It belongs to one address, lives 20 minutes, and a session holds 8 at most.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from pages.forms import FoundMistake, PageForm

KEY = "drafts"
MINUTES = 20
MOST = 8


@dataclass
class Draft:
    """What was typed, by field; what was wrong as (field, message id, values); a notice as (message id, values)."""

    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    mistakes: Sequence[FoundMistake] = ()
    notice: tuple[str, dict[str, Any]] | None = None


def keep_draft(request: HttpRequest, form: PageForm | None, draft: Draft | None = None) -> None:
    """Keep the form's typed answers and mistakes for the page that is asked for; an earlier draft is replaced."""
    draft = draft or Draft()
    if form is not None:
        draft.typed = form.kept()
        draft.mistakes = draft.mistakes or form.mistakes()
    drafts = _fresh(request)
    drafts.pop(request.path, None)
    drafts[request.path] = {
        "at": int(time.time()),
        "typed": draft.typed,
        "mistakes": [(name, message_id, _packed(values)) for name, message_id, values in draft.mistakes],
        "notice": draft.notice and (draft.notice[0], _packed(draft.notice[1])),
    }
    for oldest in list(drafts)[:-MOST]:
        del drafts[oldest]
    request.session[KEY] = drafts


def find_draft(request: HttpRequest) -> Draft | None:
    """Give the draft of the page that is asked for, if it has one that is not too old."""
    kept = _fresh(request).get(request.path)
    if kept is None:
        return None
    mistakes = [(name, message_id, _unpacked(values)) for name, message_id, values in kept["mistakes"]]
    notice = kept["notice"] and (kept["notice"][0], _unpacked(kept["notice"][1]))
    return Draft(kept["typed"], mistakes, notice)


def drop_draft(request: HttpRequest, path: str = "") -> None:
    """Forget the draft of an address (the one that is asked for by default)."""
    drafts = request.session.get(KEY, {})
    if drafts.pop(path or request.path, None) is not None:
        request.session[KEY] = drafts


def drop_drafts(request: HttpRequest) -> None:
    """Forget every draft of this browser."""
    request.session.pop(KEY, None)


def _fresh(request: HttpRequest) -> dict[str, Any]:
    oldest = time.time() - MINUTES * 60
    return {path: kept for path, kept in request.session.get(KEY, {}).items() if kept["at"] > oldest}


def _packed(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"moment": value.isoformat()} if isinstance(value, datetime) else value for name, value in values.items()
    }


def _unpacked(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value["moment"]) if isinstance(value, dict) else value
        for name, value in values.items()
    }
