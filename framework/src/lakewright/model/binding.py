"""Where each argument of a task comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

from lakewright.model.containers import Kind, Parts, rebuild
from lakewright.model.values import decode, encode, to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lakewright.model.storage import StorageValue
    from lakewright.model.values import Load

MAX_CONSTANT_BYTES: Final = 2048


@dataclass(frozen=True, slots=True)
class Constant:
    """A value known when the job is compiled, as JSON of the typed codec."""

    encoded: str

    @classmethod
    def of(cls, value: object) -> Constant:
        """The constant for a value.

        Raises:
            UnencodableError: the value is of a type that cannot be recorded.
        """
        return cls(to_text(encode(value)))

    def value(self, load: Load) -> object:
        """The Python value, fresh on each call."""
        return decode(json.loads(self.encoded), load)


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """The value of a job parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Output:
    """The output of a task, or the part of it that `path` selects."""

    task: str
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Container:
    """A list, tuple, dict or object whose parts come from several places.

    Attributes:
        items: names (indices as text for list and tuple) and bindings, in order.
        type: for `object`, the reference of the dataclass or NamedTuple.
    """

    kind: Kind
    items: tuple[tuple[str, Binding], ...]
    type: str = ""


# As text: a worker imports what a storage is only if its task takes one.
Leaf: TypeAlias = "Constant | ParameterValue | Output | StorageValue"
Binding: TypeAlias = "Leaf | Container"
Arrival: TypeAlias = Literal["keyword", "positional", "star", "double_star"]


# A named tuple: each call of a task makes one, and a frozen dataclass takes twice as long.
class Argument(NamedTuple):
    """A binding and the parameter of the task's function that it arrives at.

    Attributes:
        kind: how it is passed; `star` (`*args`) and `double_star` (`**kwargs`) are spread.
    """

    name: str
    binding: Binding
    kind: Arrival = "keyword"


def leaves(binding: Binding) -> Iterator[Leaf]:
    """The parts of a binding that are no containers, in order."""
    pending: list[Binding] = [binding]
    while pending:
        current = pending.pop()
        if isinstance(current, Container):
            pending.extend(item for _, item in reversed(current.items))
        else:
            yield current


def fill(binding: Binding, leaf: Callable[[Leaf], object], load: Load) -> object:
    """The value of a binding, given the values of its leaves.

    >>> fill(Container("list", (("0", Constant("1")), ("1", Output("a")))), lambda leaf: "x", load=str)
    ['x', 'x']
    """
    if not isinstance(binding, Container):
        return leaf(binding)
    parts = {name: fill(item, leaf, load) for name, item in binding.items}
    return rebuild(Parts(binding.kind, parts, binding.type), load)


def to_json(binding: Binding) -> dict[str, object]:
    """A binding as JSON; `from_json` reads it."""
    if isinstance(binding, Constant):
        return {"constant": json.loads(binding.encoded)}
    if isinstance(binding, ParameterValue):
        return {"parameter": binding.name}
    if isinstance(binding, Output):
        return {"output": binding.task, "path": list(binding.path)} if binding.path else {"output": binding.task}
    if not isinstance(binding, Container):
        return _storage_json(binding)
    items = [[name, to_json(item)] for name, item in binding.items]
    return {binding.kind: items, "type": binding.type} if binding.type else {binding.kind: items}


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
    if "constant" in content:
        return Constant(to_text(content["constant"]))
    if "parameter" in content:
        return ParameterValue(content["parameter"])
    if "output" in content:
        return Output(content["output"], tuple(content.get("path", ())))
    if "storage" in content:
        from lakewright.model.storage import Storage, StorageValue

        storage = Storage(content["storage"], content["format"], content.get("options", {}))
        return StorageValue(storage, content["access"])
    for kind in get_args(Kind):
        if kind in content:
            items = tuple((name, from_json(item)) for name, item in content[kind])
            return Container(kind, items, content.get("type", ""))
    message = f"{content!r} is no binding"
    raise ValueError(message)
