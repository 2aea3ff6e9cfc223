"""Where a reader stands, as call sites know it from frames of Python.

A call is told from others by where it stands, and errors show their line. Both come from frames; a body that is read
has none, so its reader keeps frames of its own: of each, as much as `authoring.callsite` asks for.
"""

from __future__ import annotations

from opcode import opmap
from typing import Final, NamedTuple, cast

from lakewright.errors.authoring import StaticAnalysisError
from lakewright.errors.base import Location
from lakewright.loading.source import shown_path, span_location

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from types import FrameType

    from lakewright.authoring.static.scope import Scope

_UNIT: Final = 2
# Of one line; each has a number that can be told before its line is read.
_MOST_PLACES: Final = 64


class Place(NamedTuple):
    """Something that is done at a place of the source.

    Attributes:
        unpacks: whether a value is taken apart there.
    """

    node: ast.expr | ast.stmt
    unpacks: bool = False


class Source(NamedTuple):
    """The source of a function.

    Attributes:
        node: its definition.
        file: that it stands in.
    """

    node: ast.FunctionDef | ast.Lambda
    file: str


class ReadCode:
    """The code of a function that is read: an instruction for each place at which something is done."""

    def __init__(self, file: str, name: str, lines: range) -> None:
        self.co_filename = file
        self.co_name = name.rpartition(".")[2]
        self.co_qualname = name
        self.co_firstlineno = lines.start
        self._lines = lines
        self._numbers: dict[Place, int] = {}
        self._places: dict[int, Place] = {}
        self._counts: dict[int, int] = {}

    def number(self, place: Place) -> int:
        """The offset of the instruction that stands for a place.

        Raises:
            StaticAnalysisError: its line holds too many.
        """
        if place not in self._numbers:
            line = place.node.lineno
            count = self._counts.get(line, 0)
            if count == _MOST_PLACES:
                message = f"more than {_MOST_PLACES} calls stand on one line"
                raise StaticAnalysisError(message, location=Location(shown_path(self.co_filename), line))
            self._counts[line] = count + 1
            number = self._numbers[place] = (line - self._lines.start) * _MOST_PLACES + count
            self._places[number] = place
        return self._numbers[place] * _UNIT

    def location(self, offset: int) -> Location:
        """The place of the source that an instruction stands for; its last column only if it is on one line."""
        return node_location(self.co_filename, self._places[offset // _UNIT].node)

    @property
    def co_code(self) -> _Operations:
        """Which instructions take a value apart."""
        return _Operations(self._places)


class _Operations:
    """The operation of each instruction, as far as anybody asks."""

    def __init__(self, places: dict[int, Place]) -> None:
        self._places = places

    def __getitem__(self, offset: int) -> int:
        return opmap["UNPACK_SEQUENCE" if self._places[offset // _UNIT].unpacks else "NOP"]


def node_location(file: str, node: ast.expr | ast.stmt) -> Location:
    """The place of an expression or a statement."""
    return span_location(file, (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset))


class ReadFrame:
    """A call of a function that is read.

    Attributes:
        scope: its names.
        place: what is read at present.
    """

    def __init__(self, code: ReadCode, scope: Scope, *, back: ReadFrame | None, place: Place) -> None:
        self.f_code = code
        self.f_back = back
        self.scope = scope
        self.place = place

    @property
    def f_lineno(self) -> int:
        """The line of what is read."""
        return self.place.node.lineno

    @property
    def f_lasti(self) -> int:
        """The offset of the instruction that stands for what is read."""
        return self.f_code.number(self.place)

    @property
    def f_locals(self) -> dict[str, object]:
        """The names that have a value."""
        return self.scope.values

    @property
    def location(self) -> Location:
        """What is read, with its columns if it is on one line."""
        return self.f_code.location(self.f_lasti)

    def as_frame(self) -> FrameType:
        """The same for whoever takes frames."""
        return cast("FrameType", self)
