"""Writing down what happens to a card, and naming who did it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.utils import timezone

from cards.dimensions import ActorKind, Role, Via
from cards.models.card_event import CardEvent, EventKind
from cards.moves import Who


@dataclass(frozen=True)
class Actor:
    """Who acts: the `kind`, the `id` of their row (text, may be empty) and, for staff, as which `role`."""

    kind: ActorKind
    id: str = ""
    role: Role | None = None

    @classmethod
    def cardholder(cls, account_id: object = "") -> Self:
        """The person whose card it is, signed in or not."""
        return cls(ActorKind.CARDHOLDER, str(account_id))

    @classmethod
    def staff(cls, account_id: object, role: Role) -> Self:
        """A member of staff, acting as agent, supervisor or the issuer's operator."""
        return cls(ActorKind.STAFF, str(account_id), role)

    @classmethod
    def issuer(cls, source: object = "") -> Self:
        """The issuer, by its file or its interface."""
        return cls(ActorKind.ISSUER, str(source))

    @classmethod
    def system(cls, task: object = "") -> Self:
        """The portal itself."""
        return cls(ActorKind.SYSTEM, str(task))

    @property
    def who(self) -> Who:
        """As whom the table of moves knows this actor; an operator acts with the issuer's rights."""
        if self.kind == ActorKind.STAFF:
            return Who.ISSUER if self.role == Role.OPERATOR else Who(str(self.role))
        return Who(self.kind)


def record_event(
    *,
    card_id: UUID,
    kind: EventKind,
    actor: Actor,
    channel: Via,
    reason: str = "",
    comment: str = "",
    reference: str = "",
    from_state: str = "",
    to_state: str = "",
) -> CardEvent:
    """Add an event to a card, inside the caller's transaction. A reason `other` needs a comment."""
    return CardEvent.objects.create(
        card_id=card_id,
        kind=kind,
        reason=reason,
        comment=comment,
        reference=reference,
        from_state=from_state,
        to_state=to_state,
        at=timezone.now(),
        **_by(actor, channel),
    )


def record_events(*, card_ids: Iterable[UUID], kind: EventKind, actor: Actor, channel: Via) -> None:
    """Add the same event to each of many cards by one statement, inside the caller's transaction."""
    at, by = timezone.now(), _by(actor, channel)
    CardEvent.objects.bulk_create([CardEvent(card_id=card_id, kind=kind, at=at, **by) for card_id in card_ids])


def _by(actor: Actor, channel: Via) -> dict[str, str]:
    return {"actor_kind": actor.kind, "actor_id": actor.id, "actor_role": actor.role or "", "channel": channel}
