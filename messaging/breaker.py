"""The breaker: a country prefix whose codes nobody uses gets no more of them.

Somebody who lets us send codes to numbers that earn money by being sent to never uses one. So where fewer than 20 % of
the codes sent to a prefix were used, sending there stops. After an hour's pause it is half open: `PROBES` an hour go
out, and what becomes of those opens it again or stops it for another hour.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from messaging.destinations import known_destinations
from messaging.kinds import all_kinds
from messaging.models import Destination, Message, OperationsNotice
from messaging.notices import Cause, tell_staff
from vault.limits import Limit

LEAST_PERCENT = 20
SAMPLE = 50  # with fewer codes nothing is decided
LARGEST_SAMPLE = 2000  # the newest; more would say the same
TIME_TO_USE = timedelta(minutes=10)  # the life of a code by text message
WINDOW = timedelta(hours=1)
PAUSE = timedelta(hours=1)
EVER = datetime.min.replace(tzinfo=UTC)
PROBES = Limit(
    name="messages-to-a-half-open-prefix",
    sentence="A hundred text messages and calls an hour to a country whose codes were not used",
    tries=2 * SAMPLE,
    window=WINDOW,
)


def is_open(destination: Destination, at: datetime) -> bool:
    """Whether nothing at all is sent there."""
    return destination.tripped_at is not None and at < destination.tripped_at + PAUSE


def is_half_open(destination: Destination, at: datetime) -> bool:
    """Whether as much is sent there as tells how it goes."""
    return destination.tripped_at is not None and not is_open(destination, at)


def look_at_prefixes() -> list[str]:
    """Trip the prefixes whose codes are not used, and close those half-open ones whose codes are; which were tripped.

    For a task on the beat. Each is one conditional UPDATE, so of several at once one does it and tells staff.
    """
    at = timezone.now()
    tripped = []
    for destination in known_destinations():
        if is_open(destination, at):
            continue
        since = max(at - WINDOW - TIME_TO_USE, last_trip(destination.prefix) or EVER)
        sent, used = conversion(destination.prefix, since=since, until=at - TIME_TO_USE)
        if sent < SAMPLE:
            continue
        if used * 100 < sent * LEAST_PERCENT:
            tripped += [destination.prefix] if trip(destination, at) else []
        elif destination.tripped_at:
            Destination.objects.filter(pk=destination.pk, tripped_at=destination.tripped_at).update(tripped_at=None)
    return tripped


def conversion(prefix: str, *, since: datetime, until: datetime) -> tuple[int, int]:
    """How many codes were sent to the prefix between these moments, and how many of those were used.

    A code that was sent twice counts once. Of very many the newest are looked at.
    """
    counting = {kind.name: kind.used for kind in all_kinds() if kind.used}
    sent = Message.objects.filter(
        destination=prefix, kind__in=counting, sent_at__isnull=False, created_at__range=(since, until)
    )
    subjects: defaultdict[str, set[UUID]] = defaultdict(set)
    for kind, subject_id in sent.order_by("-created_at").values_list("kind", "subject_id")[:LARGEST_SAMPLE]:
        subjects[kind].add(subject_id)
    used = sum(counting[kind](ids) for kind, ids in subjects.items())
    return sum(map(len, subjects.values())), used


def last_trip(prefix: str) -> datetime | None:
    """When sending to the prefix was stopped last. Codes from before say nothing of how it goes since: not to us, and
    not when staff have opened it again."""
    trips = OperationsNotice.objects.filter(cause=Cause.TRIPPED, prefix=prefix)
    return trips.order_by("-told_at").values_list("told_at", flat=True).first()


def trip(destination: Destination, at: datetime) -> bool:
    """Stop sending to the prefix and tell staff, unless somebody has done so since `destination` was read."""
    with transaction.atomic():
        row, _made = Destination.objects.get_or_create(
            prefix=destination.prefix,
            defaults={"hourly_budget": destination.hourly_budget, "daily_budget": destination.daily_budget},
        )
        as_it_was = Q(tripped_at=destination.tripped_at)
        if not Destination.objects.filter(as_it_was, pk=row.pk).update(tripped_at=at):
            return False
        tell_staff(Cause.TRIPPED, prefix=destination.prefix, window=at.isoformat(), at=at, until=at + PAUSE)
    return True
