"""How a server process refuses to start on unfit settings. `manage.py` does so by itself; the others call this."""

import sys

from django.core.checks import ERROR, run_checks


def refuse_unfit_settings() -> None:
    """Run the system checks; on any error write each with its remedy to stderr and end the process with status 1."""
    errors = [message for message in run_checks() if message.is_serious(ERROR) and not message.is_silenced()]
    if errors:
        for error in errors:
            sys.stderr.write(f"{error.id}: {error.msg} {error.hint or ''}\n")
        sys.stderr.write("The portal did not start.\n")
        sys.stderr.flush()
        raise SystemExit(1)
