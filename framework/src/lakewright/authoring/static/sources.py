"""The source behind a function that is loaded."""

from __future__ import annotations

import ast
import linecache
from collections import defaultdict
from functools import lru_cache
from types import CodeType
from typing import Final

from lakewright.authoring.static.frames import ReadCode, Source
from lakewright.authoring.static.functions import first_line
from lakewright.errors.authoring import StaticAnalysisError
from lakewright.errors.base import Location
from lakewright.loading.source import shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FunctionType

_KEPT: Final = 16


class Sources:
    """The sources that are read of one body."""

    def __init__(self) -> None:
        self._known: dict[CodeType, Source] = {}
        self._codes: dict[ast.AST, ReadCode] = {}

    def source(self, function: FunctionType | Callable[..., object]) -> Source:
        """The source of a function.

        Raises:
            StaticAnalysisError: it cannot be read, or the file has changed since.
        """
        code: CodeType = function.__code__
        if code not in self._known:
            self._known[code] = source_of(function)
        return self._known[code]

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


def source_of(function: FunctionType | Callable[..., object]) -> Source:
    """The source of a function, as it was when its module was loaded.

    Raises:
        StaticAnalysisError: it cannot be read, or the file has changed since.
    """
    code: CodeType = function.__code__
    lines = linecache.getlines(code.co_filename, getattr(function, "__globals__", None))
    if not lines:
        raise _unread(code, "its source cannot be read")
    try:
        found = _definitions("".join(lines), code.co_filename).get(code)
    except SyntaxError as error:
        raise _unread(code, "its file is no Python any more") from error
    if found is None:
        # What was cached may be older than the file.
        linecache.checkcache(code.co_filename)
        raise _unread(code, "its file does not say what is loaded: it has changed, or something rewrote the function")
    return Source(found, code.co_filename)


def _unread(code: CodeType, why: str) -> StaticAnalysisError:
    location = Location(shown_path(code.co_filename), code.co_firstlineno)
    return StaticAnalysisError(f"'{code.co_name}' is not read: {why}", location=location)


@lru_cache(maxsize=_KEPT)
def _definitions(text: str, file: str) -> Mapping[CodeType, ast.FunctionDef | ast.Lambda]:
    """The functions of a file, by the code that Python makes of them: equal code, equal source."""
    tree = ast.parse(text, file)
    nodes: dict[tuple[str, int], list[ast.FunctionDef | ast.Lambda]] = defaultdict(list)
    for each in ast.walk(tree):
        if isinstance(each, ast.FunctionDef):
            nodes[each.name, first_line(each)].append(each)
        elif isinstance(each, ast.Lambda):
            nodes["<lambda>", each.lineno].append(each)
    codes = _codes(compile(tree, file, "exec", dont_inherit=True))
    found = {code: nodes.get((code.co_name, code.co_firstlineno), []) for code in codes}
    # Of several on one line nobody knows which is meant.
    return {code: several[0] for code, several in found.items() if len(several) == 1}


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)
