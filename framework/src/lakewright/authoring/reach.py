"""The user's functions that a body may come to, as far as their names tell."""

from __future__ import annotations

from functools import partial
from types import CellType, FunctionType, MethodType, ModuleType
from typing import Any, Final

from lakewright.authoring.task import TaskFunction
from lakewright.loading.source import is_users

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import CodeType

_DEEPEST: Final = 5
# Of a container: tables of functions are short, data are long.
_MOST_ITEMS: Final = 100


def functions_of(function: Any, *, depth: int = _DEEPEST) -> Iterator[FunctionType]:  # noqa: ANN401  any callable
    """A function and those of the user's own that its code names, and that theirs names in turn."""
    yield from _reached(function, depth, set())


def _reached(function: Any, depth: int, seen: set[int]) -> Iterator[FunctionType]:  # noqa: ANN401  any callable
    if not isinstance(function, FunctionType) or id(function) in seen or not is_users(function.__code__.co_filename):
        return
    seen.add(id(function))
    yield function
    if depth:
        for named in _named(function.__code__, names_of(function)):
            yield from _reached(named, depth - 1, seen)


def calls_tasks(function: FunctionType) -> bool:
    """Whether a function names a task: what it gives may be known only when the job runs."""
    return any(isinstance(each, TaskFunction) for each in _named(function.__code__, names_of(function)))


def names_of(function: FunctionType) -> Mapping[str, object]:
    """What stands behind the names of a function that are not its own."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    # As long as nothing is assigned a cell is empty, and has no contents.
    closure = {name: cell.cell_contents for name, cell in cells if cell != CellType()}
    return {**function.__globals__, **closure}


def _named(code: CodeType, scope: Mapping[str, object]) -> Iterator[object]:
    """What the names in some code may stand for: alone, or as a part of what is so named."""
    names = _names(code)
    pending, seen = [scope[name] for name in names if name in scope], set()
    while pending:
        found = pending.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        pending.extend(_parts(found, names))


def _names(code: CodeType) -> frozenset[str]:
    within = (_names(part) for part in code.co_consts if hasattr(part, "co_names"))
    return frozenset(code.co_names).union(code.co_freevars, *within)


def _parts(owner: object, names: frozenset[str]) -> Iterator[object]:
    """What may be called by way of something, without running code of it."""
    if isinstance(owner, (FunctionType, TaskFunction)):
        return
    if isinstance(owner, ModuleType):
        if is_users(getattr(owner, "__file__", None) or "<string>"):
            yield from (vars(owner)[name] for name in names & vars(owner).keys())
    elif isinstance(owner, MethodType):
        yield owner.__func__
    elif isinstance(owner, partial):
        yield owner.func
    elif type(owner) in {dict, list, tuple, set, frozenset}:
        yield from _items(owner)
    else:
        yield from _methods(owner if isinstance(owner, type) else type(owner), names)


def _items(container: Any) -> Iterator[object]:  # noqa: ANN401  one of Python's own
    if len(container) <= _MOST_ITEMS:
        yield from container.values() if isinstance(container, dict) else container


def _methods(owner: type, names: frozenset[str]) -> Iterator[object]:
    for kind in owner.__mro__:
        for name in (names | {"__call__", "__init__"}) & vars(kind).keys():
            method = vars(kind)[name]
            yield method.__func__ if isinstance(method, (classmethod, staticmethod)) else method
