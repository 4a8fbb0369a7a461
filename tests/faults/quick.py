"""The portal's Celery with short times, for the short form: `celery -A tests.faults.quick`.

The mechanism is the same; a dead worker's messages come back after `LEASE` instead of a minute, and the beat comes
every second.
"""

from datetime import timedelta

import django

from portal.celery import app

__all__ = ["app"]

django.setup()

from messaging import delivery  # noqa: E402  (needs the models)

LEASE = delivery.LEASE = timedelta(seconds=12)

for line in app.conf.beat_schedule.values():
    line["schedule"] = min(line["schedule"], 1.0)
