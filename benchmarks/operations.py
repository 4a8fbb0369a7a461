"""What watching and tidying cost beside a million messages, on PostgreSQL.

One answer of `/metrics` while 100,000 messages wait. One tick of retention against a log of which a third is too old,
beside one DELETE of as many rows, whose transaction it is meant to avoid. One tick of closing stale attempts. Aims:
`/metrics` under half a second, 20,000 rows a second forgotten, 1,000 attempts a second closed.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

import django
from django.core.management import call_command

from tests.services.postgres import PostgresServer

MESSAGES, WAITING, OLD = 1_000_000, 100_000, 300_000
ATTEMPTS = 3_000
AIM_METRICS, AIM_FORGET, AIM_CLOSE = 0.5, 20_000, 1_000

FILL = """
INSERT INTO messaging_message (id, kind, channel, urgent, subject_id, programme_code, contact_index, to_masked,
    language, idempotency_key, deadline, created_at, sent_at, provider_id, gateway, failure, destination, tries,
    next_try_at)
SELECT gen_random_uuid(), 'activation_invitation', 'sms', n %% 10 = 0, gen_random_uuid(), 'campus',
    gen_random_uuid(), '138 **** 8000', 'en', 'message ' || n, now() + interval '1 day',
    now() - CASE WHEN n <= %(old)s THEN interval '91 days' ELSE interval '1 hour' END,
    CASE WHEN n <= %(all)s - %(waiting)s THEN now() END, 'p' || n, 'http', '', '+86', 1, now()
FROM generate_series(1, %(all)s) AS n
"""


def main() -> None:
    """Measure and print."""
    server = PostgresServer(as_in_production=True)
    try:
        os.environ.update(DATABASE_URL=server.start().url, PORTAL_MODE="development")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
        django.setup()
        call_command("migrate", verbosity=0)
        _measure()
    finally:
        server.remove()


def _measure() -> None:
    # Models can be imported only now.
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from activation import closing  # noqa: PLC0415
    from activation.tests.factories import unsubmitted  # noqa: PLC0415
    from cards.tests.factories import CardFactory  # noqa: PLC0415
    from messaging import retention  # noqa: PLC0415
    from portal.measures import Measures  # noqa: PLC0415

    print(
        f"Watching and tidying beside {MESSAGES:,} messages, {WAITING:,} of them waiting, {OLD:,} too old", flush=True
    )
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"all": MESSAGES, "waiting": WAITING, "old": OLD})
        cursor.execute("ANALYZE")
        metrics = median(_seconds(lambda: list(Measures().collect())) for _round in range(5))
        print(f"  /metrics          {metrics * 1e3:8.0f} ms (aim: under {AIM_METRICS * 1e3:.0f})")

        forgotten, took, longest = 0, 0.0, 0.0
        while True:
            started = time.perf_counter()
            now = retention.forget_messages(timezone.now())
            took += time.perf_counter() - started
            longest = max(longest, time.perf_counter() - started)
            forgotten += now
            if not now:
                break
        assert forgotten == OLD, forgotten
        print(
            f"  forgetting        {forgotten / took:8,.0f} messages a second (aim: {AIM_FORGET:,}), "
            f"the longest tick {longest:.1f} s"
        )
        deleting = _seconds(lambda: cursor.execute("DELETE FROM messaging_message WHERE sent_at IS NOT NULL"))
        speed = (MESSAGES - WAITING - OLD) / deleting
        print(f"  one DELETE        {speed:8,.0f} messages a second, all of them in one transaction")

    for _number in range(ATTEMPTS):
        unsubmitted(CardFactory.create(), closes_at=timezone.now() - timedelta(days=7))
    closed = 0

    def close() -> None:
        nonlocal closed
        closed = closing.close_unsubmitted(timezone.now(), seconds=60)

    closing_took = _seconds(close)
    assert closed == ATTEMPTS, closed
    print(f"  closing           {ATTEMPTS / closing_took:8,.0f} attempts a second (aim: {AIM_CLOSE:,})")
    if metrics > AIM_METRICS or forgotten / took < AIM_FORGET or ATTEMPTS / closing_took < AIM_CLOSE:
        print("An aim was missed.", file=sys.stderr)
        sys.exit(1)


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
