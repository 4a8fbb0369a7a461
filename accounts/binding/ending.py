"""Taking a card out of an account, and ending help. Runs inside the caller's transaction; done twice, it is done
once."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.binding.notices import note_help, tell
from accounts.models import CardBinding, CardHelper
from accounts.models.card_helpers import CardHelperQuerySet
from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.importing_writing import SOURCE
from cards.models.card_event import EventKind


def unbind_card(*, binding_id: UUID, actor: Actor, channel: Via, at: datetime) -> bool:
    """End a binding and, with it, all help with the card; False when it had ended already. The card stays as it is."""
    if not CardBinding.objects.live().filter(pk=binding_id).update(ended_at=at):
        return False
    binding = CardBinding.objects.select_related("card__programme", "user").get(pk=binding_id)
    record_event(card_id=binding.card_id, kind=EventKind.UNBOUND, actor=actor, channel=channel)
    tell("card_unbound", subject_id=binding.pk, card=binding.card, user=binding.user, at=at)
    end_all_help(CardHelper.objects.filter(card=binding.card_id), actor=actor, channel=channel, at=at)
    return True


def count_bound(card_ids: Collection[UUID]) -> int:
    """Count those of these cards that are in somebody's account."""
    return CardBinding.objects.live().filter(card_id__in=card_ids).count()


def end_for_earlier_holders(card_ids: Collection[UUID], at: datetime) -> None:
    """Take cards that their issuer has registered for somebody else out of the accounts they are in, and end all help
    with them. Only who had the card is told: its registered contacts are the other person's."""
    issuer = Actor.issuer(SOURCE)
    bindings = CardBinding.objects.live().filter(card_id__in=card_ids)
    for binding in bindings.order_by("card_id").select_related("card__programme", "user"):
        if CardBinding.objects.live().filter(pk=binding.pk).update(ended_at=at):
            record_event(card_id=binding.card_id, kind=EventKind.UNBOUND, actor=issuer, channel=Via.SYSTEM)
            tell(
                "card_reassigned",
                subject_id=binding.pk,
                card=binding.card,
                user=binding.user,
                at=at,
                holders_too=False,
            )
    helpers = CardHelper.objects.filter(card_id__in=card_ids)
    end_all_help(helpers, actor=issuer, channel=Via.SYSTEM, at=at, holders_too=False)


def end_all_help(
    helpers: CardHelperQuerySet, *, actor: Actor, channel: Via, at: datetime, holders_too: bool = True
) -> None:
    """End all of this help."""
    for helper_id in list(helpers.live().order_by("pk").values_list("pk", flat=True)):
        end_help(helper_id=helper_id, actor=actor, channel=channel, at=at, holders_too=holders_too)


def end_help(
    *,
    helper_id: UUID,
    actor: Actor,
    channel: Via,
    at: datetime,
    reason: str = "",
    comment: str = "",
    holders_too: bool = True,
) -> bool:
    """End one person's help; False when it had ended already. Both sides are told, or the helper only."""
    if not CardHelper.objects.live().filter(pk=helper_id).update(ended_at=at):
        return False
    helper = CardHelper.objects.select_related("card__programme", "user").get(pk=helper_id)
    record_event(
        card_id=helper.card_id,
        kind=EventKind.HELPER_ENDED,
        actor=actor,
        channel=channel,
        reason=reason,
        comment=comment,
    )
    note_help("ended", helper, actor)
    tell(
        "helper_ended",
        theirs="helping_ended",
        subject_id=helper.pk,
        card=helper.card,
        user=helper.user,
        at=at,
        holders_too=holders_too,
    )
    return True
