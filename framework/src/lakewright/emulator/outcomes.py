"""What an isolated run gave."""

from __future__ import annotations

from dataclasses import dataclass

from lakewright.errors.running import ProcessFailedError, TaskFailedError, TimedOutError
from lakewright.execution.result import Judged
from lakewright.model.states import FAILURES, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.emulator.problems import Note
    from lakewright.errors.raised import Raised
    from lakewright.errors.running import RunError
    from lakewright.io.paths import RunPaths


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try of a task.

    Attributes:
        number: 1 for the first.
        exit_code: of the process, negative for the signal that ended it; None when none was started.
        log: the file with all that the process printed; empty when none was started.
        reason: why it failed.
        rows: rows of the output, where it has rows.
        raised: what its log says that the task raised; None where it says nothing.
    """

    number: int
    state: State
    seconds: float = 0.0
    exit_code: int | None = None
    log: str = ""
    reason: str = ""
    rows: int | None = None
    raised: Raised | None = None

    @property
    def error(self) -> RunError | None:
        """The error that stands for a failure."""
        if self.state is State.SUCCESS:
            return None
        return failure(self.state, self.raised.message if self.raised else self.reason, raised=self.raised)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one task, or one iteration of a for-each, ended.

    Attributes:
        reason: why it did not run or succeed.
        taken: of a condition, `"true"` or `"false"`.
        iterations: of a for-each, in the order of its inputs.
        rows: rows of an output that an earlier process of the run has made.
        took: of a for-each, seconds from its first iteration to the end of its last.
    """

    state: State
    attempts: tuple[Attempt, ...] = ()
    reason: str = ""
    taken: str = ""
    iterations: tuple[Outcome, ...] = ()
    rows: int | None = None
    took: float = 0.0

    @property
    def error(self) -> RunError | None:
        """The error that stands for a failure: of the last attempt, or of the first iteration that failed."""
        if self.state not in FAILURES:
            return None
        tried = self.attempts
        if self.state is State.FAILED and not tried:
            tried = next((each.attempts for each in self.iterations if each.state in FAILURES), ())
        return tried[-1].error if tried and tried[-1].reason else failure(self.state, self.reason)

    @property
    def seconds(self) -> tuple[float, ...]:
        """Of each attempt, in order; of a for-each, of all of it."""
        return tuple(attempt.seconds for attempt in self.attempts) or (self.took,) * bool(self.took)

    @property
    def log(self) -> str:
        """The log of the last attempt that has one, here or in the first iteration that failed."""
        logs = [attempt.log for attempt in self.attempts if attempt.log]
        logs += [iteration.log for iteration in self.iterations if iteration.state in FAILURES and iteration.log][:1]
        return logs[-1] if logs else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IsolatedResult(Judged):
    """How a run of a definition ended.

    Attributes:
        outcomes: by task, in the order of the definition.
        leaves: the tasks that nothing hangs on.
        seconds: of the whole run.
        reason: why the run was ended before its tasks were.
        notes: what the platform would do and this run left out.
        interrupted: whether Ctrl-C was pressed; what ran has ended, and nothing else was started.
    """

    job: str
    paths: RunPaths
    outcomes: Mapping[str, Outcome]
    leaves: tuple[str, ...]
    seconds: float
    reason: str = ""
    notes: tuple[Note, ...] = ()
    interrupted: bool = False

    def raise_for_status(self) -> None:
        """Raise if a task failed.

        Raises:
            TaskFailedError: the first that failed, with the place of its log.
        """
        for key, outcome in self.outcomes.items():
            cause = outcome.error
            if cause is not None:
                cause.hint = f"log {outcome.log}" if outcome.log else ""
                raise TaskFailedError(key, attempts=len(outcome.attempts), cause=cause) from cause


def failure(state: State, reason: str, *, raised: Raised | None = None) -> RunError:
    """The error that stands for a failed attempt or task."""
    return TimedOutError(reason) if state is State.TIMED_OUT else ProcessFailedError(reason, raised=raised)
