"""The portal's settings, with mail that goes nowhere, and django-post_office beside our outbox."""

import os

from portal.settings import *  # noqa: F403 - all of them
from portal.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "post_office"]
EMAIL_BACKEND = os.environ["BENCH_BACKEND"]
POST_OFFICE = {"BACKENDS": {"default": EMAIL_BACKEND}, "BATCH_SIZE": 500, "CELERY_ENABLED": True}
