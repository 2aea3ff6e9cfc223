"""What a report says of a run: plain values, of no machine and no library."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorView:
    """What an attempt raised; `traceback` shows the user's own frames."""

    type: str
    message: str
    traceback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """One try of a task.

    Attributes:
        number: from 1.
        start: seconds after the start of the run.
        state: a value of `model.states.State`.
        log: what it printed and logged.
        cut: how many characters of the log are left out.
    """

    number: int
    start: float
    seconds: float
    state: str
    error: ErrorView | None = None
    log: str = ""
    cut: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InputView:
    """Where an argument comes from: a task (`upstream`), or what `text` says."""

    argument: str
    upstream: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file of an output and its size in bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    """The first rows of an output, cell by cell as text; None is null."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputView:
    """What a task gave.

    Attributes:
        kind: its type, such as `polars.DataFrame`.
        rows: how many, where it has rows.
        schema: name and type of each column.
        sample: the first rows.
        text: the value itself, where it has no rows.
        parts: of a container, the first of what it holds.
        more_parts: how many are left out.
    """

    kind: str = ""
    rows: int | None = None
    schema: tuple[tuple[str, str], ...] = ()
    files: tuple[FileView, ...] = ()
    sample: SampleView | None = None
    text: str = ""
    parts: tuple[PartView, ...] = ()
    more_parts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A part of an output that was kept by itself.

    Attributes:
        place: where it stands in the output, such as `[0]`.
    """

    place: str
    output: OutputView


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """A part of what the body returns, and where it comes from: a task (`upstream`), or what `text` says.

    Attributes:
        place: where it stands in what the body returns, such as `['late']`; empty for all of it.
        part: which part of the task's output it is; empty for all of it.
        output: what that part is; for a whole output, the task tells.
    """

    place: str = ""
    upstream: str = ""
    part: str = ""
    output: OutputView | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitView:
    """Why a task started when it did.

    Attributes:
        ready: when its last upstream had ended, in seconds after the start of the run.
        upstream: which one that was; empty for a task without any.
        queued: seconds between then and its first attempt, for want of a worker.
    """

    ready: float
    upstream: str = ""
    queued: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """What became of a task.

    Attributes:
        state: a value of `model.states.State`.
        reason: why it did not run.
        cache: whether its output was taken from an earlier run, or why not.
        function: where it is written, `module:function`.
        location: where the body calls it.
        waits: the upstream tasks that only order it, without data.
    """

    key: str
    state: str
    reason: str = ""
    cache: str = ""
    description: str = ""
    compute: str = ""
    function: str = ""
    location: str = ""
    upstream: tuple[str, ...] = ()
    downstream: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    attempts: tuple[AttemptView, ...] = ()
    inputs: tuple[InputView, ...] = ()
    output: OutputView | None = None
    wait: WaitView | None = None

    @property
    def seconds(self) -> float:
        """From the start of its first attempt to the end of its last, the pauses between them included."""
        if not self.attempts:
            return 0.0
        last = self.attempts[-1]
        return last.start + last.seconds - self.attempts[0].start


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """What became of a run.

    Attributes:
        status: `success`, or `failed` if any task failed; of a run that has not ended, `running` or `interrupted`.
        leaf_status: as the platform judges it, by the tasks that nothing hangs on.
        parameters: the text of each.
        revision: the commit of the code.
        started: ISO 8601, in UTC.
        folder: where its outputs lie.
        result: the first parts of what the body returns.
        more_results: how many parts are left out.
        critical_path: the keys of the chain of tasks that took longest.
        cut: what was left out so that the page stays small.
    """

    job: str
    run_id: str
    status: str
    leaf_status: str
    started: str
    seconds: float
    tasks: tuple[TaskView, ...]
    description: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    revision: str = ""
    target: str = ""
    folder: str = ""
    result: tuple[ResultView, ...] = ()
    more_results: int = 0
    critical_path: tuple[str, ...] = ()
    critical_seconds: float = 0.0
    cut: str = ""


def to_json(value: object) -> object:
    """A view as JSON types; fields that say nothing new are left out, as a run may have a thousand tasks.

    >>> to_json(ErrorView(type="ValueError", message="no flights"))
    {'type': 'ValueError', 'message': 'no flights'}
    """
    if isinstance(value, tuple):
        return [to_json(part) for part in value]
    if isinstance(value, float):
        return round(value, 6)
    if value is None or isinstance(value, (str, int)):
        return value
    kind: Any = type(value)
    named = ((name, getattr(value, name), default) for name, default in _fields(kind))
    return {name: to_json(part) for name, part, default in named if part != default}


@cache
def _fields(kind: type) -> tuple[tuple[str, object], ...]:
    """Names and defaults of the fields of a view; asked for each value, they would be half of the work."""
    return tuple((each.name, each.default) for each in fields(kind))
