"""A real Celery worker and beat in threads of the web process, for an installation that is one process.

Production runs them as processes of their own; the tasks, the queues and the schedule are the same.
"""

import os
import signal
import threading
import time

from celery.beat import EmbeddedService
from celery.worker import WorkController

from portal.broker import QUEUES
from portal.celery import app

THREADS = 6
LOOK_SECONDS = 0.2
GRACE_SECONDS = 3


def start_queue() -> None:
    """Start the worker, for every queue, and the beat; they end with the process."""
    worker = WorkController(
        app=app,
        pool="threads",
        concurrency=THREADS,
        queues=list(QUEUES),
        hostname=f"embedded@{os.getpid()}",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    threading.Thread(target=worker.start, name="embedded-worker", daemon=True).start()
    beat = EmbeddedService(app, thread=True, max_interval=1, scheduler_cls=app.conf.beat_scheduler)
    beat.daemon = True
    beat.start()


def end_with_parent() -> None:
    """End this process when the one that started it is gone, so that a killed server leaves no port taken."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
