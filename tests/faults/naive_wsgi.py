"""Serves the portal without one of its protections; NAIVE names what stands in its place. For the tests only."""

import os
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
if os.environ["NAIVE"] == "nobody looks after the database":
    settings.MIDDLEWARE.remove("portal.silent_database.SilentDatabase")

from portal.wsgi import application

__all__ = ["application"]

from celery import Task
from django.db import transaction

from messaging import enqueue
from portal import celery


def delay_on_commit(task: Task, *args: Any, queue: str | None = None) -> None:
    """As Celery does it by itself."""
    transaction.on_commit(lambda: task.apply_async(args=args, queue=queue))


def everywhere(original: Callable[..., Any], instead: Callable[..., Any]) -> None:
    """Put it in the place of a function in every module that has imported it."""
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if value is original:
                setattr(module, name, instead)


if os.environ["NAIVE"] == "publish as Celery does":
    celery.PUBLISHER.clear()
    celery.app.conf.task_publish_retry_policy = {"max_retries": 3, "interval_start": 0, "interval_step": 0.2}
    everywhere(enqueue.enqueue, delay_on_commit)
