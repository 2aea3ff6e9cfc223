"""Questions that Python answers without asking the value, where code asks them, and about what.

`x is None`, `isinstance(x, …)` and class patterns give an answer at once; `while` asks without an end.
"""

from __future__ import annotations

import ast
import builtins
import inspect
from functools import cache
from types import FunctionType, MemberDescriptorType, MethodType, ModuleType
from typing import Any, Final, NamedTuple

from lakewright.authoring.callsite import located
from lakewright.authoring.handle import Future
from lakewright.authoring.reach import calls_tasks
from lakewright.authoring.task import TaskFunction
from lakewright.errors.authoring import BranchError
from lakewright.errors.base import LakewrightError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import CodeType, FrameType

_TESTS: Final = {each.__name__: each for each in (isinstance, issubclass, type, callable, id, hasattr)}
_OPCODES: Final = ("IS_OP", "MATCH_", "BACKWARD", "JUMP_ABSOLUTE", "_NONE")
_PATTERNS: Final = (ast.MatchClass, ast.MatchSequence, ast.MatchMapping, ast.MatchSingleton)
_ABSENT: Final = object()
# What asks, and what is done instead.
_IDENTITY: Final = ("`is`", "Compare with ==, or decide in a task")


class Question(NamedTuple):
    """A question, and what can be done instead.

    Attributes:
        node: where it stands.
        about: what it asks about.
        what: in words.
        instead: what is done instead.
    """

    node: ast.expr | ast.pattern
    about: Sequence[ast.expr]
    what: str
    instead: str


def refusal(what: str, instead: str) -> BranchError:
    """The error for a question about what is known only when the job runs."""
    message = f"{what} asks here about what is known only when the job runs; Python answers without asking"
    return BranchError(message, hint=f"{instead}.")


def check_identity(*values: object) -> None:
    """Refuse `is` between values that are not all known.

    Raises:
        BranchError: one is a future value.
    """
    if any(isinstance(value, Future) for value in values):
        raise located(refusal(*_IDENTITY))


def check_test(function: object, values: Iterable[object]) -> None:
    """Refuse a function of Python's that answers for a future value, if this is one.

    Raises:
        BranchError: as above.
    """
    name = next((name for name, test in _TESTS.items() if test is function), None)
    if name is not None and any(isinstance(value, Future) for value in values):
        raise located(refusal(*_tested(name)))


def _tested(name: str) -> tuple[str, str]:
    return f"{name}()", "Look at the value in a task"


def may_ask(code: CodeType) -> bool:
    """Whether the instructions of some code, or of code within, can hold a question at all."""
    if not _suspects().isdisjoint(code.co_code[::2]) or any(name in _TESTS for name in code.co_names):
        return True
    return any(may_ask(part) for part in code.co_consts if hasattr(part, "co_code"))


def may_answer(code: CodeType, offset: int) -> bool:
    """Whether an instruction may be what answers a question."""
    return code.co_code[offset] in _suspects()


@cache
def _suspects() -> frozenset[int]:
    from opcode import opmap

    return frozenset(code for name, code in opmap.items() if any(part in name for part in _OPCODES))


def questions_in(definition: ast.AST) -> Iterator[Question]:
    """The questions that a function asks, and those that are defined in it."""
    for node in ast.walk(definition):
        if isinstance(node, ast.Compare) and any(isinstance(each, (ast.Is, ast.IsNot)) for each in node.ops):
            yield Question(node, [node.left, *node.comparators], *_IDENTITY)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TESTS:
            yield Question(node, node.args, *_tested(node.func.id))
        elif isinstance(node, ast.While):
            inside = [each for each in ast.walk(node.test) if isinstance(each, ast.expr)]
            instead = "Repeat inside of a task, or loop over a list that a task gives"
            yield Question(node.test, inside, "`while`", instead)
        elif isinstance(node, ast.Match):
            patterns = (part for case in node.cases for part in ast.walk(case.pattern) if isinstance(part, _PATTERNS))
            for pattern in patterns:
                yield Question(pattern, [node.subject], "a pattern of this kind", "Match plain values")


def is_future(node: ast.expr, frame: FrameType) -> bool:
    """Whether an expression gives what is known only when the job runs, as its names stand in a frame.

    No code of the user's runs: what a call would give is told from what is called.
    """
    if isinstance(node, ast.NamedExpr):
        return is_future(node.target, frame) or is_future(node.value, frame)
    if isinstance(node, ast.IfExp):
        return is_future(node.body, frame) or is_future(node.orelse, frame)
    if isinstance(node, ast.BoolOp):
        return any(is_future(each, frame) for each in node.values)
    if isinstance(node, ast.Call):
        called = _callee(node.func, frame)
        return isinstance(called, TaskFunction) or (isinstance(called, FunctionType) and calls_tasks(called))
    return isinstance(_value(node, frame), Future)


def _callee(node: ast.expr, frame: FrameType) -> object:
    """What is called; the task itself where it is given options before."""
    if isinstance(node, ast.Call):
        return _callee(node.func, frame)
    if isinstance(node, ast.Attribute):
        owner = _callee(node.value, frame)
        if isinstance(owner, TaskFunction):
            return owner
    found = _value(node, frame)
    return found.__func__ if isinstance(found, MethodType) else found


def _value(node: ast.expr, frame: FrameType) -> Any:  # noqa: ANN401  of any type
    """What an expression of names, attributes and items stands for; `_ABSENT` where that would need code to run."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        scopes = (frame.f_locals, frame.f_globals, vars(builtins))
        return next((scope[node.id] for scope in scopes if node.id in scope), _ABSENT)
    try:
        if isinstance(node, ast.Attribute):
            return _attribute(_value(node.value, frame), node.attr)
        if isinstance(node, ast.Subscript):
            return _item(_value(node.value, frame), _value(node.slice, frame))
    except (LakewrightError, LookupError, AttributeError, TypeError):
        # The body says so by itself, where it does the same.
        pass
    return _ABSENT


def _attribute(owner: Any, name: str) -> object:  # noqa: ANN401  of any type
    if isinstance(owner, (Future, ModuleType)):
        return getattr(owner, name)
    found = inspect.getattr_static(owner, name, _ABSENT)
    if isinstance(found, MemberDescriptorType):
        return getattr(owner, name)
    return found.__func__ if isinstance(found, (classmethod, staticmethod)) else found


def _item(owner: Any, key: Any) -> object:  # noqa: ANN401  of any type
    return owner[key] if isinstance(owner, Future) or type(owner) in {list, tuple, dict} else _ABSENT
