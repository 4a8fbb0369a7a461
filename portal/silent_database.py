"""A database that says nothing: found out within seconds, and then nobody is kept waiting for it.

libpq waits for an answer as long as the other kernel acknowledges our packets, so a frozen server, or one whose disk
hangs, would hold every thread of every web process. A limit for each statement does not help: `statement_timeout` is
kept by the server, and one of ours could not tell a slow answer from none. So one thread a process looks after those
who have waited for long: it asks the server for a new connection. Is that not answered either, the waiting connections
are cut, which makes their requests fail, and until the server answers again every request is told at once to come
back later.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from pages.errors import closed

PATIENCE = 2.0
"""Seconds after which somebody who waits for the database is looked after."""
KNOCK_SECONDS = 2
TICK = 0.25


class Watch:
    """Who is at work with the database; `silent` while it does not answer."""

    def __init__(self) -> None:
        self.silent = False
        self._since: dict[int, tuple[float, BaseDatabaseWrapper]] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread()

    @contextmanager
    def over_me(self) -> Iterator[None]:
        """Look after this thread's connection inside the block."""
        me, wrapper = threading.get_ident(), connections[DEFAULT_DB_ALIAS]
        with self._lock:
            self._since[me] = (time.monotonic(), wrapper)
            if not self._thread.is_alive():
                self._thread = threading.Thread(target=self._walk, name="database-watch", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:  # so that what is cut is never the next request's connection
                del self._since[me]

    def _walk(self) -> None:
        while True:
            time.sleep(TICK)
            if self.silent or self._longest() > PATIENCE:
                self.silent = not answers()
                with self._lock:
                    for me, (_since, wrapper) in self._since.items():
                        if self.silent:
                            cut(wrapper)
                        else:  # slow, but there: ask again after another while
                            self._since[me] = (time.monotonic(), wrapper)

    def _longest(self) -> float:
        with self._lock:
            return max((time.monotonic() - since for since, _wrapper in self._since.values()), default=0.0)


def answers() -> bool:
    """Whether the server answers somebody new. One that refuses does: whoever waits for it knows by themselves."""
    try:
        psycopg.connect(**connection.get_connection_params() | {"connect_timeout": KNOCK_SECONDS}).close()
    except psycopg.errors.ConnectionTimeout:
        return False
    except psycopg.Error:
        return True
    return True


def cut(wrapper: BaseDatabaseWrapper) -> None:
    """End a connection under the thread that waits for its answer; that thread gets an OperationalError."""
    held: Any = wrapper.connection
    with suppress(OSError, psycopg.Error):
        if held is not None and not held.closed:
            with socket.socket(fileno=os.dup(held.fileno())) as wire:
                wire.shutdown(socket.SHUT_RDWR)


watch = Watch()


class SilentDatabase:
    """Answers 503 at once while the database is silent. Stands after what needs none: probes and static files."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if connection.vendor != "postgresql":
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if watch.silent:
            return closed()
        with watch.over_me():
            return self.get_response(request)
