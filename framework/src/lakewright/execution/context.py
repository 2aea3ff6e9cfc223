"""What a task can ask about the run it is part of."""

from __future__ import annotations

import sys

from lakewright.authoring.running import running_task
from lakewright.io.paths import RunPaths
from lakewright.model.target import TargetValues

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger
    from pathlib import Path


class TaskContext:
    """One attempt of one task.

    Attributes:
        job: the job's name.
        run_id: the run's id.
        key: the task's key.
        attempt: 1 for the first try.
        target_values: the target's name and places.
    """

    __slots__ = ("attempt", "job", "key", "run_id", "target_values")

    def __init__(self, *, job: str, run_id: str, key: str, attempt: int, target: TargetValues) -> None:
        self.job = job
        self.run_id = run_id
        self.key = key
        self.attempt = attempt
        self.target_values = target

    def __repr__(self) -> str:
        return f"<task '{self.key}' of job '{self.job}', run '{self.run_id}', attempt {self.attempt}, target '{self.target}'>"

    @property
    def target(self) -> str:
        """The target's name: `local`, `dev`, `prod` …"""
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

    @property
    def paths(self) -> RunPaths:
        """Where the run keeps what."""
        return RunPaths(self.target_values.root, self.job, self.run_id)


def context() -> TaskContext:
    """The context of the calling task; outside of a run, the `local` target of the calling module's pipeline.

    >>> context().target
    'local'
    """
    current = running_task.get()
    if isinstance(current, TaskContext):
        return current
    from lakewright.execution.local import local_target

    file = sys._getframe(1).f_globals.get("__file__")  # noqa: SLF001  the documented way to a caller's frame
    return TaskContext(job="", run_id="", key="", attempt=1, target=local_target(file))


def task_context() -> TaskContext | None:
    """The context of the calling task, or None outside of a run."""
    current = running_task.get()
    return current if isinstance(current, TaskContext) else None
