"""Bindings as JSON, for invocations, digests and people."""

from __future__ import annotations

import json
from typing import Any, Final, get_args

from lakewright.model.binding import (
    Constant,
    Container,
    Each,
    Gather,
    Item,
    Join,
    Output,
    ParameterValue,
    Results,
    Side,
)
from lakewright.model.containers import Kind
from lakewright.model.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.model.binding import Binding
    from lakewright.model.storage import StorageValue


def to_json(binding: Binding) -> dict[str, object]:
    """A binding as JSON; `from_json` reads it."""
    if isinstance(binding, Constant):
        return {"constant": json.loads(binding.encoded)}
    if isinstance(binding, ParameterValue):
        return {"parameter": binding.name}
    if isinstance(binding, (Container, Gather, Join)):
        return _many_json(binding)
    if isinstance(binding, (Output, Item, Each)):
        return _way_json(binding)
    return _results_json(binding) if isinstance(binding, Results) else _storage_json(binding)


def _many_json(binding: Container | Gather | Join) -> dict[str, object]:
    """A binding of several others."""
    if isinstance(binding, Join):
        sides = [[list(side.markers), to_json(side.binding)] for side in binding.sides]
        return {"join": sides, "latest": True} if binding.is_latest else {"join": sides}
    if isinstance(binding, Gather):
        return {"gather": [to_json(item) for item in binding.items], "over": to_json(binding.over)}
    items = [[name, to_json(item)] for name, item in binding.items]
    return {binding.kind: items, "type": binding.type} if binding.type else {binding.kind: items}


def _way_json(leaf: Output | Item | Each) -> dict[str, object]:
    """A leaf that takes a part of an output."""
    found: dict[str, object] = {type(leaf).__name__.lower(): leaf.task}
    if leaf.path:
        found["path"] = list(leaf.path)
    if isinstance(leaf, Item) and leaf.part:
        found["part"] = list(leaf.part)
    return found


def _results_json(binding: Results) -> dict[str, object]:
    given = {name: json.loads(constant.encoded) for name, constant in binding.given}
    tasks = None if binding.tasks is None else list(binding.tasks)
    return {"results": tasks, "given": given} if given else {"results": tasks}


def _storage_json(binding: StorageValue) -> dict[str, object]:
    storage = binding.storage
    options = {"options": dict(storage.options)} if storage.options else {}
    return {"storage": storage.uri, "format": storage.format, **options, "access": binding.access}


def from_json(content: Mapping[str, Any]) -> Binding:
    """The binding that `to_json` wrote.

    Raises:
        ValueError: it is of no kind that this release knows.

    >>> from_json(to_json(Output("split", (0,))))
    Output(task='split', path=(0,))
    """
    kind = next(iter(content), "")
    if kind not in _READERS:
        message = f"{content!r} is no binding"
        raise ValueError(message)
    return _READERS[kind](content)


def output_from_json(content: Mapping[str, Any]) -> Output:
    """The output that `to_json` wrote."""
    return Output(content["output"], tuple(content.get("path", ())))


def _container_from(kind: Kind) -> Callable[[Mapping[str, Any]], Container]:
    def read(content: Mapping[str, Any]) -> Container:
        items = tuple((name, from_json(item)) for name, item in content[kind])
        return Container(kind, items, content.get("type", ""))

    return read


def _gather_from(content: Mapping[str, Any]) -> Gather:
    return Gather(output_from_json(content["over"]), tuple(from_json(item) for item in content["gather"]))


def _results_from(content: Mapping[str, Any]) -> Results:
    given = tuple((name, Constant(to_text(value))) for name, value in content.get("given", {}).items())
    return Results(None if content["results"] is None else tuple(content["results"]), given)


def _join_from(content: Mapping[str, Any]) -> Join:
    sides = (Side(tuple(markers), from_json(binding)) for markers, binding in content["join"])
    return Join(tuple(sides), content.get("latest", False))


def _storage_from(content: Mapping[str, Any]) -> StorageValue:
    from lakewright.model.storage import Storage, StorageValue

    storage = Storage(content["storage"], content["format"], content.get("options", {}))
    return StorageValue(storage, content["access"])


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Binding]]] = {
    "constant": lambda content: Constant(to_text(content["constant"])),
    "parameter": lambda content: ParameterValue(content["parameter"]),
    "output": output_from_json,
    "item": lambda content: Item(content["item"], tuple(content.get("path", ())), tuple(content.get("part", ()))),
    "each": lambda content: Each(content["each"], tuple(content.get("path", ()))),
    "results": _results_from,
    "storage": _storage_from,
    "gather": _gather_from,
    "join": _join_from,
    **{kind: _container_from(kind) for kind in get_args(Kind)},
}
