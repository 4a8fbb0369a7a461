"""Serves the portal without one of its protections; NAIVE names what stands in its place. For the tests only."""

import importlib
import os

from portal.wsgi import application

__all__ = ["application"]

# After the portal, which sets Django up.
importlib.import_module("tests.protections.naive").VARIANTS[os.environ["NAIVE"]]()
