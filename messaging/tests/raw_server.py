"""A TCP server that answers with the very bytes a test gives it, well or badly."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


def answer(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


@contextlib.contextmanager
def server(*answers: Callable[[socket.socket], None] | bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A raw TCP server: one answer a connection, in order; the address and what each connection sent first."""
    came: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for reply in answers:
            with contextlib.suppress(OSError):
                wire, _address = listener.accept()
                with wire:
                    came.append(wire.recv(65536))
                    if callable(reply):
                        reply(wire)
                    else:
                        wire.sendall(reply)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sms", came
    finally:
        listener.close()
