"""What `/metrics` tells, read from the database when it is asked: there are many processes and one truth.

Each query looks at what waits, through a partial index, and at no more than `MOST` rows of it; none counts a table.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from accounts.models import CodeRequest
from activation.models import ActivationAttempt
from cards.models import Programme
from messaging import tallies
from messaging.models import Destination, Message, OperationsNotice, Receipt, Tally
from portal.broker import queue_lengths
from portal.models import Tick
from portal.sweeps import SCHEDULED
from statements.models import Feed

MOST = 100_000
CAUSE = ["cause", "prefix"]
UP_TO = f"Counted up to {MOST}."


class Measures(Collector):
    """Every family of `/metrics`."""

    def collect(self) -> Iterator[Metric]:
        at = timezone.now()
        yield from outbox(at)
        yield from sends()
        yield from rows_that_wait(at)
        yield feeds(at)
        yield from queues()
        yield from sweeps()


def gauge(name: str, text: str, labels: list[str] | None = None, value: float | None = None) -> GaugeMetricFamily:
    """A gauge of ours, with `value` where it has no labels."""
    return GaugeMetricFamily(f"portal_{name}", text, labels=labels, value=value)


def outbox(at: datetime) -> Iterator[Metric]:
    """What waits to be sent, how old it is, and what was given up."""
    labels = ["channel", "urgent"]
    waiting = gauge("messages_waiting", f"Messages neither sent nor given up. {UP_TO}", labels)
    oldest = gauge("messages_oldest_seconds", "Age since it was queued of the oldest message that waits.", labels)
    overdue = gauge("messages_overdue_seconds", "How long the message that is due longest has been due.", labels)
    for channel in Message.Channel.values:
        for urgent in (True, False):
            of_it = Message.objects.waiting().filter(channel=channel, urgent=urgent).order_by("next_try_at")
            due = Q(next_try_at__lte=at)
            found = of_it.values("created_at", "next_try_at")[:MOST].aggregate(
                count=Count("*"), oldest=Min("created_at"), due=Min("next_try_at", filter=due)
            )
            named = [channel, str(urgent).lower()]
            waiting.add_metric(named, found["count"])
            oldest.add_metric(named, _age(found["oldest"], at))
            overdue.add_metric(named, _age(found["due"], at))
    yield from (waiting, oldest, overdue)
    dead = Message.objects.filter(dead_at__isnull=False)
    yield gauge("messages_dead", f"Dead letters in the message log. {UP_TO}", value=_count(dead, "dead_at"))


def sends() -> Iterator[Metric]:
    """What the tallies hold: how sendings ended, and how long they took."""
    counted = list(Tally.objects.all())
    outcomes = CounterMetricFamily(
        "portal_sends",
        "Sendings by gateway and outcome; without a gateway: ended before one was asked.",
        labels=["gateway", "outcome"],
    )
    for tally in counted:
        if tally.name == tallies.SENDS:
            outcomes.add_metric([tally.gateway, tally.label], tally.value)
    yield outcomes
    hand_over = HistogramMetricFamily(
        "portal_hand_over_seconds", "From queueing a message to its gateway having it.", labels=["gateway", "urgent"]
    )
    for urgent, name in tallies.HAND_OVER.items():
        for gateway, values in _by_gateway(counted, name).items():
            hand_over.add_metric([gateway, str(urgent).lower()], **_histogram(values))
    yield hand_over
    delivery = HistogramMetricFamily(
        "portal_delivery_seconds", "From a gateway having a message to its receipt.", labels=["gateway"]
    )
    for gateway, values in _by_gateway(counted, tallies.DELIVERY).items():
        delivery.add_metric([gateway], **_histogram(values))
    yield delivery


def rows_that_wait(at: datetime) -> Iterator[Metric]:
    """Other work that lies in rows until a worker does it."""
    for name, rows, since, what in (
        ("code_requests", CodeRequest.objects.waiting(at), "created_at", "Requests for a code without an answer"),
        ("attempts", ActivationAttempt.objects.awaiting_verdict(), "submitted_at", "Activations without a verdict"),
        ("receipts", Receipt.objects.waiting(), "received_at", "Receipts nobody has looked at"),
    ):
        found = rows.values(since)[:MOST].aggregate(count=Count("*"), oldest=Min(since))
        yield gauge(f"{name}_waiting", f"{what}. {UP_TO}", value=found["count"])
        yield gauge(f"{name}_oldest_seconds", f"{what}: age of the oldest.", value=_age(found["oldest"], at))
    notices = gauge("notices", "What staff were told of messages that is so still, by cause and prefix.", CAUSE)
    for notice in OperationsNotice.objects.current(at).values("cause", "prefix").annotate(count=Count("*")):
        notices.add_metric([notice["cause"], notice["prefix"]], notice["count"])
    yield notices
    stopped = gauge("destination_stopped", "1 where sending to a country prefix was stopped.", ["prefix"])
    for destination in Destination.objects.all():
        stopped.add_metric([destination.prefix], float(destination.tripped_at is not None))
    yield stopped


def feeds(at: datetime) -> Metric:
    """How late the issuers' hosts are asked for news, so how late alerts come: one probe of an index a programme."""
    overdue = gauge(
        "feeds_overdue_seconds", "How long the card that waits longest should have been asked for.", ["programme"]
    )
    turns = Feed.objects.filter(programme=OuterRef("pk")).order_by("next_try_at").values("next_try_at")[:1]
    first = Programme.objects.annotate(first=Subquery(turns)).filter(first__isnull=False)
    for code, moment in first.values_list("code", "first"):
        overdue.add_metric([code], _age(moment, at))
    return overdue


def queues() -> Iterator[Metric]:
    """What lies in the broker, if it answers within a second."""
    lengths = queue_lengths()
    yield gauge("broker_up", "1 when the broker answers within a second.", value=float(lengths is not None))
    length = gauge("queue_length", "Tasks in the broker that no worker has taken.", ["queue"])
    for queue, tasks in (lengths or {}).items():
        length.add_metric([queue], tasks)
    yield length


def sweeps() -> Iterator[Metric]:
    """When each task of the schedule last ended well, and how often it should."""
    ended = gauge("sweep_last_success_timestamp_seconds", "When the sweep last ended well.", ["sweep"])
    for tick in Tick.objects.filter(task__in=SCHEDULED):
        ended.add_metric([tick.task], tick.at.timestamp())
    yield ended
    interval = gauge("sweep_interval_seconds", "How often the beat asks for the sweep.", ["sweep"])
    for task, seconds in SCHEDULED.items():
        interval.add_metric([task], seconds)
    yield interval


def _count(rows: QuerySet[Any], column: str) -> int:
    return rows.values(column)[:MOST].aggregate(count=Count("*"))["count"]


def _age(moment: datetime | None, at: datetime) -> float:
    return max((at - moment).total_seconds(), 0.0) if moment else 0.0


def _by_gateway(counted: list[Tally], name: str) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for tally in counted:
        if tally.name == name:
            found.setdefault(tally.gateway, {})[tally.label] = tally.value
    return found


def _histogram(values: dict[str, float]) -> dict[str, Any]:
    """The buckets as Prometheus wants them: each holds those below it too."""
    buckets, below = [], 0.0
    for bound in (*(f"{bound:g}" for bound in tallies.BUCKETS), tallies.BEYOND):
        below += values.get(bound, 0.0)
        buckets.append((str(float(bound)) if bound != tallies.BEYOND else bound, below))
    return {"buckets": buckets, "sum_value": values.get(tallies.SUM, 0.0)}
