"""What the parts of the reader know of each other."""

from __future__ import annotations

from typing import Any, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Mapping, Sequence

    from lakewright.authoring.static.frames import ReadFrame
    from lakewright.authoring.static.uses import Uses
    from lakewright.errors.authoring import StaticAnalysisError


class Reader(Protocol):
    """Reads one body.

    Attributes:
        top: the frame of what is read at present.
        uses: what was come by.
    """

    top: ReadFrame
    uses: Uses

    def value(self, node: ast.expr) -> Any:  # noqa: ANN401  of any type
        """The value of an expression."""

    def bind(self, target: ast.expr, value: object) -> None:
        """Give a value to a variable, or take it apart into several."""

    def run(self, statements: Sequence[ast.stmt]) -> object:
        """Read statements; None, or how they were left."""

    def call(self, function: object, args: Sequence[object], kwargs: Mapping[str, object]) -> object:
        """What a function gives."""

    def each(self, iterable: object) -> Iterator[object]:
        """The elements of something that a loop goes through."""

    def at(self, node: ast.expr | ast.stmt, *, unpacks: bool = False) -> None:
        """Something is done here."""

    def check_own(self, holder: object) -> None:
        """Raise on a change of what the body has not made."""

    def undecidable(self, what: str) -> StaticAnalysisError:
        """The error for what cannot be told from source, at the place that is read."""
