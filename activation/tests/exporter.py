"""An export as a process of its own that dies at a point: `python -m activation.tests.exporter POINT TO CERTIFICATE`.

The environment says which database.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  (needs the models)

from activation.services import export_letters  # noqa: E402

service: Any = export_letters


def die(*args: Any, **kwargs: Any) -> None:
    """As `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def naming_first(part: Any) -> None:
    """The twin: a file gets its name before its letters are marked."""
    os.rename(part.path, part.target)  # noqa: PTH104
    die()


if __name__ == "__main__":
    point, to, certificate = sys.argv[1:]
    marking = service._mark
    if point == "while it writes":
        os.fsync = die
    elif point == "before its letters are marked":
        service.written = lambda target, content: die()
    elif point == "before the commit":
        service._mark = lambda letters, **values: die() if "sent_at" in values else marking(letters, **values)
    elif point == "before the file has its name":
        os.link = die
    elif point == "naming first":
        service._mark = lambda letters, **values: None
        service.Part.publish = naming_first
    call_command("export_letters", programme="campus", to=Path(to), certificate=Path(certificate))
