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
    from collections.abc import Callable, Iterator, Mapping, Sequence
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
        for named in _named(function.__code__, {**function.__globals__, **_closure(function)}):
            yield from _functions(named, depth - 1, seen)


def _named(code: CodeType, scope: Mapping[str, object]) -> Iterator[object]:
    """What the names in some code may stand for: alone, or behind a dot of a module, a class or an object so named."""
    names = _names(code)
    pending, seen = [scope[name] for name in names if name in scope], set()
    while pending:
        found = pending.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        pending.extend(_members(found, names))


def _names(code: CodeType) -> frozenset[str]:
    within = (_names(part) for part in code.co_consts if hasattr(part, "co_names"))
    return frozenset(code.co_names).union(code.co_freevars, *within)


def _members(owner: object, names: frozenset[str]) -> Iterator[object]:
    """Functions, classes and tasks of these names that are the user's, without running code of the owner."""
    if isinstance(owner, ModuleType):
        if is_users(getattr(owner, "__file__", None) or "<string>"):
            yield from (vars(owner)[name] for name in names & vars(owner).keys())
    elif not isinstance(owner, (FunctionType, TaskFunction)):
        for kind in (owner if isinstance(owner, type) else type(owner)).__mro__:
            for name in (names | {"__call__"}) & vars(kind).keys():
                method = vars(kind)[name]
                method = method.__func__ if isinstance(method, (classmethod, staticmethod)) else method
                if isinstance(method, FunctionType):
                    yield method


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
        self._inner: dict[str, ast.FunctionDef | ast.Lambda] = {}
        self._is_body = is_body

    def first(self) -> BranchError | None:
        """The first thing to refuse; None where there is none, or no source."""
        try:
            parsed = ast.parse(dedent(getsource(self._function)))
        except (OSError, TypeError, SyntaxError):
            return None
        tree = next((each for each in ast.walk(parsed) if isinstance(each, (ast.FunctionDef, ast.Lambda))), None)
        if tree is None:
            return None
        self._inner = dict(_inner_functions(tree))
        if self._is_body or _calls_tasks(self._function.__code__, self._names):
            self._future.update(name for name in _parameters(tree) if name not in {"self", "cls"})
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
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self._inner:
            self._future.update(self._passed(node, _parameters(self._inner[node.func.id])))

    def _passed(self, call: ast.Call, parameters: Sequence[str]) -> Iterator[str]:
        """The parameters of a function defined here that a call gives what is known only when the job runs."""
        yield from (name for name, value in zip(parameters, call.args, strict=False) if self._is_future(value))
        yield from (each.arg for each in call.keywords if each.arg and self._is_future(each.value))

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
        if isinstance(call.func, ast.Name) and call.func.id in self._inner:
            calls = (each for each in ast.walk(self._inner[call.func.id]) if isinstance(each, ast.Call))
            return any(isinstance(self._value(each.func), TaskFunction) for each in calls)
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
    return any(isinstance(each, TaskFunction) for each in _named(code, names))


def _parameters(function: ast.FunctionDef | ast.Lambda) -> list[str]:
    arguments = function.args
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _inner_functions(tree: ast.AST) -> Iterator[tuple[str, ast.FunctionDef | ast.Lambda]]:
    """The functions that code defines under a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node is not tree:
            yield node.name, node
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Lambda):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((each.id, node.value) for each in targets if isinstance(each, ast.Name))


def _closure(function: FunctionType) -> dict[str, object]:
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    # As long as nothing is assigned a cell is empty, and has no contents.
    return {name: cell.cell_contents for name, cell in cells if cell != CellType()}


def _of_module(owner: object, name: str) -> object:
    return getattr(owner, name, None) if isinstance(owner, ModuleType) else None
