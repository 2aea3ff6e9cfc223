"""What ties a task to others: what it takes from them, and what it waits for."""

from __future__ import annotations

from dataclasses import replace

from lakewright.model import binding as bindings
from lakewright.model.binding import Constant, Each, Item, Output, ParameterValue
from lakewright.model.edge import Edge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lakewright.model.binding import Argument, Leaf
    from lakewright.model.storage import StorageValue
    from lakewright.model.task import Task


def storages(task: Task) -> tuple[StorageValue, ...]:
    """The storages that a task is given, each once for each thing that it does with it."""
    from lakewright.model.storage import StorageValue

    leaves = (leaf for argument in task.arguments for leaf in bindings.leaves(argument.binding))
    return tuple(dict.fromkeys(leaf for leaf in leaves if isinstance(leaf, StorageValue)))


def upstreams(task: Task) -> tuple[str, ...]:
    """The tasks that a task waits for, each once, in the order in which its call names them."""
    found: list[str] = []
    for argument in task.arguments:
        # Nearly all arguments are plain: a call for each would be half of the time that a DAG takes.
        if type(argument.binding) is Output:
            found.append(argument.binding.task)
        elif type(argument.binding) is not Constant:
            found.extend(_outputs(argument))
    found.extend(task.after)
    found.extend(_lists(task))
    if task.when or task.gated:
        found = [key for key in (*found, *(when.task for when in task.when)) if key not in task.gated]
    return tuple(dict.fromkeys(found) if found[1:] else found)


def _lists(task: Task) -> Iterable[str]:
    """The producers of the lists that a task is repeated for, or whose elements tell how much it gathers."""
    gathered = bindings.lists_of(task.arguments)
    return gathered if task.loop is None else [task.loop.over.task, *gathered]


def edges(task: Task) -> Iterator[Edge]:
    """What leads to a task, and the argument that it arrives at; an edge may come twice."""
    for argument in task.arguments:
        for upstream in _outputs(argument):
            yield Edge(upstream=upstream, downstream=task.key, argument=argument.name)
    for key in task.after:
        yield Edge(upstream=key, downstream=task.key)
    for when in task.when:
        yield Edge(upstream=when.task, downstream=task.key, outcome=when.outcome)
    if task.loop and not any(isinstance(leaf, (Item, Each)) for leaf in _leaves(task)):
        # Else what it takes of the loop leads to the list, and says more.
        yield Edge(upstream=task.loop.over.task, downstream=task.key)


def _leaves(task: Task) -> Iterator[Leaf]:
    return (leaf for argument in task.arguments for leaf in bindings.leaves(argument.binding))


def _outputs(argument: Argument) -> Iterable[str]:
    """The tasks whose outputs an argument takes."""
    # Nearly all arguments are plain: walking a generator for each would be half of the time that a DAG takes.
    binding = argument.binding
    if isinstance(binding, Output):
        return (binding.task,)
    if isinstance(binding, (Constant, ParameterValue)):
        return ()
    return [upstream for leaf in bindings.leaves(binding) if (upstream := bindings.upstream_of(leaf)) is not None]


def without_others(task: Task, kept: set[str]) -> Task:
    """The task without what comes from tasks that are not kept."""
    arguments = tuple(argument for argument in task.arguments if kept.issuperset(_outputs(argument)))
    loop = task.loop if task.loop and task.loop.over.task in kept else None
    after = tuple(key for key in task.after if key in kept)
    when = tuple(each for each in task.when if each.task in kept)
    return replace(task, arguments=arguments, after=after, loop=loop, when=when)
