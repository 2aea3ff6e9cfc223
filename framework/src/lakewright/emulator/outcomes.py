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
    """

    number: int
    state: State
    seconds: float = 0.0
    exit_code: int | None = None
    log: str = ""
    reason: str = ""
    rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one task, or one iteration of a for-each, ended.

    Attributes:
        reason: why it did not run or succeed.
        taken: of a condition, `"true"` or `"false"`.
        iterations: of a for-each, in the order of its inputs.
    """

    state: State
    attempts: tuple[Attempt, ...] = ()
    reason: str = ""
    taken: str = ""
    iterations: tuple[Outcome, ...] = ()

    @property
    def seconds(self) -> tuple[float, ...]:
        """Of each attempt, in order."""
        return tuple(attempt.seconds for attempt in self.attempts)

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
    """

    job: str
    paths: RunPaths
    outcomes: Mapping[str, Outcome]
    leaves: tuple[str, ...]
    seconds: float
    reason: str = ""
    notes: tuple[Note, ...] = ()

    def raise_for_status(self) -> None:
        """Raise if a task failed.

        Raises:
            TaskFailedError: the first that failed, with the place of its log.
        """
        for key, outcome in self.outcomes.items():
            if outcome.state in FAILURES:
                cause = failure(outcome.state, outcome.reason, log=outcome.log)
                raise TaskFailedError(key, attempts=len(outcome.attempts), cause=cause) from cause


def failure(state: State, reason: str, *, log: str = "") -> RunError:
    """The error that stands for a failed attempt or task, with the place of its log."""
    kind = TimedOutError if state is State.TIMED_OUT else ProcessFailedError
    return kind(reason, hint=f"log {log}" if log else "")
