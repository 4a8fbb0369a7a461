"""`python -m portal.demo`, which `make run` calls: prepare what is not there yet, then become the server."""

import errno
import os
import socket
import sys
import time

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections

from portal.demo import carrier, environment
from portal.demo.environment import CannotGoOn
from portal.refusal import refuse_unfit_settings

HOST = "127.0.0.1"
PORT_WAIT_SECONDS = 2.0


def main() -> None:
    """Raises CannotGoOn with a sentence that says what to do."""
    environment.make()
    environment.take()
    carrier.choose_address()
    os.environ["PORTAL_MODE"] = "demo"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    wait_for_port(settings.PORT)
    refuse_unfit_settings()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("seed_demo")
    connections.close_all()
    os.execv(sys.executable, [sys.executable, "-m", "granian", *granian_options(), "portal.demo.wsgi:application"])  # noqa: S606


def granian_options() -> list[str]:
    """One process with a few threads, on this machine only: the demo shows every message to whoever opens it."""
    options = {
        "--interface": "wsgi",
        "--host": HOST,
        "--port": str(settings.PORT),
        "--workers": "1",
        "--blocking-threads": "4",
        "--workers-kill-timeout": "5",
        "--log-level": "warning",
    }
    return [word for option in options.items() for word in option]


def wait_for_port(port: int) -> None:
    """Raises CannotGoOn unless the port is free: the server itself would share it with another one like it.

    A demo that was killed needs a moment to let go of its port.
    """
    end = time.monotonic() + PORT_WAIT_SECONDS
    while error := taken(port):
        if error.errno != errno.EADDRINUSE or time.monotonic() > end:
            other = 8001 if port != 8001 else 8002
            raise CannotGoOn(f"Port {port} cannot be used: {error.strerror}. Take another one: PORT={other} make run")
        time.sleep(0.1)


def taken(port: int) -> OSError | None:
    """Why we cannot listen on this port, or None."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return error
    return None


if __name__ == "__main__":
    try:
        main()
    except (CannotGoOn, ImproperlyConfigured) as refusal:
        sys.exit(f"{refusal}\nThe demo did not start.")
