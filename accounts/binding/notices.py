"""Telling both sides: every registered contact of the card, every contact of the account, and what both keep."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from accounts.account_events import record
from accounts.contacts import mask
from accounts.models import CardBinding, CardHelper, User
from cards.dimensions import ActorKind, Channel
from cards.events import Actor
from cards.models import Card
from cards.models.card import Contact
from messaging.services import queue_message

NOTICE_WORTH = timedelta(days=3)


def tell(
    kind: str, *, subject_id: UUID, card: Card, user: User, at: datetime, holders_too: bool = True, theirs: str = ""
) -> None:
    """One message of `kind` for every contact, each once, in the caller's transaction; the card's own contacts are
    left out where its holder is another one by now. The account's contacts get the kind `theirs`, if it is given."""
    to_user = {contact.index: (theirs or kind, contact, user.language) for contact in contacts_of(user)}
    registered = card.registered_contacts() if holders_too else []
    to_holder = {contact.index: (kind, contact, card.language) for contact in registered}
    for said, contact, language in (to_user | to_holder).values():
        queue_message(
            kind=said,
            channel=contact.channel,
            subject_id=subject_id,
            contact_index=contact.index,
            to_masked=mask(contact.address),
            language=language,
            deadline=at + NOTICE_WORTH,
            programme_code=card.programme.code,
        )


def note_help(what: str, helper: CardHelper, actor: Actor) -> None:
    """Keep in both accounts that help has begun or ended: in the helper's, and in that of who has the card; and who
    did it, where neither of them did."""
    tail = helper.card.number_tail
    by = {} if actor.kind == ActorKind.CARDHOLDER else {"by": str(actor.kind)}
    record(user_id=helper.user_id, kind=f"helping_{what}", tail=tail, **by)
    for user_id in CardBinding.objects.live().filter(card=helper.card_id).values_list("user_id", flat=True):
        record(user_id=user_id, kind=f"help_{what}", tail=tail, helper=mask_of(helper.user), **by)


def mask_of(user: User) -> str:
    """An account as others may see it: by the mask of its contact."""
    return mask(user.phone or user.email or "")


def helpers_by_account(card_ids: Iterable[UUID]) -> dict[tuple[UUID, str], str]:
    """Who helps with these cards, or did: by card and account: their masks, or "" for closed accounts."""
    helpers = CardHelper.objects.filter(card_id__in=card_ids).select_related("user")
    return {(one.card_id, str(one.user_id)): mask_of(one.user) for one in helpers}


def contacts_of(user: User) -> list[Contact]:
    """Where an account is reached."""
    both = ((Channel.SMS, user.phone, user.phone_index), (Channel.EMAIL, user.email, user.email_index))
    return [Contact(channel, address, index) for channel, address, index in both if index]
