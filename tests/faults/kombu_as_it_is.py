"""The portal's Celery, whose connections close as Kombu closes them: `celery -A tests.faults.kombu_as_it_is`."""

from portal.celery import SteadyConnection
from tests.faults.quick import app

__all__ = ["app"]

del SteadyConnection._do_close_transport
