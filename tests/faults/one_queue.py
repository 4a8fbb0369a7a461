"""The portal's Celery as it would be with one queue for everything: `celery -A tests.faults.one_queue`."""

from tests.faults.quick import app

__all__ = ["app"]

from messaging import tasks

tasks.QUEUES = {True: "celery", False: "celery"}
for line in app.conf.beat_schedule.values():
    line["options"]["queue"] = "celery"
