"""What a message costs from the claim to the mark: ours beside one Celery task a message and django-post_office.

Each is a real worker process on a real Redis and a PostgreSQL with fsync on, one process working at a time. The mails
are those of `issue_codes`: an activation code to each cardholder, in Chinese. All are handed to a backend that takes
everything. The worker is frozen while its tasks are published, so that only its own work is measured. "CPU" is that of
the worker and its child, "database" that of the PostgreSQL. Ours and django-post_office send as many mails in turns,
with fresh workers and fresh statistics, and the figures are the medians: who else uses the machine is at both.

django-post_office renders on delivery, as we do, from words that were found before; and is measured once more with
mails that were rendered before. It has no claim, so two of its workers at once would send twice.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import django
import psycopg
from django.core.management import call_command
from django.db import connection
from django.utils import timezone, translation

from tests.services.installation import Speaking
from tests.services.postgres import PostgresServer
from tests.services.processes import parents
from tests.services.redis import RedisServer

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "10000"))
FEWER = max(MESSAGES // 10, 200)
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
AIMS = {"a Celery task a message": 25.0, "django-post_office": 4.0}
POLL_SECONDS = 0.005
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds for so many messages."""

    messages: int
    wall: float
    cpu: float
    database: float

    def __str__(self) -> str:
        a_second, a_cpu_second = self.messages / self.wall, self.messages / self.cpu
        whole = self.messages / (self.cpu + self.database)
        return f"{a_second:8,.0f} a second {a_cpu_second:8,.0f} a CPU-second {whole:8,.0f} with the database's CPU"


def middle(rounds: list[Figures]) -> Figures:
    """The median of each figure."""
    wall, cpu, database = (median(getattr(one, name) for one in rounds) for name in ("wall", "cpu", "database"))
    return Figures(rounds[0].messages, wall, cpu, database)


def cpu_of(pid: int) -> float:
    """CPU seconds of a process, its children, and theirs."""
    tree, family = parents(), {pid}
    while more := {child for child, parent in tree.items() if parent in family} - family:
        family |= more
    total = 0
    for member in family:
        with suppress(FileNotFoundError):  # it has ended, and its parent has taken over its figures
            fields = Path(f"/proc/{member}/stat").read_text().rsplit(") ", 1)[1].split()
            total += sum(map(int, fields[11:15]))
    return total / TICKS


def source(name: str) -> str:
    """The text of our template."""
    return Path("templates", "messages", "activation_code", f"{name}.txt").read_text()


class Bench:
    """Servers, and what is done with them."""

    def __init__(self, postgres: PostgresServer, redis: RedisServer) -> None:
        self.postgres, self.redis = postgres, redis

    @contextmanager
    def worker(self, application: str, backend: str) -> Iterator[Speaking]:
        """A worker process of one child."""
        command = [sys.executable, "-m", "celery", "-A", application, "worker", "-Q", "bench", "-c1", "-l", "INFO"]
        environment = dict(os.environ) | {"BENCH_BACKEND": f"benchmarks.null_mail.{backend}", "LOG_LEVEL": "INFO"}
        worker = Speaking(command, word=" ready.", log=self.redis.home / "worker", env=environment, cwd=Path.cwd())
        worker.start()
        try:
            yield worker
        finally:
            worker.kill()

    def measure(
        self, worker: Speaking, publish: Callable[[], None], left: Callable[[], bool], messages: int
    ) -> Figures:
        """Publish while the worker is frozen; then let it work until nothing is left."""
        with psycopg.connect(self.postgres.conninfo, autocommit=True) as connection:
            connection.execute("ANALYZE")
        with worker.frozen():
            publish()
            cpu, database = cpu_of(worker.pid), cpu_of(self.postgres.pid)
            start = time.perf_counter()
        while left():
            time.sleep(POLL_SECONDS)
            if time.perf_counter() - start > 300:
                raise SystemExit("some messages are left after five minutes")
        wall = time.perf_counter() - start
        return Figures(messages, wall, cpu_of(worker.pid) - cpu, cpu_of(self.postgres.pid) - database)


def run(bench: Bench) -> None:
    """Measure all and print the figures."""
    django.setup()
    call_command("migrate", verbosity=0)

    from post_office import mail  # noqa: PLC0415
    from post_office.models import STATUS, Email, EmailTemplate  # noqa: PLC0415
    from post_office.tasks import send_queued_mail  # noqa: PLC0415

    from activation.messages import activation_codes  # noqa: PLC0415 - after django.setup()
    from activation.services.issue_codes import issue_codes  # noqa: PLC0415
    from benchmarks.outbox_peers import send_one  # noqa: PLC0415
    from cards.models import Card  # noqa: PLC0415
    from cards.tests.factories import CardFactory, ProgrammeFactory  # noqa: PLC0415
    from messaging.gateways.gateway import Mail  # noqa: PLC0415
    from messaging.models import Message  # noqa: PLC0415
    from messaging.preparing import prepare  # noqa: PLC0415
    from messaging.tasks import deliver_messages  # noqa: PLC0415

    programme = ProgrammeFactory.create()
    with connection.cursor() as cursor:  # this process's own: ours and its peer's queue are watched by their indexes
        cursor.execute("SET enable_seqscan = off")

    def write(messages: int) -> list[Message]:
        """So many new messages in the outbox, and nothing else that waits."""
        known = set(Message.objects.values_list("pk", flat=True))
        for _batch in range(0, messages, 5000):
            Card.objects.bulk_create(CardFactory.build_batch(min(5000, messages), programme=programme))
        for _told in issue_codes(programme=programme, channel="email", limit=messages):
            pass
        return list(Message.objects.exclude(pk__in=known))

    def waiting() -> bool:
        return Message.objects.waiting().exists()

    def ours(backend: str, messages: int) -> Figures:
        write(messages)
        with bench.worker("portal", backend) as worker:

            def publish() -> None:
                for _hint in range(max(messages // 10_000, 1) * 4):
                    deliver_messages.apply_async(("email", False), queue="bench")

            return bench.measure(worker, publish, waiting, messages)

    def tasks(messages: int) -> Figures:
        ids = [str(message.pk) for message in write(messages)]
        with bench.worker("benchmarks.outbox_peers", "OneByOne") as worker:

            def publish() -> None:
                for message_id in ids:
                    send_one.apply_async((message_id,), queue="bench")

            return bench.measure(worker, publish, waiting, messages)

    def post_office(messages: int, *, rendered: bool) -> Figures:
        waiting = write(messages)
        common: dict[str, Any] = {"sender": "bank@example.com"}
        mails: list[dict[str, Any]] = []
        if rendered:
            ready = [parcel for parcel in prepare(waiting).values() if isinstance(parcel, Mail)]
            mail.send_many(
                [{**common, "recipients": it.to, "subject": it.subject, "message": it.text} for it in ready]
            )
        else:
            template = {"subject": source("email_subject"), "content": source("email")}
            common |= {
                "template": EmailTemplate.objects.get_or_create(name="code", **template)[0],
                "render_on_delivery": True,
            }
            with translation.override("zh-hans"):
                envelopes = activation_codes(waiting)
            for envelope in envelopes.values():
                context = {**envelope.params, "service": envelope.service}
                mails.append({**common, "recipients": envelope.to, "context": context})
        mail.send_many(mails)
        Message.objects.waiting().update(dropped_at=timezone.now())
        with bench.worker("portal", "OneByOne") as worker:
            figures = bench.measure(
                worker,
                lambda: send_queued_mail.apply_async(queue="bench"),
                lambda: Email.objects.filter(status=STATUS.queued).exists(),
                messages,
            )
        assert not Email.objects.exclude(status=STATUS.sent).exists()
        return figures

    best_rounds, peer_rounds = [], []
    for _round in range(ROUNDS):
        best_rounds.append(ours("AllOrNothing", MESSAGES))
        peer_rounds.append(post_office(MESSAGES, rendered=False))
    best = middle(best_rounds)
    peers = {
        "a Celery task a message": tasks(FEWER),
        "django-post_office": middle(peer_rounds),
        "the same, rendered before": post_office(FEWER * 2, rendered=True),
    }
    print(
        f"Outbox on PostgreSQL, {ROUNDS} times {MESSAGES} messages of ours and of django-post_office, fewer of others"
    )
    for name, figure in ({"ours": best, "ours, one by one": ours("OneByOne", FEWER * 2)} | peers).items():
        print(f"  {name:26} {figure}")
    for name, aim in AIMS.items():
        peer = peers[name]
        wall = best.messages / best.wall / (peer.messages / peer.wall)
        cpu = best.messages / best.cpu / (peer.messages / peer.cpu)
        print(f"  ours is {wall:.1f} times {name} ({cpu:.1f} times by CPU); aim: at least {aim:.0f}")


def main() -> None:
    """Start a PostgreSQL and a Redis of its own and measure on them."""
    postgres, redis = PostgresServer(as_in_production=True), RedisServer()
    try:
        postgres.start()
        redis.start()
        os.environ.update(DATABASE_URL=postgres.url, REDIS_URL=redis.url, PORTAL_MODE="development", DJANGO_DEBUG="0")
        os.environ.update(SMS_URL="memory:", EMAIL_URL="memory:", LOG_LEVEL="ERROR")
        os.environ.update(DJANGO_SETTINGS_MODULE="benchmarks.outbox_settings")
        os.environ.update(BENCH_BACKEND="benchmarks.null_mail.OneByOne")
        run(Bench(postgres, redis))
    finally:
        redis.remove()
        postgres.remove()


if __name__ == "__main__":
    main()
