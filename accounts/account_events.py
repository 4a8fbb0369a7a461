"""Writing down what happens to an account, and the sentence of each kind.

A kind is a lazy sentence in the voice of the page that tells it ("You signed out everywhere"), with a `%(name)s` for
each of its facts. Facts are told as `accounts.activity` says; they are masked, or they name nobody.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountEvent
from cards.dimensions import ActorKind
from cards.events import Actor

_sentences: dict[str, Any] = {
    "signed_in": _("You signed in with %(browser)s"),
    "signed_in_new_device": _("You signed in with %(browser)s, which was new to your account"),
    "session_ended": _("You signed out %(browser)s"),
    "signed_out_everywhere": _("You signed out everywhere"),
    "signed_out_by_staff": _("You were signed out everywhere"),
    "denied": _("You told us that it was not you, and we stopped it. Reference: %(reference)s"),
}


def register(kind: str, sentence: Any) -> None:
    """Let events of this kind be recorded, each told by this sentence. Call it in `AppConfig.ready`."""
    _sentences.setdefault(kind, sentence)


def sentence_of(kind: str) -> Any:
    """The lazy sentence of a kind; None where no room knows it any more."""
    return _sentences.get(kind)


def record(*, user_id: UUID, kind: str, **facts: str) -> AccountEvent:
    """Add an event to an account, inside the caller's transaction: `record(user_id=..., kind="...", tail="2604")`.

    `facts` fill the kind's sentence and are kept in the clear: masks (`contact="138 **** 8000"`) and last digits, not
    a whole contact, code or number. Raises KeyError for a kind without a sentence, and for a fact that is missing.
    """
    return _add(AccountEvent(user_id=user_id, kind=kind, facts=facts))


def record_done(
    *, user_id: UUID, own: str, by_staff: str, actor: Actor, reason: str = "", comment: str = ""
) -> AccountEvent:
    """Add an event of the kind `own` where the cardholder did it; where staff did, of the kind `by_staff`, with who
    and why. A reason `other` needs a comment."""
    if actor.kind != ActorKind.STAFF:
        return record(user_id=user_id, kind=own)
    by = {"actor_id": actor.id, "actor_role": actor.role or "", "reason": reason, "comment": comment}
    return _add(AccountEvent(user_id=user_id, kind=by_staff, facts={"by": str(actor.kind)}, **by))


def _add(event: AccountEvent) -> AccountEvent:
    str(_sentences[event.kind]) % event.facts
    event.at = timezone.now()
    event.save(force_insert=True)
    return event
