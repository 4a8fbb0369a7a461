"""A TCP server that answers with the very bytes a test gives it, well or badly."""

import contextlib
import re
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
                    came.append(request(wire))
                    if callable(reply):
                        reply(wire)
                    else:
                        wire.sendall(reply)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sms", came
    finally:
        listener.close()


def request(wire: socket.socket) -> bytes:
    """One HTTP request with its body, as it came."""
    came = b""
    while piece := wire.recv(65536):
        came += piece
        head, end, body = came.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *([0-9]+)", head)
        if end and len(body) >= (int(length[1]) if length else 0):
            break
    return came
