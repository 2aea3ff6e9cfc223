"""The definition behind code that Python has loaded, found in its source file."""

from __future__ import annotations

import ast
import linecache
from functools import lru_cache
from types import CodeType
from typing import Any, Final, TypeAlias

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

Definition: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"

_KEPT: Final = 16
_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# What `from __future__` of the file says of each code in it.
_FUTURES: Final = 0x1FE0000


def definition_of(code: CodeType, names: dict[str, Any] | None = None) -> Definition | None:
    """Where the source defines some code; None where it cannot be read, or several stand on that line.

    Args:
        code: of a function.
        names: of its module, which may know a source that is no file.

    Raises:
        SyntaxError: the file is no Python any more.
    """
    text = _text(code, names)
    if not text:
        return None
    found = [each for each in _beginning(_parsed(text), code.co_firstlineno) if _name(each) == code.co_name]
    return found[0] if len(found) == 1 else None


def is_unchanged(code: CodeType, definition: Definition) -> bool:
    """Whether a definition, as the file has it now, is what was loaded: equal source, equal code."""
    statement = ast.Expr(definition) if isinstance(definition, ast.Lambda) else definition
    alone = ast.Module(body=[ast.copy_location(statement, definition)], type_ignores=[])
    # Alone, what stands inside of another function lacks the names around it: then only the whole file tells.
    return any(code in _compiled(tree, code) for tree in (alone, _parsed(_text(code))))


def _compiled(tree: ast.Module, code: CodeType) -> Iterator[CodeType]:
    """All code in a tree."""
    flags = code.co_flags & _FUTURES
    return _codes(compile(tree, code.co_filename, "exec", flags=flags, dont_inherit=True))


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _text(code: CodeType, names: dict[str, Any] | None = None) -> str:
    return "".join(linecache.getlines(code.co_filename, names))


@lru_cache(maxsize=_KEPT)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def first_line(node: Any) -> int:  # noqa: ANN401  any node that has a place
    """The line on which a node begins, with its decorators."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    own: int = node.lineno
    return min([own, *(each.lineno for each in decorators)])


def _name(definition: Definition) -> str:
    return "<lambda>" if isinstance(definition, ast.Lambda) else definition.name


def _beginning(node: ast.AST, line: int) -> Iterator[Definition]:
    """The definitions in a tree that begin on a line."""
    for each in ast.iter_child_nodes(node):
        if not _covers(each, line):
            continue
        if isinstance(each, _DEFINITIONS) and first_line(each) == line:
            yield each
        yield from _beginning(each, line)


def _covers(node: Any, line: int) -> bool:  # noqa: ANN401  any node: not all have a place of their own
    last = getattr(node, "end_lineno", None)
    return last is None or first_line(node) <= line <= last
