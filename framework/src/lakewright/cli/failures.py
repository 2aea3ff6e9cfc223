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

    from lakewright.emulator.outcomes import IsolatedResult, Outcome
    from lakewright.errors.raised import Frame
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
                frame=innermost(raised(error).tracebacks[-1]) if error else None,
                log=_log(result, key, outcome),
            )


def _log(result: RunResult[object], key: str, outcome: TaskOutcome) -> str:
    """The log of the last attempt; of a repeated task that of an iteration that failed."""
    if result.dag.task(key).loop is None:
        return result.paths.log(key, outcome.last_attempt)
    return next((each.file for each in reversed(iteration_logs(result.paths, key)) if each.is_open), "")


def isolated_failures(result: IsolatedResult) -> Iterator[Failure]:
    """The failures of a run of a definition; of a for-each, that of the first iteration that failed."""
    for key, outcome in result.outcomes.items():
        if outcome.state in FAILURES:
            frames = [frame for each in _inside(outcome) if (frame := _logged_frame(each)) is not None]
            reasons = dict.fromkeys(each.reason for each in _inside(outcome) if each.reason)
            yield Failure(
                key=key,
                state=outcome.state,
                seconds=outcome.seconds,
                said="\n".join(reasons),
                frame=frames[-1] if frames else None,
                log=outcome.log,
            )


def failure_lines(
    failures: Iterable[Failure], outcomes: Mapping[str, HasState], *, log_lines: int = _SHOWN_OF_LOG
) -> Iterator[Line]:
    """What to print about tasks that failed, and about those that did not run for it: lines and their styles."""
    found = list(failures)
    for failure in found[:_MOST_FAILURES]:
        yield from _task_lines(failure)
        yield from _log_lines(failure.log, log_lines)
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


def _log_lines(log: str, most: int) -> Iterator[Line]:
    """The last of what the last attempt printed, and where the rest is."""
    if not log or not Path(log).is_file():
        return
    last = tail(log, most) if most else []
    yield f"\n   its log ends with     ({shown_path(log)})" if last else f"   log {shown_path(log)}", "dim"
    yield from ((line, "") for line in quoted(last))


def _inside(outcome: Outcome) -> list[Outcome]:
    return [outcome, *[each for each in outcome.iterations if each.state in FAILURES][:1]]


def _logged_frame(outcome: Outcome) -> Frame | None:
    """The user's own line that the log of a failed process names."""
    # What an isolated run needs costs others nothing.
    from lakewright.emulator.tracebacks import last_raised

    found = last_raised(outcome.log)
    return found.frame if found and outcome.reason.startswith(found.error) else None


def _told(error: BaseException) -> str:
    """An error, and what led to it with its place."""
    lines = [said(error)]
    for cause, frame in causes(error):
        place = f"     ({shown_path(frame.file)}:{frame.line}  in {frame.function})" if frame else ""
        first, *rest = cause.splitlines()
        lines += [f"caused by {first}{place}", *rest]
    return "\n".join(lines)
