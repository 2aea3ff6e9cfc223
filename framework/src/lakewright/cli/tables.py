"""Tables that fit a terminal: a row is one line, numbers are whole, and what has no room is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import JustifyMethod

_GAP: Final = 2
# What a text or a word of a heading may be shortened to.
_LEAST: Final = 16


class Column(NamedTuple):
    """A column: its heading and its cells."""

    name: str
    cells: tuple[Text, ...]
    is_numeric: bool

    @property
    def widest(self) -> int:
        """The width of its widest cell."""
        return max((cell_len(cell.plain) for cell in self.cells), default=0)

    @property
    def natural(self) -> int:
        """The width at which nothing of it is broken or shortened."""
        return max(cell_len(self.name), self.widest)

    @property
    def least(self) -> int:
        """The width that it needs: the heading may be broken at `_`, text may be shortened."""
        word = min(max(map(cell_len, _words(self.name))), _LEAST)
        return max(word, self.widest if self.is_numeric else min(self.widest, _LEAST))


def fitting(columns: Sequence[Column], room: int) -> tuple[tuple[Column, int], ...]:
    """The columns that have room, from the first on, each with its width; texts get what is left before headings.

    >>> columns = [Column("group", (Text("AirTran Airways"),), False), Column("mean_delay", (Text("2.0"),), True)]
    >>> [(column.name, width) for column, width in fitting(columns, 26)]
    [('group', 15), ('mean_delay', 7)]
    >>> [column.name for column, _ in fitting(columns, 20)]
    ['group']
    """
    shown = list(columns)
    while shown[1:] and sum(each.least + _GAP for each in shown) > room:
        shown.pop()
    widths = [each.least for each in shown]
    spare = max(0, room - sum(widths) - _GAP * len(shown))
    for index, each in sorted(enumerate(shown), key=lambda numbered: numbered[1].is_numeric):
        more = min(spare, each.natural - widths[index])
        widths[index] += more
        spare -= more
    return tuple(zip(shown, widths, strict=True))


def table_of(columns: Sequence[tuple[Column, int]]) -> Table:
    """A table of columns with their widths."""
    table = Table(box=None, header_style="cyan", padding=(0, _GAP, 0, 0))
    for column, width in columns:
        justify: JustifyMethod = "right" if column.is_numeric else "left"
        heading = Text("\n".join(_lines(column.name, width)))
        table.add_column(heading, justify=justify, width=width, no_wrap=True, overflow="ellipsis", vertical="bottom")
    for row in zip(*(column.cells for column, _ in columns), strict=True):
        table.add_row(*row)
    return table


def _words(name: str) -> list[str]:
    """The parts of a heading between which a line may end."""
    first, *others = name.split("_")
    words = [first]
    for word in others:
        words[-1] += "_"
        words.append(word)
    return words


def _lines(name: str, width: int) -> Iterator[str]:
    line = ""
    for word in _words(name):
        if line and cell_len(line + word) > width:
            yield line
            line = ""
        line += word
    yield line
