"""One run as the store remembers it: written while it goes on, read with what its lock tells."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

from lakewright.errors.running import RunError
from lakewright.execution.locks import FileLock, is_held
from lakewright.execution.rows import AttemptRow
from lakewright.execution.store import REMOVING
from lakewright.io.files import remove_folder
from lakewright.io.paths import RunPaths
from lakewright.model.states import State
from lakewright.text.exceptions import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from lakewright.execution.events import TaskEvent
    from lakewright.execution.result import Finished
    from lakewright.execution.rows import RunRow
    from lakewright.execution.store import RunStore

RUNNING: Final = "running"
INTERRUPTED: Final = "interrupted"
_TICK: Final = 0.001


class RunHistory:
    """Writes a run into the store within `with`, and holds the lock that says that it lives.

    The record of a task is written before its end is told, so a row never promises what is not there. A process that
    dies leaves the row of its run as `running` and its lock free: that is an interrupted run.

    Args:
        store: the store of the project.
        run: the row to start with.
        paths: the folders of the run.
        now: seconds since the epoch.
    """

    def __init__(self, store: RunStore, run: RunRow, paths: RunPaths, *, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._run = run
        self._paths = paths
        self._now = now
        self._lock = FileLock(Path(paths.lock))
        self._started: dict[str, float] = {}
        self._began = self._ahead = 0.0

    def __enter__(self) -> Self:
        """Take the lock, and take note of the run.

        Raises:
            RunError: another process runs it, or its removal has begun.
        """
        if not self._lock.acquire():
            raise RunError(
                f"run '{self._run.run_id}' of job '{self._run.job}' is going on in another process",
                hint="Wait for its end, or start a new run.",
            )
        try:
            self._check_stays()
            self._ahead = max(0.0, self._latest() - self._now())
            self._began = self._time()
            self._store.interrupt(self._run.job, self._run.run_id)
            self._store.start_run(self._run)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def _check_stays(self) -> None:
        """Raise if some of what the run keeps may be gone."""
        known = self._store.run(self._run.run_id, self._run.job)
        if known is not None and known.status == REMOVING:
            raise RunError(
                f"run '{self._run.run_id}' of job '{self._run.job}' is being removed, so it cannot go on",
                hint="Start a new run.",
            )

    def _time(self) -> float:
        """The time of the day; where the clock was set back, what earlier processes of the run did is earlier still."""
        return self._now() + self._ahead

    def _latest(self) -> float:
        """Just after all that earlier processes of the run have done."""
        rows = self._store.attempts(self._run.job, self._run.run_id)
        return max((max(row.began, (row.started or 0.0) + (row.seconds or 0.0)) + _TICK for row in rows), default=0.0)

    def listen(self, event: TaskEvent) -> None:
        """Take note of an attempt that starts or has ended, or of a task that does not run."""
        if event.kind == "stopping":
            return
        if event.kind == "started":
            self._started[event.key] = self._time()
        if event.reason and event.attempt and event.state is State.SUCCESS:
            self._adopt(event)
            return
        log = self._paths.log(event.key, event.attempt)
        self._store.put_attempt(
            AttemptRow(
                job=self._run.job,
                run_id=self._run.run_id,
                key=event.key,
                attempt=0 if event.reason else event.attempt,
                state=event.state.value,
                started=None if event.reason else self._start(event),
                seconds=None if event.reason or event.kind == "started" else event.seconds,
                rows=event.rows,
                error=said(event.error) if event.error else "",
                reason=event.reason or event.summary,
                log=log if not event.reason and os.path.isfile(log) else "",  # noqa: PTH113  text paths, as in io
                traceback=self._traceback(event.error) if event.error else "",
                began=self._began,
                cache=event.cache,
            )
        )

    def _start(self, event: TaskEvent) -> float:
        """When an attempt started; that an iteration has, nobody tells."""
        return self._started[event.key] if event.key in self._started else self._time() - event.seconds

    def _traceback(self, error: BaseException) -> str:
        # Only a failure needs it.
        from lakewright.execution.tracebacks import user_traceback

        return user_traceback(error, Path(self._paths.root).parent)

    def _adopt(self, event: TaskEvent) -> None:
        """See to the row of a record that an earlier process has written, and may have died before it wrote the row."""
        known = self._store.attempt(self._run.job, self._run.run_id, key=event.key, number=event.attempt)
        if known is None or known.state != State.SUCCESS.value:
            unknown = AttemptRow(self._run.job, self._run.run_id, event.key, event.attempt, event.state.value)
            self._store.put_attempt((known or unknown)._replace(state=event.state.value, rows=event.rows, error=""))

    def end(self, result: Finished) -> None:
        """Take note of how the run ended."""
        self._store.end_run(
            self._run.job,
            self._run.run_id,
            status=result.status,
            leaf_status=result.leaf_status,
            seconds=result.seconds,
        )


def actual(run: RunRow, root: str) -> RunRow:
    """The row of a run; one that its process has left as `running` is interrupted."""
    paths = RunPaths(root, run.job, run.run_id)
    if run.status == RUNNING and not is_held(Path(paths.lock)):
        return run._replace(status=INTERRUPTED)
    return run


def actual_attempts(run: RunRow, attempts: Sequence[AttemptRow]) -> tuple[AttemptRow, ...]:
    """The attempts of a run as `actual` gives it; those that its process has left behind are interrupted too."""
    if run.status == RUNNING:
        return tuple(attempts)
    return tuple(
        attempt._replace(state=INTERRUPTED) if attempt.state == State.RUNNING.value else attempt for attempt in attempts
    )


def forget(store: RunStore, run: RunRow, root: str) -> bool:
    """Remove a run with all that it keeps: its row last, so that what is left of it can still be found.

    Returns:
        False where another run needs its outputs, so that it stays.

    Raises:
        RunError: it is going on.
    """
    paths = RunPaths(root, run.job, run.run_id)
    with FileLock(Path(paths.lock)) as lock:
        if not lock.acquire():
            raise RunError(f"run '{run.run_id}' of job '{run.job}' is going on")
        if not store.begin_removal(run.job, run.run_id):
            return False
        remove_folder(paths.folder)
        store.forget(run.job, run.run_id)
    return True
