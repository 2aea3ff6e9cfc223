"""A view that fits: logs and samples are shortened, least telling first, until the page is small."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Final

from lakewright.execution.report.view import RunView, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.execution.report.view import AttemptView, OutputView, TaskView

# With scripts, styles and Graphviz the page stays below two megabytes.
LIMIT: Final = 1_200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How much is kept.

    Attributes:
        failed: characters of a failed attempt's log, and of its traceback.
        other: characters of any other log.
        rows: first rows of an output.
        cells: characters of a cell.
        columns: columns of a sample and of a schema.
    """

    failed: int
    other: int
    rows: int
    cells: int = 120
    columns: int = 60


LEVELS: Final = (
    Level(failed=100_000, other=50_000, rows=10),
    Level(failed=30_000, other=6_000, rows=10),
    Level(failed=12_000, other=1_500, rows=5, cells=80, columns=30),
    Level(failed=4_000, other=400, rows=3, cells=40, columns=12),
    Level(failed=1_000, other=0, rows=0, columns=0),
    Level(failed=200, other=0, rows=0, columns=0),
)


def trim(run: RunView, limit: int = LIMIT) -> RunView:
    """The run with as much of its logs and samples as fits into `limit` characters of JSON."""
    whole = _at(run, LEVELS[0])
    # Making JSON of a large run takes longer than all else: from here on, what is left out is counted.
    size, text = _size(whole), _text(whole)
    shorter = whole
    for level in LEVELS[1:]:
        if size - (text - _text(shorter)) <= limit:
            break
        shorter = _at(run, level)
    return shorter


def _text(run: RunView) -> int:
    """The characters that can be left out."""
    attempts = [attempt for task in run.tasks for attempt in task.attempts]
    errors = [attempt.error for attempt in attempts if attempt.error]
    outputs = [task.output for task in run.tasks if task.output] + [part.output for part in run.result if part.output]
    return (
        sum(len(attempt.log) for attempt in attempts)
        + sum(len(error.message) + len(error.traceback) for error in errors)
        + sum(map(_text_of, outputs))
    )


def _text_of(output: OutputView) -> int:
    cells = [cell for row in output.sample.rows for cell in row if cell] if output.sample else []
    schema = sum(len(name) + len(kind) for name, kind in output.schema)
    return sum(map(len, cells)) + schema + len(output.text) + sum(_text_of(part.output) for part in output.parts)


def _at(run: RunView, level: Level) -> RunView:
    cut = run.cut if level is LEVELS[0] else "Logs and samples are shortened: the run is large."
    return replace(
        run,
        tasks=tuple(_task(task, level) for task in run.tasks),
        result=tuple(replace(each, output=_output(each.output, level)) for each in run.result),
        cut=cut,
    )


def _size(run: RunView) -> int:
    return len(json.dumps(to_json(run), ensure_ascii=False, separators=(",", ":")))


def _task(task: TaskView, level: Level) -> TaskView:
    return replace(
        task,
        attempts=tuple(_attempt(attempt, level) for attempt in task.attempts),
        output=_output(task.output, level),
    )


def _attempt(attempt: AttemptView, level: Level) -> AttemptView:
    room = level.failed if attempt.error else level.other
    log, cut = tail(attempt.log, room)
    error = attempt.error
    if error:
        message, _ = head(error.message, level.failed)
        traceback, _ = tail(error.traceback, level.failed)
        error = replace(error, message=message, traceback=traceback)
    return replace(attempt, log=log, cut=attempt.cut + cut, error=error)


def _output(output: OutputView | None, level: Level) -> OutputView | None:
    return output and _shorter(output, level)


def _shorter(output: OutputView, level: Level) -> OutputView:
    sample = output.sample
    if sample:
        rows = tuple(tuple(_cell(cell, level) for cell in row[: level.columns]) for row in sample.rows[: level.rows])
        sample = replace(sample, columns=sample.columns[: level.columns], rows=rows) if level.rows else None
    text, _ = head(output.text, level.failed)
    parts = tuple(replace(part, output=_shorter(part.output, level)) for part in output.parts) if level.rows else ()
    return replace(output, sample=sample, schema=output.schema[: level.columns], text=text, parts=parts)


def _cell(cell: str | None, level: Level) -> str | None:
    return None if cell is None else head(cell, level.cells)[0]


def head(text: str, room: int) -> tuple[str, int]:
    """The beginning of a text, and how many characters are left out.

    >>> head("abcdef", 3), head("abc", 3)
    (('abc…', 3), ('abc', 0))
    """
    return (text, 0) if len(text) <= room else (f"{text[:room]}…", len(text) - room)


def tail(text: str, room: int) -> tuple[str, int]:
    r"""The last whole lines of a text, and how many characters are left out.

    >>> tail("one\ntwo\nthree\n", 10)
    ('two\nthree\n', 4)
    """
    if len(text) <= room:
        return text, 0
    kept = text[len(text) - room :]
    whole_lines = kept if text[len(text) - room - 1] == "\n" else kept.partition("\n")[2] or kept
    return whole_lines, len(text) - len(whole_lines)
