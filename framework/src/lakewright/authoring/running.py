"""Whether the calling code runs inside a task: then tasks are plain functions, whatever else is traced."""

from __future__ import annotations

from contextvars import ContextVar

# Set by the execution floor for the time of a task; read here to tell a body's stray thread from a task's own.
running_task: ContextVar[object | None] = ContextVar("lakewright_running_task", default=None)


def is_task_running() -> bool:
    """Whether a task of some run is the caller, directly or not."""
    return running_task.get() is not None
