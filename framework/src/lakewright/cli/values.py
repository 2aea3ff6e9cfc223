"""A job's value on a terminal: frames as tables, everything else as Python shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeGuard

from rich.pretty import Pretty
from rich.text import Text

from lakewright.cli.tables import Column, fitting, table_of
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

_MAX_ROWS: Final = 40
_MAX_COLUMNS: Final = 12
_MAX_DECIMALS: Final = 3


class Frame(Protocol):
    """What a frame must have to be shown as a table; polars' does."""

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""

    @property
    def height(self) -> int:
        """Number of rows."""

    def head(self, n: int) -> Frame:
        """The first rows."""

    def iter_rows(self) -> Iterator[tuple[object, ...]]:
        """The rows, as tuples."""


def render_value(value: object, *, name: str, width: int) -> Iterator[RenderableType]:
    """What to print for a value; containers of frames give a table each.

    Args:
        value: of a job or a task.
        name: what it is called.
        width: of the terminal.
    """
    for title, part in _parts(value, name).items():
        if part is None:
            continue
        yield Text(title, style="bold")
        if _is_frame(part):
            shown = fitting(_columns(part), width)
            yield table_of(shown)
            yield Text(_what_is_hidden(part, columns=len(shown)), style="dim", end="\n")
        else:
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


def _is_frame(value: object) -> TypeGuard[Frame]:
    return all(hasattr(value, part) for part in ("columns", "height", "head", "iter_rows"))


def _what_is_hidden(frame: Frame, *, columns: int) -> str:
    more_columns = len(frame.columns) - columns
    notes = [f"{plural(frame.height, 'row')}, the first {_MAX_ROWS} shown"] if frame.height > _MAX_ROWS else []
    notes += [plural(more_columns, "more column")] if more_columns > 0 else []
    return ", ".join(notes)


def _columns(frame: Frame) -> list[Column]:
    rows = [row[:_MAX_COLUMNS] for row in frame.head(_MAX_ROWS).iter_rows()]
    return [_column(name, [row[index] for row in rows]) for index, name in enumerate(frame.columns[:_MAX_COLUMNS])]


def _column(name: str, values: Sequence[object]) -> Column:
    """A column as text, floats with the decimals that they need."""
    floats = [value for value in values if isinstance(value, float)]
    decimals = max((len(f"{value:.{_MAX_DECIMALS}f}".rstrip("0").partition(".")[2]) for value in floats), default=0)
    numeric = all(value is None or isinstance(value, (int, float)) for value in values)
    return Column(name, tuple(_cell(value, decimals) for value in values), numeric)


def _cell(value: object, decimals: int) -> Text:
    if value is None:
        return Text("null", style="dim")
    if isinstance(value, float):
        return Text(f"{value:,.{decimals}f}")
    return Text(f"{value:,}" if type(value) is int else " ".join(str(value).splitlines()))
