"""Errors while a job runs: a task, its data, its argv."""

from __future__ import annotations

from lakewright.errors.base import LakewrightError
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from lakewright.errors.base import Location
    from lakewright.errors.raised import Raised


class RunError(LakewrightError):
    """A run could not do its work."""


class TimedOutError(RunError, TimeoutError):
    """A task did not end within its time."""


class ProcessFailedError(RunError):
    """A task failed in another process: what it raised there, or how that process ended before the task did.

    Attributes:
        raised: what the task raised; None where the process says nothing about it.
    """

    def __init__(self, message: str, *, hint: str = "", raised: Raised | None = None) -> None:
        super().__init__(message, hint=hint)
        self.raised = raised

    @property
    def stands_for(self) -> str:
        """The class of what the task raised; empty where the process says nothing about it."""
        return self.raised.kind if self.raised else ""


class TaskFailedError(RunError):
    """A task failed after its last attempt; the cause is chained.

    Attributes:
        key: the task's key.
        attempts: how many times it was tried.
        cause: what its last attempt raised.

    >>> from lakewright import MemoryIo, job, task
    >>> @task(retries=1)
    ... def share(of: int) -> float:
    ...     return 100 / of
    >>> @job
    ... def daily(of: int = 0) -> float:
    ...     return share(of)
    >>> try:
    ...     daily.execute(io=MemoryIo()).raise_for_status()
    ... except TaskFailedError as error:
    ...     print(error.key, error.attempts, repr(error.cause))
    share 2 ZeroDivisionError('division by zero')
    """

    def __init__(self, key: str, *, attempts: int, cause: BaseException, location: Location | None = None) -> None:
        # Only errors need it.
        from lakewright.text.exceptions import said

        tried = f" after {attempts} attempts" if attempts > 1 else ""
        super().__init__(f"task '{key}' failed{tried}: {said(cause)}", location=location)
        self.key = key
        self.attempts = attempts
        self.cause = cause


class InvocationError(RunError, ValueError):
    """The argv of a task cannot be read or does not fit the code that is installed."""


class UnresolvedReferenceError(InvocationError):
    """An argument still holds a reference that the platform should have filled in."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(
            f"the task's argument '{name}' still holds the unresolved reference {value!r}",
            hint="The platform fills references in when it starts the task; a misspelt one stays as it is.\n"
            "Deploy again with the versions that this repository pins, or check the job definition for edits by hand.",
        )


class OutputError(RunError):
    """An output could not be stored or read."""


class FormatError(OutputError, TypeError):
    """No format holds the value exactly."""


class MissingOutputError(OutputError):
    """A task's input was never committed by its producer.

    Args:
        task: the producer.
        run_id: the run.
        why: how it has ended, or where its record would be.
    """

    def __init__(self, task: str, *, run_id: str, why: str) -> None:
        super().__init__(
            f"task '{task}' has no committed output in run '{run_id}' ({why})",
            hint="A task takes the outputs of tasks that have succeeded in the same run.\n"
            "One that runs although a parent has failed (run_if=…) only waits for it: task.after(…)(…).",
        )


class NoResultError(RunError, KeyError):
    """The result of a task that did not run to its end was asked for."""

    def __init__(self, key: str, *, status: str, known: Iterable[str]) -> None:
        if status:
            super().__init__(f"task '{key}' has no result: it is {status}")
        else:
            super().__init__(f"no task '{key}' in this run{did_you_mean(key, known)}")


class ResumeError(RunError):
    """A run cannot go on, because it would not be the same run."""

    def __init__(self, run_id: str, *, job: str, differences: Iterable[str], hint: str = "") -> None:
        listed = "".join(f"\n  {difference}" for difference in differences)
        super().__init__(f"run '{run_id}' of job '{job}' cannot go on, because this has changed:{listed}", hint=hint)


class MissingInputError(RunError):
    """A selected task needs the output of another one, and no earlier run has it."""

    def __init__(self, upstream: str, *, downstream: str, job: str) -> None:
        super().__init__(
            f"task '{downstream}' takes the output of '{upstream}', which no earlier run of job '{job}' has",
            hint=f"Select it too: --select '{upstream}, {downstream}'. Or run the whole job once.",
        )


class StoreError(RunError):
    """The run store cannot be used."""


class ScheduleError(RunError, ValueError):
    """A schedule that can never be kept."""
