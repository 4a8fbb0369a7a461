"""A server process that a test may stop, kill, freeze and start again."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

START_SECONDS = 120.0  # a suite beside others on a small machine has been seen to need 28
STOP_SECONDS = 15.0


class DidNotStart(Exception):
    """The server ended, or did not answer in time; the message holds the end of its log."""


def free_port() -> int:
    """A TCP port on 127.0.0.1 below the range from which the kernel takes ports for outgoing connections."""
    for port in random.sample(range(20_000, 32_000), 200):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise DidNotStart("no free port between 20000 and 32000")


def listens(port: int) -> bool:
    """Whether something accepts TCP connections on this port of 127.0.0.1."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def parents() -> dict[int, int]:
    """The parent of every living process of this machine, from /proc; one that has ended and waits is not living."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            pid, rest = stat.read_text().split(" (", 1)
            state, parent = rest.rsplit(") ", 1)[1].split()[:2]
            if state != "Z":
                found[int(pid)] = int(parent)
    return found


class ServerProcess:
    """A child process and its own children. It ends with the thread that started it, even if that one is killed.

    `ready` is asked until it says yes; `stop_signal` is what the server understands as "end now, in order".
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        ready: Callable[[], bool],
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        change_user = [f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
        self.command = ["setpriv", "--pdeathsig", "KILL", *change_user, "--", *command]
        self.log, self.ready, self.env, self.cwd, self.stop_signal = log, ready, env, cwd, stop_signal
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The id of the running process; raises DidNotStart when there is none."""
        if self.process is None:
            raise DidNotStart(f"{self.command} is not running")
        return self.process.pid

    def start(self) -> Self:
        """Start and wait until it is ready; raises DidNotStart."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=None if self.env is None else dict(self.env),
                cwd=self.cwd,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            if self.ready():
                return self
            time.sleep(0.05)
        tail = self.log.read_text(errors="replace")[-4000:]
        self.kill()
        raise DidNotStart(f"{self.command}:\n{tail}")

    def stop(self) -> None:
        """End it in order; after 15 s kill it. Does nothing when it is not running."""
        if self.process is None:
            return
        self.thaw()
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to it and its children, as when a machine loses power. Does nothing when it is not running."""
        if self.process is not None:
            family = self._signal(signal.SIGKILL)
            self.process.wait(STOP_SECONDS)
            self.process = None
            while family & parents().keys():
                time.sleep(0.02)

    def freeze(self) -> set[int]:
        """SIGSTOP to it and its children: connections stay open and nothing answers. Gives their ids."""
        return self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._signal(signal.SIGCONT)

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Frozen inside the block, and going on the moment it ends."""
        family = self.freeze()
        try:
            yield
        finally:
            _signal_all(family, signal.SIGCONT)

    @contextlib.contextmanager
    def down(self) -> Iterator[None]:
        """Killed inside the block, and started again after it."""
        self.kill()
        try:
            yield
        finally:
            self.start()

    def restart(self) -> None:
        """Stop in order and start again on the same port and data."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *failure: object) -> None:
        self.stop()

    def _signal(self, number: signal.Signals) -> set[int]:
        # Not by process group: PostgreSQL puts each of its children in a session of its own.
        family = {self.process.pid} if self.process else set()
        tree = parents()
        while more := {pid for pid, parent in tree.items() if parent in family} - family:
            family |= more
        _signal_all(family, number)
        return family


def _signal_all(family: set[int], number: signal.Signals) -> None:
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
