"""The first rows of an output, without reading the rest of it."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from typing import Final

from lakewright.execution.report.view import FileView, OutputView, PartView, SampleView
from lakewright.io import formats
from lakewright.model.containers import subscript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    from lakewright.model.record import CommitRecord, Stored

ROWS: Final = 10
PARTS: Final = 8
_LAZY: Final = "polars.LazyFrame"


def output_view(record: CommitRecord, *, root: str = "", samples: bool = True) -> OutputView | None:
    """What a task gave; None when it returned None.

    Args:
        record: its commit record.
        root: paths of files below it are shown relative to it.
        samples: whether files are read for their first rows.
    """
    stored = record.stored
    if stored is None:
        return None
    files = tuple(FileView(path=file.path.removeprefix(f"{root}/"), size=file.size) for file in stored.all_files)
    return replace(stored_view(stored, samples=samples), files=files)


def stored_view(stored: Stored, *, samples: bool = True) -> OutputView:
    """What a value or a container of values is, without its files."""
    kind = stored.kind.removeprefix("builtins.") or stored.format
    if stored.format == "json":
        return value_view(stored.value, kind=kind)
    parts = list(_parts(stored)) if stored.parts else []
    return OutputView(
        kind=kind,
        rows=stored.total_rows,
        schema=stored.schema,
        sample=_frame(stored) if samples else None,
        parts=tuple(PartView(place=place, output=stored_view(part, samples=samples)) for place, part in parts[:PARTS]),
        more_parts=max(0, len(parts) - PARTS),
    )


def value_view(value: object, *, kind: str = "") -> OutputView:
    """What a JSON value is."""
    if not isinstance(value, list):
        return OutputView(kind=kind, text=_text(value) or "")
    sample = _records(value)
    return OutputView(kind=kind, rows=len(value), sample=sample, text="" if sample else _text(value) or "")


def _parts(stored: Stored, place: str = "") -> Iterable[tuple[str, Stored]]:
    """What a container holds, also inside containers of its own, each with its place."""
    if not stored.parts:
        yield place, stored
    for name, part in stored.parts:
        yield from _parts(part, place + subscript(stored.format, name))


def _frame(stored: Stored) -> SampleView | None:
    """The head of a frame that was kept as files, if they are still there and can be read."""
    row = formats.frame_type(stored.kind)
    if row is None or not stored.files:
        return None
    try:
        lazy: pl.LazyFrame = formats.engine(row).read(stored, _LAZY)  # type: ignore[assignment]  # the kind asked for
        frame = lazy.head(ROWS).collect()
    except Exception:  # noqa: BLE001  a report shows what it can: a file that is gone or torn is no failure of the run
        return None
    return SampleView(columns=tuple(frame.columns), rows=tuple(_row(row) for row in frame.iter_rows()))


def _records(value: Sequence[object]) -> SampleView | None:
    """A list of plain values or of objects with equal keys as a table."""
    first = list(islice(value, ROWS))
    if not first:
        return None
    objects = [each for each in first if isinstance(each, dict)]
    if len(objects) < len(first):
        return SampleView(columns=("value",), rows=tuple(_row((each,)) for each in first))
    columns = list(dict.fromkeys(str(key) for each in objects for key in each))
    return SampleView(columns=tuple(columns), rows=tuple(_row(_named(each, columns)) for each in objects))


def _named(each: Mapping[str, object], columns: Iterable[str]) -> Iterable[object]:
    return (each.get(column) for column in columns)


def _row(cells: Iterable[object]) -> tuple[str | None, ...]:
    return tuple(_text(cell) for cell in cells)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (bool, dict, list)) else str(value)
