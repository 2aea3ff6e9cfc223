"""Where each argument of a task comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final, TypeAlias

from lakewright.model.values import canonical, decode, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lakewright.model.values import Load

MAX_CONSTANT_BYTES: Final = 2048


@dataclass(frozen=True, slots=True)
class Constant:
    """A value known when the job is compiled, as canonical JSON of the typed codec."""

    encoded: str

    @classmethod
    def of(cls, value: object) -> Constant:
        """The constant for a value.

        Raises:
            UnencodableError: the value is of a type that cannot be recorded.
        """
        return cls(canonical(encode(value)))

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
        kind: `list`, `tuple`, `dict` or `object`.
        items: names (indices as text for list and tuple) and bindings, in order.
        type: for `object`, the reference of the dataclass or NamedTuple.
    """

    kind: str
    items: tuple[tuple[str, Binding], ...]
    type: str = ""


Binding: TypeAlias = Constant | ParameterValue | Output | Container


@dataclass(frozen=True, slots=True)
class Argument:
    """A binding and the parameter of the task's function that it arrives at.

    Attributes:
        kind: `keyword`, `positional`, or `star` (`*args`) and `double_star` (`**kwargs`), which are spread.
    """

    name: str
    binding: Binding
    kind: str = "keyword"


def leaves(binding: Binding) -> Iterator[Constant | ParameterValue | Output]:
    """The parts of a binding that are no containers, in order."""
    pending: list[Binding] = [binding]
    while pending:
        current = pending.pop()
        if isinstance(current, Container):
            pending.extend(item for _, item in reversed(current.items))
        else:
            yield current


def fill(binding: Binding, leaf: Callable[[Constant | ParameterValue | Output], object], load: Load) -> object:
    """The value of a binding, given the values of its leaves.

    >>> fill(Container("list", (("0", Constant("1")), ("1", Output("a")))), lambda leaf: "x", load=str)
    ['x', 'x']
    """
    if not isinstance(binding, Container):
        return leaf(binding)
    parts = {name: fill(item, leaf, load) for name, item in binding.items}
    if binding.kind == "list":
        return list(parts.values())
    if binding.kind == "tuple":
        return tuple(parts.values())
    return load(binding.type)(**parts) if binding.kind == "object" else parts  # type: ignore[operator]  # a class


def to_json(binding: Binding) -> object:
    """A binding as JSON; `from_json` reads it."""
    if isinstance(binding, Constant):
        return {"constant": json.loads(binding.encoded)}
    if isinstance(binding, ParameterValue):
        return {"parameter": binding.name}
    if isinstance(binding, Output):
        return {"output": binding.task, "path": list(binding.path)} if binding.path else {"output": binding.task}
    items = [[name, to_json(item)] for name, item in binding.items]
    return {binding.kind: items, "type": binding.type} if binding.type else {binding.kind: items}


def from_json(content: Mapping[str, object]) -> Binding:
    """The binding that `to_json` wrote.

    >>> from_json(to_json(Output("split", (0,))))
    Output(task='split', path=(0,))
    """
    if "constant" in content:
        return Constant(canonical(content["constant"]))
    if "parameter" in content:
        return ParameterValue(str(content["parameter"]))
    if "output" in content:
        return Output(str(content["output"]), tuple(content.get("path", ())))  # type: ignore[arg-type]  # as written
    kind = next(key for key in content if key != "type")
    items = tuple((name, from_json(item)) for name, item in content[kind])  # type: ignore[attr-defined]  # as written
    return Container(kind, items, str(content.get("type", "")))
