"""Where an argument of a task comes from, as words."""

from __future__ import annotations

from typing import NamedTuple

from lakewright.model import binding as bindings
from lakewright.model.binding import Constant, Each, Item, Output, ParameterValue, Results

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.model.binding import Argument, Leaf


class Source(NamedTuple):
    """An upstream task and the part of its output that is taken, or what `text` says."""

    upstream: str
    text: str


def sources(argument: Argument, parameters: Mapping[str, str]) -> tuple[Source, ...]:
    """The outputs that an argument takes, each once; or, if it takes none, its value.

    Args:
        argument: of a task.
        parameters: the text of the job parameters, as far as it is known.

    >>> from lakewright.model.binding import Argument, ParameterValue
    >>> sources(Argument("rows", Output("split", (0,))), {})
    (Source(upstream='split', text='[0]'),)
    >>> sources(Argument("month", ParameterValue("month")), {"month": "2"})
    (Source(upstream='', text='2 (parameter month)'),)
    """
    found = [source(leaf, parameters) for leaf in bindings.leaves(argument.binding)]
    outputs = tuple(dict.fromkeys(each for each in found if each.upstream))
    return outputs or (Source("", ", ".join(each.text for each in found)),)


def source(leaf: Leaf, parameters: Mapping[str, str]) -> Source:
    """Where a binding that is no container comes from."""
    if isinstance(leaf, Output):
        return Source(leaf.task, _way(leaf.path))
    if isinstance(leaf, Item):
        return Source(leaf.task, f"{_way(leaf.path)}[each]{_way(leaf.part)}")
    if isinstance(leaf, Each):
        return Source(leaf.task, f"[each]{_way(leaf.path)}")
    if isinstance(leaf, ParameterValue):
        return Source("", f"{parameters.get(leaf.name, '')} (parameter {leaf.name})".strip())
    if isinstance(leaf, Results):
        return Source("", "the results of all tasks upstream")
    return Source("", leaf.encoded if isinstance(leaf, Constant) else leaf.storage.uri)


def _way(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{step!r}]" for step in path)
