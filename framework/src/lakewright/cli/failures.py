"""Why a run failed: the cause first, at the user's own line; the way on last."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lakewright.cli.output import shown_path
from lakewright.cli.tails import quoted
from lakewright.execution.log_files import tail
from lakewright.execution.raised import raised
from lakewright.execution.report.iterations import iteration_logs
from lakewright.execution.report.plain import plain
from lakewright.execution.tracebacks import causes, innermost
from lakewright.model.states import FAILURES, State
from lakewright.text.durations import seconds
from lakewright.text.exceptions import said
from lakewright.text.names import plural, some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lakewright.cli.tails import Tail
    from lakewright.emulator.outcomes import IsolatedResult, Outcome
    from lakewright.errors.raised import Frame
    from lakewright.errors.running import RunError
    from lakewright.execution.result import HasState, RunResult, TaskOutcome

    Line = tuple[str, str]

_MOST_FAILURES: Final = 5
_MOST_NAMES: Final = 12
_MOST_OF_MESSAGE: Final = 12
_SHOWN_OF_LOG: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One task that failed.

    Attributes:
        seconds: of each attempt.
        said: why.
        frame: the user's own line that it comes from.
        log: the file with what its last attempt printed; empty if nothing.
    """

    key: str
    state: State
    seconds: tuple[float, ...] = ()
    said: str = ""
    frame: Frame | None = None
    log: str = ""


def failures_of(result: RunResult[object]) -> Iterator[Failure]:
    """The failures of a run in this process."""
    for key, outcome in result.outcomes.items():
        if outcome.state in FAILURES - {State.CANCELLED}:
            error = outcome.error
            yield Failure(
                key=key,
                state=outcome.state,
                seconds=outcome.seconds,
                said="\n".join(filter(None, (_told(error) if error else "", outcome.reason))),
                frame=_frame(error) if error else None,
                log=_log(result, key, outcome),
            )


def _frame(error: BaseException) -> Frame | None:
    """The user's own line that an error comes from."""
    traces = raised(error).tracebacks
    return innermost(traces[-1]) if traces else None


def _log(result: RunResult[object], key: str, outcome: TaskOutcome) -> str:
    """The log of the last attempt; of a repeated task that of an iteration that failed."""
    if result.dag.task(key).loop is None:
        return result.paths.log(key, outcome.last_attempt)
    return next((each.file for each in reversed(iteration_logs(result.paths, key)) if each.is_open), "")


def isolated_failures(result: IsolatedResult) -> Iterator[Failure]:
    """The failures of a run of a definition; of a for-each, that of the first iteration that failed."""
    for key, outcome in result.outcomes.items():
        error = outcome.error
        if error is not None and outcome.state is not State.CANCELLED:
            yield Failure(
                key=key,
                state=outcome.state,
                seconds=outcome.seconds,
                said="\n".join(filter(None, (_told(error), _beside(outcome, error)))),
                frame=_frame(error),
                log=outcome.log,
            )


def _beside(outcome: Outcome, error: RunError) -> str:
    """What of the reason the error does not tell."""
    told = outcome.attempts[-1].reason if outcome.attempts else error.message
    return outcome.reason.removeprefix(told).lstrip("; ")


def failure_lines(
    failures: Iterable[Failure], outcomes: Mapping[str, HasState], *, tail: Tail = tail
) -> Iterator[Line]:
    """What to print about tasks that failed, and about those that did not run for it: lines and their styles."""
    found = list(failures)
    for failure in found[:_MOST_FAILURES]:
        yield from _task_lines(failure)
        yield from _log_lines(failure.log, tail)
        yield "", ""
    if found[_MOST_FAILURES:]:
        yield f" ✘ failed too: {some([each.key for each in found[_MOST_FAILURES:]], _MOST_NAMES)}\n", "bold red"
    for state in (State.UPSTREAM_FAILED, State.CANCELLED):
        skipped = [key for key, outcome in outcomes.items() if outcome.state is state]
        if skipped:
            yield f"   {state.value.replace('_', ' ')}: {some(skipped, _MOST_NAMES)}", "yellow"


def _task_lines(failure: Failure) -> Iterator[Line]:
    times = ", ".join(seconds(each) for each in failure.seconds)
    tried = f" after {plural(len(failure.seconds), 'attempt')}" if len(failure.seconds) > 1 else ""
    state = failure.state.value.replace("_", " ")
    yield f" ✘ {failure.key}   {state}{tried}{f' ({times})' if times else ''}\n", "bold red"
    frame = failure.frame
    if frame:
        yield f"   {shown_path(frame.file)}:{frame.line}  in {frame.function}", "bold"
        yield f"     {plain(frame.source)}", ""
    lines = [line for line in plain(failure.said).splitlines() if line.strip()]
    for line in lines[:_MOST_OF_MESSAGE]:
        yield f"   {line}", "red"
    if lines[_MOST_OF_MESSAGE:]:
        yield f"   … and {plural(len(lines) - _MOST_OF_MESSAGE, 'more line')}", "dim"


def _log_lines(log: str, tail: Tail) -> Iterator[Line]:
    """The last of what the last attempt printed, and where the rest is."""
    if not log or not Path(log).is_file():
        return
    last = tail(log, _SHOWN_OF_LOG)
    yield f"\n   its log ends with     ({shown_path(log)})" if last else f"   log {shown_path(log)}", "dim"
    yield from ((line, "") for line in quoted(last))


def _told(error: BaseException) -> str:
    """An error, and what led to it with its place."""
    lines = [said(error)]
    for cause, frame in causes(error):
        place = f"     ({shown_path(frame.file)}:{frame.line}  in {frame.function})" if frame else ""
        first, *rest = cause.splitlines()
        lines += [f"caused by {first}{place}", *rest]
    return "\n".join(lines)
