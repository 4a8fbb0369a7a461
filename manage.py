#!/usr/bin/env python
"""Django's command line for the card activation portal."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from portal.demo import environment

if __name__ == "__main__":
    environment.take_if_nothing_is_set()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(f"{refusal}\nNothing was started.")
