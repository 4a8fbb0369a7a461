"""The project: settings, addresses, the queue, the demo. It puts the rooms together and holds no business rule."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
