"""The queue: Celery as the accelerator of the outbox. Rows hold the truth; a lost or doubled task loses nothing.

Two queues: `codes` for what a person is waiting for, `celery` for everything else. Every limit in here is in seconds.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init
from django.conf import settings

from portal.refusal import refuse_unfit_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

LEASE = 60
HARD_LIMIT = 50
SOFT_LIMIT = 40

SWEEP = 2.0 if settings.REDIS_URL.startswith("memory:") else 10.0
TIDY = 60.0


def every(seconds: float, task: str, queue: str = "celery") -> dict[str, Any]:
    """A line of the beat. A tick that no worker took before the next one is due is dropped, not piled up."""
    return {"task": task, "schedule": seconds, "options": {"queue": queue, "expires": seconds}}


app = Celery("portal")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    # A publisher inside a request must never hang on a silent Redis: short timeouts, one retry.
    broker_transport_options={
        "socket_connect_timeout": 1,
        "socket_timeout": 1,
        "visibility_timeout": 3600,
        "polling_interval": 0.1,
    },
    task_publish_retry=True,
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1},
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    result_backend=None,
    task_default_queue="celery",
    task_create_missing_queues=True,
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_soft_time_limit=SOFT_LIMIT,
    task_time_limit=HARD_LIMIT,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    timezone=settings.TIME_ZONE,
    # Nothing on the schedule is rarer than an hour and everything may run twice, so the beat keeps no file.
    beat_scheduler="celery.beat:Scheduler",
    beat_schedule={},
)
app.conf["CELERY_DB_REUSE_MAX"] = 1000
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def refuse_to_start_unfit(**kwargs: Any) -> None:
    refuse_unfit_settings()
