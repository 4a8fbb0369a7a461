"""Finding what cardholders want to be told of, among transactions that are just coming in.

Runs in the transaction that writes them, so that none is told twice and none is missed. A batch costs a few
statements, whatever it holds: bindings, settings, what went before, alerts, the limit of messages, messages.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import CardBinding, User
from cards.masks import mask_email, mask_phone
from cards.models import Programme
from messaging.services import queue_message
from statements.chosen import chosen_by
from statements.looking_back import look_back
from statements.models import Alert, Transaction
from statements.models.alerts import Told
from statements.rules import PAYMENTS, matches
from vault.limits import Limit, take

KIND = "transaction_alert"
FRESH = timedelta(days=3)
"""What is older is history: nobody is told of it, and a first import of years costs nothing here."""
WORTH = timedelta(hours=12)
"""How long a message about a payment is worth sending."""
MESSAGES = Limit(
    name="alert_messages",
    sentence="4 alert messages an hour about one card: more would not be read, and all alerts stand on their page.",
    tries=4,
    window=timedelta(hours=1),
)


def raise_alerts(programme: Programme) -> int:
    """Write the alerts that follow from the batch that was just written and queue their messages; how many alerts."""
    now = timezone.now()
    fresh = _fresh(now)
    if not fresh:
        return 0
    bindings = CardBinding.objects.live().filter(card_id__in={row.card_id for row in fresh}).select_related("user")
    holders = {binding.card_id: binding.user for binding in bindings}
    fresh = [row for row in fresh if row.card_id in holders]
    chosen = chosen_by({user.pk for user in holders.values()})
    before = look_back(fresh)
    alerts: list[tuple[Transaction, User, list[str], Alert]] = []
    for row in fresh:
        user = holders[row.card_id]
        wanted = chosen[user.pk]
        at = row.at.astimezone(programme.zone)
        alerts += [
            (row, user, wanted.told_by(match.rule), Alert(user=user, transaction_id=row.pk, **match._asdict()))
            for match in matches(row, at, programme.region, before[row.pk], wanted)
        ]
    Alert.objects.bulk_create([alert for _row, _user, _told, alert in alerts])
    _queue(programme, alerts, now)
    return len(alerts)


def _fresh(now: datetime) -> list[Transaction]:
    """Give the new payments of the batch that somebody may want to be told of, the oldest first."""
    bound = CardBinding.objects.live().filter(card_id=OuterRef("card_id"))
    batch = RawSQL("SELECT id FROM incoming_transaction", ())
    payments = Transaction.objects.outgoing().filter(pk__in=batch, at__gt=now - FRESH, kind__in=PAYMENTS)
    return list(payments.filter(Exists(bound)).order_by("at", "pk"))


def _queue(programme: Programme, alerts: Sequence[tuple[Transaction, User, list[str], Alert]], now: datetime) -> None:
    """Queue one message for each payment and place, about the first of its alerts, as far as the limit allows."""
    wanted: list[tuple[UUID, User, str, Alert]] = []
    for _id, of_one in groupby(alerts, lambda one: one[0].pk):
        same = list(of_one)
        row, user, _told, first = same[0]
        places = {place for _row, _user, told, _alert in same for place in told}
        wanted += [(row.card_id, user, place, first) for place in (Told.SMS, Told.EMAIL) if place in places]
    wanted = [one for one in wanted if _contact(one[1], one[2])[0] is not None]
    cards = {card_id: 0 for card_id, *_rest in wanted}
    for card_id, *_rest in wanted:
        cards[card_id] += 1
    left = {subject: many for (_l, subject), many in take({(MESSAGES, str(c)): n for c, n in cards.items()}).items()}
    for card_id, user, place, alert in wanted:
        if left[str(card_id)]:
            left[str(card_id)] -= 1
            _queue_one(programme, user, place, alert, now)


def _queue_one(programme: Programme, user: User, place: str, alert: Alert, now: datetime) -> None:
    index, masked = _contact(user, place)
    if index is not None:
        queue_message(
            kind=KIND,
            channel=place,
            subject_id=alert.pk,
            contact_index=index,
            to_masked=masked,
            language=user.language,
            deadline=now + WORTH,
            programme_code=programme.code,
            urgent=False,
        )


def _contact(user: User, place: str) -> tuple[UUID | None, str]:
    if place == Told.SMS:
        return user.phone_index, mask_phone(user.phone)
    return user.email_index, mask_email(user.email)
