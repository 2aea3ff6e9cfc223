"""A process that makes one attempt after the other, as the run that has started it says.

Orders come as lines through one pipe, answers go through another; a task may do to stdin, stdout and stderr what it
likes. When the run ends, however it ends, its end of the pipe is closed: then this process ends too, and if it is in
the middle of an attempt, with all that the attempt has started.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, nullcontext
from queue import SimpleQueue
from threading import Thread

from lakewright.execution.logs import capturing, logged_to
from lakewright.execution.messages import Order, answer
from lakewright.execution.worker import run_task
from lakewright.io.files import make_folder
from lakewright.model.invocation import from_argv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.errors.raised import Raised


class Server:
    """Takes orders and answers them.

    Args:
        orders: the file descriptor to read from.
        answers: the one to write to.
    """

    def __init__(self, orders: int, answers: int) -> None:
        # What tasks start must not hold them open.
        for descriptor in (orders, answers):
            os.set_inheritable(descriptor, False)  # noqa: FBT003  that is how it is called
        self._orders = orders
        self._answers = answers
        self._received: SimpleQueue[bytes | None] = SimpleQueue()
        # One thread counts one, the other the other: nothing is lost between them.
        self._asked = self._answered = 0

    def serve(self) -> None:
        """Answer until there are no more orders."""
        Thread(target=self._listen, daemon=True).start()
        streams = _Streams()
        with capturing():
            while (line := self._received.get()) is not None:
                raised = _make(Order.from_line(line), streams)
                self._answered += 1
                _write(self._answers, answer(raised))

    def _listen(self) -> None:
        with os.fdopen(self._orders, "rb") as orders:
            for line in orders:
                self._asked += 1
                self._received.put(line)
        if self._asked > self._answered:
            _end_all()
        self._received.put(None)


def _end_all() -> None:
    """End this process with all that it has started."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


class _Streams:
    """stdout and stderr of this process, lent to one attempt after the other.

    The file descriptors are lent, not only Python's streams: what C code and other processes write is the attempt's.
    """

    def __init__(self) -> None:
        self._own = {descriptor: os.dup(descriptor) for descriptor in (1, 2)}

    @contextmanager
    def to(self, log: str) -> Iterator[None]:
        """Write to a log; an attempt that closes a stream closes it for itself alone."""
        if log:
            make_folder(os.path.dirname(log))  # noqa: PTH120  text paths, as everywhere in io
            file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            for descriptor in self._own:
                os.dup2(file, descriptor)
            os.close(file)
        try:
            with logged_to(log) if log else nullcontext():
                yield
        finally:
            for descriptor, own in self._own.items():
                os.dup2(own, descriptor)


def _make(order: Order, streams: _Streams) -> Raised | None:
    """Make an attempt; what was raised."""
    os.environ.update(order.trace)
    try:
        with streams.to(order.log):
            run_task(from_argv(order.argv))
    except BaseException as error:  # noqa: BLE001  also what a task raises to leave the process is its failure
        # Only failures need it.
        from lakewright.execution.raised import raised

        return raised(error)
    return None


def _write(descriptor: int, content: bytes) -> None:
    written = 0
    while written < len(content):
        written += os.write(descriptor, content[written:])


if __name__ == "__main__":
    Server(int(sys.argv[1]), int(sys.argv[2])).serve()
