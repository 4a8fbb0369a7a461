"""Django's SMTP backend, whose connection can be ended while it is still being made: Django names it only then."""

import smtplib
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.mail.backends import smtp


class _Noted(smtplib.SMTP):
    note: Callable[[socket.socket], None]

    def _get_socket(self, *where: Any) -> Any:
        wire = super()._get_socket(*where)  # type: ignore[misc]
        self.note(wire)
        return wire


class _NotedByTls(smtplib.SMTP_SSL, _Noted):
    """Its wire is noted before it is encrypted."""


class EmailBackend(smtp.EmailBackend):
    wire: socket.socket | None = None

    @property
    def connection_class(self) -> Any:
        noted = _NotedByTls if self.use_ssl else _Noted
        return type(noted.__name__, (noted,), {"note": staticmethod(self.note)})

    def note(self, wire: socket.socket) -> None:
        """Keep a second handle: encrypting takes the first one away."""
        self.let_go()
        self.wire = wire.dup()

    def shut(self) -> None:
        """End the connection that another thread waits on."""
        if self.wire is not None:
            with suppress(OSError):  # ended already
                self.wire.shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        """Forget the handle."""
        if self.wire is not None:
            self.wire.close()
            self.wire = None

    def close(self) -> None:
        super().close()
        self.let_go()
