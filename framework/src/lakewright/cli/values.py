"""A job's value on a terminal: frames as tables, everything else as Python shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.pretty import Pretty
from rich.table import Table
from rich.text import Text

from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

_MAX_ROWS: Final = 40
_MAX_COLUMNS: Final = 12


def render_value(value: object, *, name: str) -> Iterator[RenderableType]:
    """What to print for a value; containers of frames give a table each."""
    named = _parts(value, name)
    for title, part in named.items():
        if part is None:
            continue
        if _is_frame(part):
            yield _table(part, title)
        else:
            yield Text(title, style="bold")
            yield Pretty(part, max_length=_MAX_ROWS, max_string=200)
        yield ""


def _parts(value: object, name: str) -> dict[str, object]:
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        value = dict(zip(value._fields, value, strict=True))
    if isinstance(value, dict) and any(_is_frame(part) for part in value.values()):
        return {str(key): part for key, part in value.items()}
    if isinstance(value, (list, tuple)) and any(_is_frame(part) for part in value):
        return {f"{name}[{index}]": part for index, part in enumerate(value)}
    return {name: value}


def _is_frame(value: object) -> bool:
    return all(hasattr(value, part) for part in ("columns", "height", "iter_rows"))


def _table(frame: object, title: str) -> Table:
    columns = frame.columns[:_MAX_COLUMNS]  # type: ignore[attr-defined]  # _is_frame
    height = frame.height  # type: ignore[attr-defined]  # _is_frame
    hidden = len(frame.columns) - len(columns)  # type: ignore[attr-defined]  # _is_frame
    notes = [f"{plural(height, 'row')}, the first {_MAX_ROWS} shown"] if height > _MAX_ROWS else []
    notes += [f"{plural(hidden, 'more column')}"] if hidden else []
    table = Table(
        box=None, title=title, title_justify="left", title_style="bold", header_style="cyan", padding=(0, 2, 0, 0)
    )
    table.caption, table.caption_justify = ", ".join(notes) or None, "left"
    rows = [row[:_MAX_COLUMNS] for row in frame.head(_MAX_ROWS).iter_rows()]  # type: ignore[attr-defined]  # _is_frame
    for index, column in enumerate(columns):
        cells = [row[index] for row in rows]
        numeric = all(cell is None or isinstance(cell, (int, float)) for cell in cells)
        widest = max((len(_cell(cell)) for cell in cells), default=0)
        # Headings and text may break over lines, numbers may not.
        table.add_column(
            str(column),
            justify="right" if numeric else "left",
            min_width=widest if numeric else None,
            overflow="fold",
            vertical="bottom",
        )
    for row in rows:
        table.add_row(*(_cell(cell) for cell in row))
    return table


def _cell(value: object) -> Text:
    if value is None:
        return Text("null", style="dim")
    return Text(f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if type(value) is int else str(value))
