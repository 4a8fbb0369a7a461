"""Working ahead in another process: one core prepares the next rows while another writes the last ones."""

import gc
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

Item = TypeVar("Item")
# Forked, so that nothing is set up twice. The child touches no database.
_FORK = get_context("fork")


def ahead(make: Callable[[], Iterator[Item]]) -> Iterator[Item]:
    """Give what the iterator that `make` gives would, and raise what it raises, with the work done in a child process.

    The child is held back by the pipe between them, so that little waits in memory. It ends when nobody reads on, also
    when this process is killed.
    """
    ours, theirs = _FORK.Pipe(duplex=False)
    child = _FORK.Process(target=_work, args=(make, ours, theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        while True:
            done, value = ours.recv()
            if isinstance(value, BaseException):
                raise value
            if done:
                return
            yield value
    except EOFError:
        raise ChildProcessError("The process that reads the file has ended before the file did.") from None
    finally:
        ours.close()
        child.join()


def _work(make: Callable[[], Iterator[Item]], theirs: Connection, ours: Connection) -> None:
    gc.freeze()  # what the parent has made is not looked through again, and its memory stays shared
    theirs.close()  # the parent's end: kept open here, this process would never learn that the parent is gone
    try:
        for item in make():
            ours.send((False, item))
        ours.send((True, None))
    except (BrokenPipeError, KeyboardInterrupt):
        return
    except Exception as cause:
        ours.send((True, cause))
