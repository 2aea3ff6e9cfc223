"""Why a run failed: the cause first, at the user's own line; the way on last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lakewright.cli.output import shown_path
from lakewright.execution.logs import tail
from lakewright.execution.raised import raised
from lakewright.loading.source import is_users
from lakewright.model.states import FAILURES, State
from lakewright.text.durations import seconds
from lakewright.text.exceptions import said
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.errors.raised import Frame
    from lakewright.execution.result import RunResult, TaskOutcome
    from lakewright.project.discovery import FoundJob

_SHOWN_OF_LOG: Final = 20


def failure_lines(found: FoundJob, result: RunResult[object]) -> Iterator[tuple[str, str]]:
    """What to print about a failed run: lines and their styles."""
    failed = [key for key, outcome in result.outcomes.items() if outcome.state in FAILURES - {State.CANCELLED}]
    for key in failed:
        yield from _task_lines(key, result.outcomes[key])
        yield from _log_lines(result.paths.log(key, result.outcomes[key].last_attempt))
    for state in (State.UPSTREAM_FAILED, State.CANCELLED):
        skipped = [key for key, outcome in result.outcomes.items() if outcome.state is state]
        if skipped:
            yield f"   {state.value.replace('_', ' ')}: {', '.join(skipped)}", "yellow"
    kept = plural(sum(outcome.state is State.SUCCESS for outcome in result.outcomes.values()), "task")
    way_on = "after the fix:" if failed else "go on with it:"
    option = "--repair" if failed else f"--resume {result.run_id}"
    # In a repository the command lives in the workspace's own environment; nox finds it there.
    command = "nox -s local --" if found.pipeline else "lakewright run"
    yield f"   done and kept: {kept}     {way_on}  {command} {found.reference} {option}", "dim"


def _task_lines(key: str, outcome: TaskOutcome) -> Iterator[tuple[str, str]]:
    times = ", ".join(seconds(each) for each in outcome.seconds)
    tried = f" after {plural(outcome.attempts, 'attempt')}" if outcome.attempts > 1 else ""
    yield f" ✘ {key}   {outcome.state.value.replace('_', ' ')}{tried} ({times})\n", "bold red"
    error = outcome.error
    if error is None:
        return
    frame = _users_frame(error)
    if frame:
        yield f"   {shown_path(frame.file)}:{frame.line}  in {frame.function}", "bold"
        yield f"     {frame.source}", ""
    for text in said(error).splitlines():
        yield f"   {text}", "red"
    yield "", ""


def _log_lines(log: str) -> Iterator[tuple[str, str]]:
    """The last of what the last attempt printed, and where the rest is."""
    last = tail(log, _SHOWN_OF_LOG)
    if last:
        yield f"   its log ends with     ({shown_path(log)})", "dim"
        yield from ((f"   | {line}", "") for line in last)
        yield "", ""


def _users_frame(error: BaseException) -> Frame | None:
    """The innermost line of the traceback that is the user's own."""
    frames = raised(error).tracebacks[-1].frames
    return next((frame for frame in reversed(frames) if is_users(frame.file)), None)
