"""What the body of a job returned, part by part."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lakewright.diagrams.arguments import source
from lakewright.errors.running import OutputError
from lakewright.execution.report.preview import stored_view, value_view
from lakewright.execution.report.view import ResultView
from lakewright.io.stored import inside, select
from lakewright.model.binding import Container, Each, Gather, Item, Join, Output
from lakewright.model.containers import subscript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lakewright.execution.report.view import OutputView
    from lakewright.model.binding import Binding, Leaf
    from lakewright.model.record import Stored

    StoredOf = Callable[[str], Stored | None]

MOST: Final = 12


def result_views(
    result: Binding | None, stored_of: StoredOf, parameters: Mapping[str, str]
) -> tuple[tuple[ResultView, ...], int]:
    """The first parts of what the body returned, and how many there are besides.

    Args:
        result: what the body returns; None if it returns nothing.
        stored_of: what a task gave, by key.
        parameters: the text of each job parameter.
    """
    leaves = [] if result is None else list(_placed(result))
    views = (replace(_view(leaf, stored_of, parameters), place=place) for place, leaf in leaves[:MOST])
    return tuple(views), max(0, len(leaves) - MOST)


def _placed(binding: Binding, place: str = "") -> Iterable[tuple[str, Leaf]]:
    """The parts of a binding that are no containers, each with its place."""
    if isinstance(binding, (Gather, Join)):
        parts = binding.items if isinstance(binding, Gather) else [side.binding for side in binding.sides]
        for part in parts:
            yield from _placed(part, place)
        return
    if not isinstance(binding, Container):
        yield place, binding
        return
    for name, item in binding.items:
        yield from _placed(item, place + subscript(binding.kind, name))


def _view(leaf: Leaf, stored_of: StoredOf, parameters: Mapping[str, str]) -> ResultView:
    upstream, text = source(leaf, parameters)
    if isinstance(leaf, (Item, Each)):
        return ResultView(upstream=upstream, part=text)
    if not isinstance(leaf, Output):
        return ResultView(text=text)
    output = _part(leaf, stored_of(upstream)) if leaf.path else None
    return ResultView(upstream=upstream, part=text, output=output)


def _part(leaf: Output, stored: Stored | None) -> OutputView | None:
    """The part of an output that was taken; None if there is none, or if only the code that wrote it could tell."""
    if stored is None:
        return None
    try:
        part, rest = select(stored, leaf.path, task=leaf.task)
        return value_view(inside(part.value, rest, task=leaf.task)) if rest else stored_view(part)
    except OutputError:
        return None
