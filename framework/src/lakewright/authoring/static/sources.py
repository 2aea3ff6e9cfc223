"""The source behind a function that is loaded."""

from __future__ import annotations

import ast
import linecache
from typing import Any

from lakewright.authoring.callsite import has_source
from lakewright.authoring.static.frames import ReadCode, Source
from lakewright.authoring.static.functions import own_names
from lakewright.errors.authoring import StaticAnalysisError
from lakewright.errors.base import Location
from lakewright.loading.definitions import definition_of, is_unchanged
from lakewright.loading.source import shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FunctionType


class Sources:
    """The sources that are read of one body."""

    def __init__(self) -> None:
        self._known: dict[CodeType, Source] = {}
        self._codes: dict[ast.AST, ReadCode] = {}
        self._names: dict[ast.AST, frozenset[str]] = {}

    def source(self, function: FunctionType | Callable[..., object]) -> Source:
        """The source of a function.

        Raises:
            StaticAnalysisError: it cannot be read, or the file has changed since.
        """
        code: CodeType = function.__code__
        if code not in self._known:
            self._known[code] = source_of(function)
        return self._known[code]

    def add(self, function: Any, source: Source) -> None:  # noqa: ANN401  a function
        """The source of a function that stands for one that is read."""
        self._known[function.__code__] = source

    def code(self, node: ast.FunctionDef | ast.Lambda, file: str, *, name: str) -> ReadCode:
        """What stands for the code of a function.

        Args:
            node: its definition.
            file: that it stands in.
            name: its qualified name.
        """
        code = self._codes.get(node)
        if code is None:
            lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            code = self._codes[node] = ReadCode(file, name, lines)
        return code

    def own_names(self, node: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
        """The names that a function assigns in a statement."""
        if node not in self._names:
            self._names[node] = own_names(node)
        return self._names[node]


def source_of(function: FunctionType | Callable[..., object]) -> Source:
    """The source of a function, as it was when its module was loaded.

    Raises:
        StaticAnalysisError: it cannot be read, or the file has changed since.
    """
    code: CodeType = function.__code__
    try:
        found = definition_of(code, getattr(function, "__globals__", None))
    except SyntaxError as error:
        raise _unread(code, "its file is no Python any more") from error
    if not has_source(code.co_filename):
        raise _unread(code, "its source cannot be read")
    if found is None or isinstance(found, ast.AsyncFunctionDef) or not is_unchanged(code, found):
        # What was cached may be older than the file.
        linecache.checkcache(code.co_filename)
        raise _unread(code, "its file does not say what is loaded: it has changed, or something rewrote the function")
    return Source(found, code.co_filename)


def _unread(code: CodeType, why: str) -> StaticAnalysisError:
    location = Location(shown_path(code.co_filename), code.co_firstlineno)
    return StaticAnalysisError(f"'{code.co_name}' is not read: {why}", location=location)
