"""Tasks in processes of their own, ended for good when their time is up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from threading import Lock
from typing import Final

from lakewright.errors.running import RunError
from lakewright.io.commit import committed, read_record
from lakewright.io.files import make_folder, remove_folder, size_of
from lakewright.model.invocation import invocation_of, parameter_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import IO

    from lakewright.execution.plan import RunPlan
    from lakewright.model.record import CommitRecord
    from lakewright.model.task import Task

_FRAME: Final = '  File "'


class TimedOutError(RunError):
    """A task did not end within its time."""


class ProcessFailedError(RunError):
    """A task's process ended with a failure."""


class OwnProcesses:
    """The processes of one run's tasks."""

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        self._lock = Lock()
        self._running: set[subprocess.Popen[bytes]] = set()

    def run(self, task: Task, attempt: int) -> CommitRecord:
        """Run one attempt in a new process; its commit record.

        Raises:
            TimedOutError: it took longer than the task's timeout; the process and all it has started were ended.
            ProcessFailedError: it ended with a failure.
        """
        argv = invocation_of(self._plan.dag, task).to_argv(_values(self._plan, attempt))
        try:
            code, said = self._ended([sys.executable, "-m", "lakewright.execution.worker", *argv], task, attempt)
        except subprocess.TimeoutExpired:
            return self._timed_out(task, attempt)
        if code:
            raise ProcessFailedError(f"{_told(said)} ({_ending(code)})")
        return committed(self._plan.paths, task.key)

    def kill(self) -> None:
        """End all that is running."""
        with self._lock:
            for process in self._running:
                _kill(process)

    def _ended(self, command: Sequence[str], task: Task, attempt: int) -> tuple[int, str]:
        """The exit code and what was written to stderr (with logs: printed at all), once the process has ended."""
        paths = os.pathsep.join(path for path in sys.path if path)
        # Encoded and flushed as a log is read: while the process runs, and whatever the locale.
        environment = {**os.environ, "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
        with self._written(task, attempt) as file:
            printed = file if self._plan.keeps_logs else None
            process = subprocess.Popen(
                command, env=environment, stdout=printed, stderr=file, start_new_session=True, stdin=subprocess.DEVNULL
            )
            with self._lock:
                self._running.add(process)
            try:
                code = process.wait(task.settings.timeout)
            finally:
                with self._lock:
                    self._running.discard(process)
                if process.returncode is None:
                    _kill(process)
                    process.wait()
                file.seek(0)
                said = file.read().decode(errors="replace")
                if not self._plan.keeps_logs:
                    sys.stderr.write(said)
            return code, said

    @contextmanager
    def _written(self, task: Task, attempt: int) -> Iterator[IO[bytes]]:
        """Where a process writes to: its log, or a file for the time that it takes.

        A file, not a pipe: what the process has started may hold a pipe open for longer than it lives.
        """
        if not self._plan.keeps_logs:
            # Only runs with timeouts need it.
            from tempfile import TemporaryFile

            with TemporaryFile() as file:
                yield file
            return
        path = self._plan.paths.log(task.key, attempt)
        make_folder(os.path.dirname(path))  # noqa: PTH120  text paths, as everywhere in io
        try:
            with open(path, "w+b") as file:  # noqa: PTH123  as above
                yield file
        finally:
            if not size_of(path):
                os.unlink(path)  # noqa: PTH108  as above

    def _timed_out(self, task: Task, attempt: int) -> CommitRecord:
        """The record of an attempt that had done its work when its time was up, else an error and nothing left."""
        record = read_record(self._plan.paths, task.key)
        if record is not None and record.attempt == attempt:
            return record
        remove_folder(self._plan.paths.attempt(task.key, attempt))
        raise TimedOutError(f"task '{task.key}' did not end within {task.settings.timeout:g} s")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it has started: they are a process group of their own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _told(errors: str) -> str:
    """What an exception said: all behind the last frame of its traceback and that frame's source."""
    lines = errors.rstrip().splitlines() or ["no message"]
    frames = [number for number, line in enumerate(lines) if line.startswith(_FRAME)]
    if not frames:
        return lines[-1]
    behind = lines[frames[-1] + 1 :]
    first = next((number for number, line in enumerate(behind) if not line.startswith(" ")), 0)
    return "\n".join(behind[first:])


def _ending(code: int) -> str:
    return f"ended by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


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
