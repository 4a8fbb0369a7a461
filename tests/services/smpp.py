"""A carrier that speaks SMPP 3.4 over TCP, PDU by PDU, keeps what it gets, and misbehaves on request."""

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import Literal, Self

from tests.services.mailbox import Mailbox

Behaviour = int | Literal["hang", "close", "garbage", "unbind"]
BIND, SUBMIT, ENQUIRE, UNBIND, RESPONSE = 0x02, 0x04, 0x15, 0x06, 0x80000000
OK, WRONG_PASSWORD = 0x00, 0x0E


@dataclass(frozen=True)
class Submitted:
    """One submit_sm: who to whom, the bytes of its text with their coding, and the status it was answered with."""

    source: tuple[int, int, str]
    destination: tuple[int, int, str] = field(repr=False)
    esm_class: int
    data_coding: int
    registered_delivery: int
    octets: bytes = field(repr=False)
    status: int
    session: int

    def text(self) -> str:
        """The text without its header (UDH), where it is UCS-2 or the letters that ASCII and GSM-7 share."""
        octets = self.octets[self.octets[0] + 1 :] if self.esm_class & 0x40 else self.octets
        return octets.decode("utf-16-be" if self.data_coding == 8 else "ascii")


class SmppCarrier(Mailbox[Submitted]):
    """`behaviour` is a command status (0: taken), "hang", "close", "garbage", or "unbind" (ends the session instead).

    `asks_first`: an enquire_link comes before each answer, and the answer only after its reply. `binds` are the
    system ids that came, `port` is where it listens; user and password are `user` and `password`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.behaviour: Behaviour = OK
        self.asks_first = False
        self.binds: list[tuple[str, str]] = []
        self._released = threading.Event()
        self._wires: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._released.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # closing alone does not wake the thread that accepts
        self._listener.close()

    def end_sessions(self) -> None:
        """Close every connection, as a carrier does with those that say nothing for a while."""
        for wire in self._wires:
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        session = 0
        while True:
            try:
                wire, _address = self._listener.accept()
            except OSError:
                return
            session += 1
            self._wires.append(wire)
            threading.Thread(target=self._serve, args=(wire, session), daemon=True).start()

    def _serve(self, wire: socket.socket, session: int) -> None:
        with wire:
            try:
                while pdu := read(wire):
                    if not self._answer(wire, session, *pdu):
                        return
            except OSError:
                return

    def _answer(self, wire: socket.socket, session: int, command: int, sequence: int, body: bytes) -> bool:
        """Answer one PDU; False when the connection is to be closed."""
        if command == BIND:
            user, password, system_type = (part.decode() for part in body.split(b"\0")[:3])
            self.binds.append((user, system_type))
            right = (user, password) == ("user", "password")
            write(wire, BIND | RESPONSE, OK if right else WRONG_PASSWORD, sequence, b"carrier\0")
        elif command == UNBIND:
            write(wire, UNBIND | RESPONSE, OK, sequence)
            return False
        elif command == SUBMIT:
            return self._take(wire, session, sequence, body)
        return True

    def _take(self, wire: socket.socket, session: int, sequence: int, body: bytes) -> bool:
        status = self.behaviour if isinstance(self.behaviour, int) else 0xFF
        number = self.add(submitted(body, status, session))
        if self.asks_first:
            write(wire, ENQUIRE, OK, 77)
            answered = read(wire)
            assert answered is not None and answered[:2] == (ENQUIRE | RESPONSE, 77), answered
        if self.behaviour == "hang":
            self._released.wait()
        elif self.behaviour == "garbage":
            wire.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 10)
        elif self.behaviour == "unbind":
            write(wire, UNBIND, OK, 78)
        if not isinstance(self.behaviour, int):
            return False
        write(wire, SUBMIT | RESPONSE, status, sequence, b"smpp-%d\0" % number if status == OK else b"")
        return True


def read(wire: socket.socket) -> tuple[int, int, bytes] | None:
    """One PDU: its command, sequence number and body; None at the end."""
    head = exactly(wire, 16)
    if head is None:
        return None
    length, command, _status, sequence = struct.unpack(">LLLL", head)
    body = exactly(wire, length - 16)
    return None if body is None else (command, sequence, body)


def write(wire: socket.socket, command: int, status: int, sequence: int, body: bytes = b"") -> None:
    """Send one PDU."""
    wire.sendall(struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body)


def exactly(wire: socket.socket, count: int) -> bytes | None:
    """So many bytes; None when the connection ends before."""
    came = b""
    while len(came) < count:
        piece = wire.recv(count - len(came))
        if not piece:
            return None
        came += piece
    return came


def submitted(body: bytes, status: int, session: int) -> Submitted:
    """Read the mandatory fields of a submit_sm (SMPP 3.4, 4.4.1)."""
    _service_type, rest = body.split(b"\0", 1)
    source, rest = _address(rest)
    destination, rest = _address(rest)
    esm_class, rest = rest[0], rest[3:]
    _schedule, _validity, rest = rest.split(b"\0", 2)
    registered, _replace, data_coding, _default, length = rest[:5]
    return Submitted(source, destination, esm_class, data_coding, registered, rest[5 : 5 + length], status, session)


def _address(rest: bytes) -> tuple[tuple[int, int, str], bytes]:
    number, after = rest[2:].split(b"\0", 1)
    return (rest[0], rest[1], number.decode()), after
