"""The portal's Celery with short times, for the short form: `celery -A tests.faults.quick`.

The mechanism is the same; what a dead worker held comes back after `LEASE` instead of a minute (a message after
`OUTLASTING`, which is longer than a call of the gateway may take), and the beat comes every second.
"""

from datetime import timedelta

import django

from portal.celery import app

__all__ = ["app"]

django.setup()

from accounts import code_requests  # noqa: E402  (needs the models)
from activation import verification  # noqa: E402
from messaging import delivery, receipts  # noqa: E402

LEASE = timedelta(seconds=12)
OUTLASTING = timedelta(seconds=26)

code_requests.LEASE = verification.LEASE = receipts.LEASE = LEASE
delivery.LEASE = OUTLASTING

for line in app.conf.beat_schedule.values():
    line["schedule"] = min(line["schedule"], 1.0)
