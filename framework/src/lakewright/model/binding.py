"""Where each argument of a task comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias

from lakewright.model.containers import Kind, Parts, rebuild
from lakewright.model.values import decode, encode, to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
class Item:
    """In a task that is repeated for each element of a list: this element, or the part of it that `part` selects.

    Attributes:
        task: the producer of the list.
        path: the way from its output to the list.
    """

    task: str
    path: tuple[str | int, ...] = ()
    part: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Each:
    """In a task that is repeated for each element of a list: what another such task gave for the same element."""

    task: str
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Gather:
    """Inside of a list or tuple: the same bindings once for each element of another list, in its order.

    Attributes:
        over: the list that tells how often.
        items: what comes for each element; `Item` and `Each` in it are those of that element.
    """

    over: Output
    items: tuple[Binding, ...]


class Side(NamedTuple):
    """One way in which a value may come about.

    Attributes:
        markers: outputs that are there if it came about so, and not in the way of a side before; none for what is left.
    """

    markers: tuple[str, ...]
    binding: Binding


@dataclass(frozen=True, slots=True)
class Join:
    """Behind branches: the first side whose markers are there.

    Attributes:
        is_latest: no run goes two of the ways, so of several sides the one that was made last: a repair has gone
            another way than the attempt before.
    """

    sides: tuple[Side, ...]
    is_latest: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """The outputs of tasks upstream, near and far, by their keys: of those that succeeded.

    Attributes:
        tasks: their keys; None for all that the DAG has, which only an invocation need list.
        given: values by name that are there from the start.
    """

    tasks: tuple[str, ...] | None = None
    given: tuple[tuple[str, Constant], ...] = ()


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
Leaf: TypeAlias = "Constant | ParameterValue | Output | Item | Each | Results | StorageValue"
Binding: TypeAlias = "Leaf | Container | Gather | Join"
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
    """The parts of a binding that are no containers, in order; of what is gathered those of one element."""
    pending: list[Binding] = [binding]
    while pending:
        current = pending.pop()
        if isinstance(current, Container):
            pending.extend(item for _, item in reversed(current.items))
        elif isinstance(current, Gather):
            pending.extend(reversed(current.items))
        elif isinstance(current, Join):
            pending.extend(side.binding for side in reversed(current.sides))
        else:
            yield current


def gathers(binding: Binding) -> Iterator[Gather]:
    """All that is gathered anywhere in a binding."""
    pending: list[Binding] = [binding]
    while pending:
        current = pending.pop()
        if isinstance(current, Gather):
            yield current
            pending.extend(current.items)
        elif isinstance(current, Join):
            pending.extend(side.binding for side in current.sides)
        elif isinstance(current, Container):
            pending.extend(item for _, item in current.items)


def lists_of(arguments: Iterable[Argument]) -> list[str]:
    """The tasks whose lists tell how much some arguments gather."""
    found: list[str] = []
    for argument in arguments:
        # Only containers gather; walking a generator for every argument would be half of the time that a DAG takes.
        if isinstance(argument.binding, (Container, Join)):
            found.extend(gather.over.task for gather in gathers(argument.binding))
    return found


def upstream_of(leaf: Leaf) -> str | None:
    """The task whose output a leaf takes; None for one that takes none."""
    return leaf.task if isinstance(leaf, (Output, Item, Each)) else None


class Values(Protocol):
    """What the leaves of a binding stand for."""

    def value(self, leaf: Leaf) -> object:
        """The value of a leaf."""

    def for_each(self, gather: Gather) -> Iterable[Values]:
        """The same for each element of the list that is gathered over."""

    def taken(self, join: Join) -> Binding:
        """The side whose tasks have run."""


def fill(binding: Binding, values: Values, load: Load) -> object:
    """The value of a binding, given the values of its leaves."""
    if isinstance(binding, Container):
        return rebuild(Parts(binding.kind, dict(_filled(binding, values, load)), binding.type), load)
    if isinstance(binding, Join):
        return fill(values.taken(binding), values, load)
    if isinstance(binding, Gather):
        return [fill(item, each, load) for each in values.for_each(binding) for item in binding.items]
    return values.value(binding)


def _filled(container: Container, values: Values, load: Load) -> Iterator[tuple[str, object]]:
    for name, item in container.items:
        filled = fill(item, values, load)
        if isinstance(item, Gather) and isinstance(filled, list):
            yield from ((f"{name}.{number}", each) for number, each in enumerate(filled))
        else:
            yield name, filled
