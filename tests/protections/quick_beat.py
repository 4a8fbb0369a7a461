"""The portal's beat with its own schedule, each line of it once a second: `celery -A tests.protections.quick_beat`."""

from portal.celery import app

__all__ = ["app"]

for line in app.conf.beat_schedule.values():
    line["schedule"] = 1.0
