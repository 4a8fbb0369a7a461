"""`/metrics`: what Prometheus reads there, who may read it, and what it costs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text
from pytest_django import Settings

from cards.tests.factories import CardFactory, ProgrammeFactory
from messaging.models import Destination, Message, OperationsNotice
from messaging.tallies import DELIVERY, HAND_OVER, TallySheet
from messaging.tests.factories import make_message, make_messages
from portal.measures import Measures, feeds
from portal.models import Tick
from statements.models import Feed
from tests.plans import as_new, plan_of

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-these-tests-0123456789"


def scrape(client: Client, **headers: str) -> dict[str, Metric]:
    """The families of `/metrics` by name."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return {family.name: family for family in read_text(answer.content.decode())}


def value(families: dict[str, Metric], name: str, **labels: str) -> float:
    """The one sample of this name and these labels."""
    samples = [sample for family in families.values() for sample in family.samples]
    (found,) = [sample.value for sample in samples if sample.name == name and labels == sample.labels]
    return found


@pytest.fixture
def queries() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as captured:
        yield captured


def test_every_family_is_ours_and_says_what_it_is_in_its_unit(client: Client) -> None:
    families = scrape(client)
    assert len(families) >= 17
    for name, family in families.items():
        assert name.startswith("portal_") and len(family.documentation) > 20
        if "seconds" in name:
            assert family.type == "histogram" or name.endswith("_seconds")
        assert (family.type == "counter") == any(sample.name.endswith("_total") for sample in family.samples) or (
            not family.samples
        )


def test_openmetrics_is_understood_too(client: Client) -> None:
    count_sends()
    answer = client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert answer["Content-Type"].startswith("application/openmetrics-text")
    assert {"portal_sends", "portal_messages_waiting"} <= {
        family.name for family in read_openmetrics(answer.content.decode())
    }


def test_what_waits_is_told_by_channel_and_urgency_with_its_age(client: Client) -> None:
    now = timezone.now()
    old, _young, later = make_messages(3)
    Message.objects.filter(pk=old.pk).update(
        created_at=now - timedelta(minutes=9), next_try_at=now - timedelta(minutes=2)
    )
    Message.objects.filter(pk=later.pk).update(
        created_at=now - timedelta(days=1), next_try_at=now + timedelta(hours=1)
    )
    make_message(channel="email", urgent=False)
    make_message(sent_at=now)
    make_message(dropped_at=now)
    make_message(dead_at=now)
    families = scrape(client)
    urgent = {"channel": "sms", "urgent": "true"}
    assert value(families, "portal_messages_waiting", **urgent) == 3
    assert value(families, "portal_messages_waiting", channel="email", urgent="false") == 1
    assert value(families, "portal_messages_waiting", channel="voice", urgent="true") == 0
    assert 86_400 <= value(families, "portal_messages_oldest_seconds", **urgent) < 86_460, "due or not"
    assert 120 <= value(families, "portal_messages_overdue_seconds", **urgent) < 180
    assert value(families, "portal_messages_dead") == 1


def count_sends() -> None:
    sheet = TallySheet()
    for seconds in (0.3, 4, 4, 100_000):
        sheet.outcome("aliyun", "sent")
        sheet.seconds(HAND_OVER[True], "aliyun", timedelta(seconds=seconds))
        sheet.seconds(DELIVERY, "aliyun", timedelta(seconds=seconds))
    sheet.outcome("twilio", "unavailable", 7)
    sheet.add()


@pytest.mark.django_db(transaction=True)
def test_what_was_counted_is_told_by_gateway_and_a_bucket_holds_those_below_it(client: Client) -> None:
    count_sends()
    families = scrape(client)
    assert value(families, "portal_sends_total", gateway="aliyun", outcome="sent") == 4
    assert value(families, "portal_sends_total", gateway="twilio", outcome="unavailable") == 7
    for name, labels in (("hand_over", {"gateway": "aliyun", "urgent": "true"}), ("delivery", {"gateway": "aliyun"})):
        buckets = {
            sample.labels["le"]: sample.value
            for sample in families[f"portal_{name}_seconds"].samples
            if sample.name.endswith("_bucket")
        }
        assert (buckets["0.5"], buckets["2.0"], buckets["5.0"], buckets["86400.0"], buckets["+Inf"]) == (1, 1, 3, 3, 4)
        assert value(families, f"portal_{name}_seconds_count", **labels) == 4
        assert value(families, f"portal_{name}_seconds_sum", **labels) == pytest.approx(100_008.3)


def test_notices_stopped_destinations_and_the_last_sweeps_are_told(client: Client) -> None:
    at = timezone.now()
    Destination.objects.create(prefix="+86")
    Destination.objects.create(prefix="+1", tripped_at=at)
    for until in (at + timedelta(hours=1), at - timedelta(hours=1)):
        OperationsNotice.objects.create(cause="tripped", prefix="+1", window=f"{until}"[:30], told_at=at, until=until)
    Tick.objects.create(task="messaging.tasks.sweep_messages", at=at)
    families = scrape(client)
    assert value(families, "portal_destination_stopped", prefix="+86") == 0
    assert value(families, "portal_destination_stopped", prefix="+1") == 1
    assert value(families, "portal_notices", cause="tripped", prefix="+1") == 1
    told = value(families, "portal_sweep_last_success_timestamp_seconds", sweep="messaging.tasks.sweep_messages")
    assert told == pytest.approx(at.timestamp())


def test_how_late_a_feed_is_is_told_by_programme_as_its_longest_waiting_card_has_it(
    client: Client, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    for code, waited in (("bank", (9, 3)), ("campus", (-5,))):
        programme = ProgrammeFactory(code=code)
        for minutes in waited:
            card = CardFactory.create(programme=programme)
            Feed.objects.create(card=card, programme=programme, next_try_at=now - timedelta(minutes=minutes))
    ProgrammeFactory(code="transit")
    families = scrape(client)
    assert 540 <= value(families, "portal_feeds_overdue_seconds", programme="bank") < 600
    assert value(families, "portal_feeds_overdue_seconds", programme="campus") == 0
    assert len(families["portal_feeds_overdue_seconds"].samples) == 2
    with django_assert_num_queries(1):
        feeds(now)


def test_production_without_a_token_has_no_such_page(client: Client, settings: Settings) -> None:
    settings.MODE = "production"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer é"]
)
def test_a_wrong_token_reads_nothing(client: Client, settings: Settings, given: str, queries: Any) -> None:
    settings.MODE, settings.METRICS_TOKEN = "production", TOKEN
    answer = client.get("/metrics", headers={"authorization": given})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="metrics"')
    assert b"portal_" not in answer.content
    assert len(queries) == 0


def test_the_token_reads_in_production_at_any_address(client: Client, settings: Settings) -> None:
    settings.MODE, settings.METRICS_TOKEN = "production", TOKEN
    settings.ALLOWED_HOSTS = ["card.example.org"]
    assert scrape(client, authorization=f"Bearer {TOKEN}", host="10.0.0.7:8000")


def test_the_number_of_queries_does_not_grow(client: Client, queries: CaptureQueriesContext) -> None:
    scrape(client)
    first = len(queries)
    make_messages(50)
    before = len(queries)
    scrape(client)
    assert len(queries) - before == first <= 18


SENT = """
INSERT INTO messaging_message (id, kind, channel, urgent, subject_id, programme_code, contact_index, to_masked,
    language, idempotency_key, deadline, created_at, sent_at, provider_id, gateway, failure, destination, tries,
    next_try_at)
SELECT gen_random_uuid(), 'card_active', 'sms', true, gen_random_uuid(), '', gen_random_uuid(), '', 'en', 'sent ' || n,
    now(), now(), now(), '', 'http', '', '+86', 1, now() FROM generate_series(1, 30000) AS n
"""


def whole_tables(statements: list[str]) -> list[str]:
    """Those that PostgreSQL would read a whole table of messages for."""
    return [one for one in statements if "Seq Scan on messaging_message" in plan_of(one, ruled_out=())]


def test_no_query_reads_a_whole_table(postgres: str) -> None:
    as_new(Message)
    with connection.cursor() as cursor:
        cursor.execute(SENT)
        cursor.execute("ANALYZE messaging_message")
    make_messages(20)
    with CaptureQueriesContext(connection) as captured:
        list(Measures().collect())
        ours = [query["sql"] for query in captured if "messaging_message" in query["sql"]]
    assert len(ours) == 9
    assert whole_tables(ours) == []
    with CaptureQueriesContext(connection) as captured:  # the twin that counts what waits without asking how
        list(Message.objects.values_list("channel", "sent_at", "dead_at"))
        naive = captured[0]["sql"]
    assert whole_tables([naive]) == [naive]
