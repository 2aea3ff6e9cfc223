"""What a body must not do with values that it does not have: what Python never asks a handle about.

`x is None`, `isinstance(x, …)` and class patterns give an answer at once, without asking the handle, and `while` asks
without an end. So the source is read: wherever such a thing looks at a parameter of the body, or at what a task call or
a function that calls tasks has given, it is refused. Source is read only for code whose instructions can hold such a
thing at all.
"""

from __future__ import annotations

import ast
from functools import cache
from inspect import getsource
from textwrap import dedent
from types import CellType, FunctionType, ModuleType
from typing import Any, Final, NamedTuple

from lakewright.authoring.callsite import with_excerpt
from lakewright.authoring.task import TaskFunction
from lakewright.errors.authoring import BranchError
from lakewright.errors.base import Location
from lakewright.loading.source import is_users, shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import CodeType

_TESTS: Final = frozenset({"isinstance", "issubclass", "type", "callable", "id", "hasattr"})
_OPCODES: Final = ("IS_OP", "MATCH_", "BACKWARD", "JUMP_ABSOLUTE", "_NONE")
_DEEPEST: Final = 5


def check(function: Callable[..., object]) -> None:
    """Raise on what tracing cannot see, in a body and in the user's functions that it calls.

    Raises:
        BranchError: the first such thing, with its line.
    """
    for each in _functions(function, _DEEPEST, set()):
        if _is_suspicious(each.__code__):
            found = _Reader(each, is_body=each is function).first()
            if found is not None:
                raise with_excerpt(found)


def _functions(function: Any, depth: int, seen: set[int]) -> Iterator[FunctionType]:  # noqa: ANN401  any callable
    """A function and those of the user's own that its code names."""
    if not isinstance(function, FunctionType) or id(function) in seen or not is_users(function.__code__.co_filename):
        return
    seen.add(id(function))
    yield function
    if depth:
        for name in function.__code__.co_names:
            yield from _functions(function.__globals__.get(name), depth - 1, seen)


@cache
def _suspects() -> frozenset[int]:
    from opcode import opmap

    return frozenset(code for name, code in opmap.items() if any(part in name for part in _OPCODES))


def _is_suspicious(code: CodeType) -> bool:
    """Whether the instructions of some code, or of code within, can hold what is to be refused."""
    if not _suspects().isdisjoint(code.co_code[::2]) or not _TESTS.isdisjoint(code.co_names):
        return True
    return any(_is_suspicious(part) for part in code.co_consts if hasattr(part, "co_code"))


class _Found(NamedTuple):
    """Something that is to be refused: what it says, and what is done instead."""

    node: ast.AST
    what: str
    instead: str


class _Reader:
    """Reads one function.

    Args:
        function: a body, or a function that it calls.
        is_body: whether its parameters are handles for sure.
    """

    def __init__(self, function: FunctionType, *, is_body: bool) -> None:
        self._function = function
        self._names = {**function.__globals__, **_closure(function)}
        self._future: set[str] = set()
        self._is_body = is_body

    def first(self) -> BranchError | None:
        """The first thing to refuse; None where there is none, or no source."""
        try:
            tree = ast.parse(dedent(getsource(self._function))).body[0]
        except (OSError, TypeError, SyntaxError, IndexError):
            return None
        if not isinstance(tree, ast.FunctionDef):
            return None
        if self._is_body or _calls_tasks(self._function.__code__, self._names):
            self._future.update(each.arg for each in (*tree.args.args, *tree.args.kwonlyargs))
        self._spread(tree)
        found = next((each for node in ast.walk(tree) for each in self._refused(node)), None)
        return self._error(found) if found is not None else None

    def _spread(self, tree: ast.AST) -> None:
        """Find the names that hold what is known only when the job runs, until there are no more."""
        known = -1
        while known < len(self._future):
            known = len(self._future)
            for node in ast.walk(tree):
                self._note(node)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign) and self._is_future(node.value):
            self._add(*node.targets)
        elif (
            isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None and self._is_future(node.value)
        ) or (isinstance(node, (ast.For, ast.comprehension)) and self._is_future(node.iter)):
            self._add(node.target)

    def _add(self, *targets: ast.AST) -> None:
        names = (each for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))
        self._future.update(each.id for each in names)

    def _is_future(self, node: ast.AST) -> bool:
        """Whether an expression gives what is known only when the job runs."""
        if isinstance(node, ast.Name):
            return node.id in self._future
        if isinstance(node, (ast.Subscript, ast.Attribute, ast.Starred, ast.NamedExpr)):
            return self._is_future(node.value)
        if isinstance(node, ast.IfExp):
            return self._is_future(node.body) or self._is_future(node.orelse)
        if isinstance(node, ast.BoolOp):
            return any(map(self._is_future, node.values))
        return isinstance(node, ast.Call) and self._gives_future(node)

    def _gives_future(self, call: ast.Call) -> bool:
        called = self._value(call.func)
        if isinstance(called, FunctionType):
            return _calls_tasks(called.__code__, {**called.__globals__, **_closure(called)})
        return isinstance(called, TaskFunction)

    def _value(self, node: ast.AST) -> object:
        """What a name, an attribute of a module, or a task with options stands for; None where that is unknown."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self._value(node.value)
            return owner if isinstance(owner, TaskFunction) else _of_module(owner, node.attr)
        return self._value(node.func) if isinstance(node, ast.Call) else None

    def _refused(self, node: ast.AST) -> Iterator[_Found]:
        if isinstance(node, ast.Compare) and any(isinstance(each, (ast.Is, ast.IsNot)) for each in node.ops):
            if any(map(self._is_future, (node.left, *node.comparators))):
                yield _Found(node, "`is`", "Compare with ==, or decide in a task")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TESTS:
            if any(map(self._is_future, node.args)):
                yield _Found(node, f"{node.func.id}()", "Look at the value in a task")
        elif isinstance(node, ast.Match) and self._is_future(node.subject):
            patterns = (part for case in node.cases for part in ast.walk(case.pattern))
            odd = (ast.MatchClass, ast.MatchSequence, ast.MatchMapping, ast.MatchSingleton)
            yield from (
                _Found(each, "a pattern of this kind", "Match plain values")
                for each in patterns
                if isinstance(each, odd)
            )
        elif isinstance(node, ast.While) and any(map(self._is_future, ast.walk(node.test))):
            yield _Found(node.test, "`while`", "Repeat inside of a task, or loop over a list that a task gives")

    def _error(self, found: _Found) -> BranchError:
        node: Any = found.node
        code = self._function.__code__
        location = Location(shown_path(code.co_filename), code.co_firstlineno + node.lineno - 1)
        message = f"{found.what} asks here about what is known only when the job runs; Python answers without asking"
        return BranchError(message, location=location, hint=f"{found.instead}.")


def _calls_tasks(code: CodeType, names: Mapping[str, object]) -> bool:
    """Whether code names a task: what it gives may be known only when the job runs."""
    parts = [code, *(part for part in code.co_consts if hasattr(part, "co_names"))]
    return any(isinstance(names.get(name), TaskFunction) for part in parts for name in part.co_names)


def _closure(function: FunctionType) -> dict[str, object]:
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    # As long as nothing is assigned a cell is empty, and has no contents.
    return {name: cell.cell_contents for name, cell in cells if cell != CellType()}


def _of_module(owner: object, name: str) -> object:
    return getattr(owner, name, None) if isinstance(owner, ModuleType) else None
