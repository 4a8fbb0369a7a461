"""Serves the portal, and answers who sends `X-Slowed` 3 ms later: the twin of a measurement. For the tests only."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from portal.wsgi import application as portal

SECONDS = 0.003


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if "HTTP_X_SLOWED" in environ:
        time.sleep(SECONDS)
    answer: Iterable[bytes] = portal(environ, start_response)
    return answer
