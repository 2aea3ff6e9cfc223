"""Processes of one run: each makes one attempt after the other, or a single one that is ended when its time is up."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from threading import Lock
from typing import Final

from lakewright.errors.running import ProcessFailedError, TimedOutError
from lakewright.execution.environment import process_environment
from lakewright.execution.gathering import gathered
from lakewright.execution.log_files import tidy
from lakewright.execution.messages import Order, raised_in
from lakewright.execution.traces import trace_variables
from lakewright.io.commit import committed, read_record, remove_record
from lakewright.io.files import remove_folder
from lakewright.model.invocation import ITEM, invocation_of, parameter_reference
from lakewright.model.loop import inputs, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.errors.raised import Raised
    from lakewright.execution.plan import RunPlan
    from lakewright.model.record import CommitRecord
    from lakewright.model.task import Task

# How long a process may take to end once it has nothing more to do.
_GRACE: Final = 5.0
# A process that dies is noticed by the pipe that it closes, unless something that it has started holds that open.
_LOOKS_EVERY: Final = 0.5
_CHUNK: Final = 65536
_MEMORY: Final = "The system does that where memory runs out: give the run fewer workers, or the task less data."
# What a task leaves running may end a process after the task has been answered for.
_SHARED: Final = "It had run '{}' before, which may be the cause; a task with a timeout has a process of its own."


class Processes:
    """The processes of one run, which end with it."""

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        self._lock = Lock()
        self._idle: list[_Process] = []
        self._running: set[_Process] = set()
        self._is_over = False

    def run(self, task: Task, attempt: int, *, name: str = "", elements: range | None = None) -> CommitRecord:
        """Make one attempt in another process; its commit record.

        A task with a timeout has a process of its own, for the timeout to end. Others share those that there are.

        Args:
            task: what runs.
            attempt: which try it is.
            name: what is tried, if not the task as a whole.
            elements: of a repeated task, the indices of those that it is tried for.

        Raises:
            TimedOutError: it took longer than the task's timeout; the process and all it has started were ended.
            ProcessFailedError: it failed, or the process ended before it did.
        """
        timeout = task.settings.timeout
        log = self._plan.paths.log(name or task.key, attempt) if self._plan.keeps_logs else ""
        item = {} if elements is None else {ITEM: str(inputs([elements])[0])}
        argv = invocation_of(self._plan.shipped, task).to_argv({**_values(self._plan, attempt), **item})
        process = self._taken(is_new=timeout is not None)
        before = process.last
        process.last = task.key
        try:
            raised = process.ask(Order(argv, log, trace_variables()), timeout)
        except (TimeoutError, EOFError) as error:
            self._remove(task, attempt, elements)
            raise _failed(task, error, before) from None
        finally:
            self._give_back(process)
            if log:
                tidy(log)
        if raised is not None:
            raise ProcessFailedError(raised.message, raised=raised)
        if elements is None:
            return committed(self._plan.paths, task.key)
        records = [committed(self._plan.paths, name_of(task.key, index)) for index in elements]
        return gathered(task.key, records, self._plan.paths)

    def kill(self) -> None:
        """End all that is running, and start nothing more."""
        with self._lock:
            self._is_over = True
            for process in self._running:
                process.kill()

    def close(self) -> None:
        """End all processes, which have nothing more to do."""
        for process in self._idle:
            process.hang_up()
        ended = time.monotonic() + _GRACE
        for process in self._idle:
            process.end(ended)

    def _taken(self, *, is_new: bool) -> _Process:
        with self._lock:
            if self._is_over:
                message = "the run is over"
                raise ProcessFailedError(message)
            idle = None
            while self._idle and not is_new and idle is None:
                last = self._idle.pop()
                if last.is_alive():
                    idle = last
                else:
                    last.hang_up()
            process = idle or _Process()
            self._running.add(process)
            return process

    def _give_back(self, process: _Process) -> None:
        with self._lock:
            self._running.discard(process)
            if process.is_open:
                self._idle.append(process)

    def _remove(self, task: Task, attempt: int, elements: range | None) -> None:
        """Leave nothing of an attempt whose process did not end well, even if it had committed before.

        Where it was this run that has ended the process, what is committed stays: the run may go on with it.
        """
        for output in [task.key] if elements is None else [name_of(task.key, index) for index in elements]:
            record = read_record(self._plan.paths, output)
            is_committed = record is not None and record.attempt == attempt
            if is_committed and self._is_over:
                continue
            if is_committed:
                remove_record(self._plan.paths, output)
            remove_folder(self._plan.paths.attempt(output, attempt))


def _failed(task: Task, unanswered: TimeoutError | EOFError, before: str) -> TimedOutError | ProcessFailedError:
    """What has become of an attempt whose process, which had run the task `before`, did not end well."""
    if isinstance(unanswered, TimeoutError):
        return TimedOutError(f"task '{task.key}' did not end within {task.settings.timeout:g} s")
    hints = [_MEMORY] if signal.SIGKILL.name in str(unanswered) else []
    if before:
        hints.append(_SHARED.format(before))
    return ProcessFailedError(f"the process of task '{task.key}' {unanswered}", hint=" ".join(hints))


class _Process:
    """A process that makes attempts as it is asked to, one at a time.

    One thread at a time owns it; only `kill` may be called from any other.

    Attributes:
        is_open: whether it can be asked.
        last: the task that it has run last, or runs; empty while it has run none.
    """

    def __init__(self) -> None:
        orders, self._orders = os.pipe()
        self._answers, answers = os.pipe()
        serving = ("-X", "faulthandler", "-m", "lakewright.execution.serving", str(orders), str(answers))
        self.is_open = True
        self.last = ""
        try:
            self._process = subprocess.Popen(
                [sys.executable, *serving],
                env=process_environment(),
                pass_fds=(orders, answers),
                start_new_session=True,
                stdin=subprocess.DEVNULL,
            )
        except BaseException:
            self.hang_up()
            raise
        finally:
            os.close(orders)
            os.close(answers)

    def is_alive(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process.poll() is None

    def ask(self, order: Order, timeout: float | None) -> Raised | None:
        """Make an attempt; what it raised. With a timeout it is the last one.

        Raises:
            TimeoutError: it took too long; the process is no more, nor is what it has started.
            EOFError: there is no answer, and the process is no more; the message says how it ended.
        """
        ended = None if timeout is None else time.monotonic() + timeout
        try:
            self._send(order.to_line())
            raised = raised_in(self._received(ended))
        except (EOFError, BrokenPipeError) as error:
            raise EOFError(self._ended()) from error
        except BaseException:
            # Its time is up, or Ctrl-C was pressed: nobody waits for the attempt any more.
            self.kill()
            self.end(None)
            raise
        if ended is not None and raised is None:
            self._end_well(ended)
        elif ended is not None:
            self.end(ended)
        return raised

    def _end_well(self, ended: float) -> None:
        """Wait for the end of a process whose task is done: as on the platform, that is the end of the attempt."""
        if not self.end(ended):
            raise TimeoutError
        if self._process.returncode:
            raise EOFError(f"{_how(self._process.returncode)} after the task was done")

    def _send(self, line: bytes) -> None:
        written = 0
        while written < len(line):
            written += os.write(self._orders, line[written:])

    def _received(self, ended: float | None) -> bytes:
        answers = select.poll()
        answers.register(self._answers, select.POLLIN)
        line = b""
        while not line.endswith(b"\n"):
            was_alive = self.is_alive()
            wait = _LOOKS_EVERY if ended is None else min(_LOOKS_EVERY, ended - time.monotonic())
            if wait <= 0:
                raise TimeoutError
            if answers.poll(wait * 1000):
                chunk = os.read(self._answers, _CHUNK)
                if not chunk:
                    raise EOFError
                line += chunk
            elif not was_alive:
                raise EOFError
        return line

    def _ended(self) -> str:
        """How a process ended that answers no more; it is ended if it lives on without its pipes."""
        try:
            code = self._process.wait(_LOOKS_EVERY)
        except subprocess.TimeoutExpired:
            code = 0
            self.kill()
            self._process.wait()
        self.hang_up()
        return f"{_how(code)} before the task was done"

    def hang_up(self) -> None:
        """Ask no more: the process ends by itself."""
        if self.is_open:
            self.is_open = False
            os.close(self._orders)
            os.close(self._answers)

    def end(self, ended: float | None) -> bool:
        """Wait until the process has ended; one that has not at the time `ended` is killed, and then it is False."""
        self.hang_up()
        try:
            self._process.wait(None if ended is None else max(0.0, ended - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
            return False
        return True

    def kill(self) -> None:
        """End the process, and all that it has started: they are a process group."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


def _how(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def _values(plan: RunPlan, attempt: int) -> Mapping[str, str]:
    target = plan.target
    parameters = {parameter_reference(name): text for name, text in plan.parameter_texts.items()}
    return {
        "run_id": plan.paths.run_id,
        "attempt": str(attempt),
        "target": target.name,
        "root": target.root,
        "data": target.data,
        "catalog": target.catalog,
        "schema": target.schema,
        **parameters,
    }
