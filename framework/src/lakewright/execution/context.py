"""What a task can ask about the run it is part of."""

from __future__ import annotations

import sys

from lakewright.authoring.current import current_recorder, running_task
from lakewright.errors.authoring import TraceError
from lakewright.io.paths import RunPaths
from lakewright.model.loop import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger
    from pathlib import Path

    from lakewright.model.target import TargetValues


class TaskContext:
    """One attempt of one task.

    Attributes:
        paths: where the run keeps what.
        key: the task's key.
        attempt: 1 for the first try.
        index: of the element that a repeated task is called for; None for one that runs once.
        target_values: the target's name and places.
    """

    __slots__ = ("attempt", "index", "key", "paths", "target_values")

    def __init__(
        self, paths: RunPaths, target: TargetValues, *, key: str = "", attempt: int = 1, index: int | None = None
    ) -> None:
        self.paths = paths
        self.index = index
        self.key = key
        self.attempt = attempt
        self.target_values = target

    def __repr__(self) -> str:
        return f"<task '{self.key}' of job '{self.job}', run '{self.run_id}', attempt {self.attempt}>"

    @property
    def output(self) -> str:
        """The name of what the task gives: its key, or with the index that of one of many."""
        return self.key if self.index is None else name_of(self.key, self.index)

    @property
    def job(self) -> str:
        """The job's name; empty outside of a run."""
        return self.paths.job

    @property
    def run_id(self) -> str:
        """The run's id; empty outside of a run."""
        return self.paths.run_id

    @property
    def target(self) -> str:
        """The target's name, such as `local`, `dev`, `prod`."""
        return self.target_values.name

    @property
    def data(self) -> Path:
        """The folder of the pipeline's input data."""
        # `pathlib` is paid for by tasks that ask for a path.
        from pathlib import Path

        return Path(self.target_values.data)

    @property
    def root(self) -> Path:
        """The folder under which the target keeps outputs."""
        from pathlib import Path

        return Path(self.target_values.root)

    @property
    def catalog(self) -> str:
        """The target's catalog."""
        return self.target_values.catalog

    @property
    def schema(self) -> str:
        """The target's schema."""
        return self.target_values.schema

    @property
    def logger(self) -> Logger:
        """A logger named after job and task."""
        from logging import getLogger

        return getLogger(f"lakewright.{self.job}.{self.key}" if self.key else "lakewright")


def context() -> TaskContext:
    """The context of the calling task; outside of a run, the `local` target of the calling module's pipeline.

    Raises:
        TraceError: a job's body asks, which is traced once for all targets.

    >>> context().target
    'local'
    """
    current = task_context()
    if current is not None:
        return current
    refuse_inside_body("context()")
    from lakewright.io.local import local_target

    file = sys._getframe(1).f_globals.get("__file__")  # noqa: SLF001  the documented way to a caller's frame
    target = local_target(file)
    return TaskContext(RunPaths(target.root, "", ""), target)


def refuse_inside_body(what: str) -> None:
    """Raise if a body that is being traced asks for what only a running task has.

    Raises:
        TraceError: it does.
    """
    recorder = current_recorder.get()
    if recorder is not None:
        message = f"{what} is known only when a task runs, not in the body of job '{recorder.name}'"
        raise recorder.located(TraceError(message, hint="Call it inside the task."))


def task_context() -> TaskContext | None:
    """The context of the calling task, or None outside of a run."""
    current = running_task.get()
    return current if isinstance(current, TaskContext) else None
