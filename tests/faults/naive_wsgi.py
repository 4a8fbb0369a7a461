"""Serves the portal with nobody looking after those who wait for the database. For the tests only."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
settings.MIDDLEWARE.remove("portal.silent_database.SilentDatabase")

from portal.wsgi import application  # noqa: E402  (needs the settings)

__all__ = ["application"]
