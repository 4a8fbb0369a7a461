"""Who did what an event tells: as which role, and for staff their name."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import AccountEvent, User
from cards.dimensions import ActorKind
from cards.models import CardEvent


def names_of_staff(events: Iterable[CardEvent | AccountEvent]) -> dict[str, str]:
    """The usernames of the staff who did any of these, by the identifier that events keep; one query."""
    ids = {event.actor_id for event in events if event.actor_role}
    return {str(pk): name or "" for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "username")}


def told_by(event: CardEvent | AccountEvent, names: dict[str, str]) -> str:
    """Role and name of a member of staff; for everybody else what they are."""
    doer = str(event.get_actor_role_display() or kind_of_doer(event))
    name = names.get(event.actor_id)
    return _("%(role)s (%(name)s)") % {"role": doer, "name": name} if name else doer


def kind_of_doer(event: CardEvent | AccountEvent) -> str:
    """Cardholder, staff, issuer or the portal. Of an account it is the owner, unless the event says otherwise."""
    if isinstance(event, CardEvent):
        return str(event.get_actor_kind_display())
    return str(ActorKind(event.facts.get("by", ActorKind.CARDHOLDER)).label)
