"""Several Celery workers whose processes can be killed."""

import contextlib
import os
import signal
from random import Random
from types import TracebackType
from typing import Self

from tests.services.installation import Installation, Speaking
from tests.services.processes import parents


class Workers:
    """`count` workers, each a main process with two that work. Celery starts a new one for one of those that is gone;
    a main process that is gone is started again here. Those that worked for it end their task and then themselves."""

    def __init__(self, installation: Installation, application: str, *, count: int = 2, **environment: str) -> None:
        self.workers: list[Speaking] = [
            installation.worker_of(application, f"worker{number}", **environment) for number in range(count)
        ]
        self.orphans: set[int] = set()

    def __enter__(self) -> Self:
        for worker in self.workers:
            worker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, at: TracebackType | None
    ) -> None:
        for worker in self.workers:
            worker.kill()
        for pid in self.orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def processes(self) -> list[int]:
        """Every living process: the main ones, then those that work."""
        mains, tree = [worker.pid for worker in self.workers], parents()
        self.orphans &= tree.keys()
        return [*mains, *sorted(pid for pid, parent in tree.items() if parent in mains), *sorted(self.orphans)]

    def all_live(self) -> bool:
        """Whether none of the main processes has ended by itself."""
        return all(worker.process and worker.process.poll() is None for worker in self.workers)

    def kill_one(self, random: Random) -> None:
        """Kill any of them."""
        self.kill(random.choice(self.processes()))

    def kill(self, pid: int) -> None:
        """SIGKILL to this process, and to no other."""
        tree = parents()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        for worker in self.workers:
            if worker.process and worker.pid == pid:
                self.orphans |= {child for child, parent in tree.items() if parent == pid}
                worker.process.wait()
                worker.start()
