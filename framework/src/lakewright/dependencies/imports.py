"""How loose modules import each other: by their place in the package, or as if each lay at the top."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lakewright.errors.base import Location

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleImport:
    """An import of one loose module by another.

    Attributes:
        location: of the statement.
        statement: as it could be written.
        is_relative: whether it needs a package above the top-level modules; else it needs them at the top.
        is_tried: whether it stands in a `try`, and so may fail.
    """

    location: Location
    statement: str
    is_relative: bool
    is_tried: bool


def module_imports(source: bytes, name: str, tops: AbstractSet[str]) -> tuple[ModuleImport, ...]:
    """The imports in a module that say where loose modules must lie.

    What this Python cannot parse says nothing: the target may have another Python.

    Args:
        source: of the module.
        name: of its file, from the root on.
        tops: names that the loose modules would have at the top.

    >>> [found.statement for found in module_imports(b"import utils.text, json", "app.py", {"utils"})]
    ['import utils.text']
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source, name)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    depth = len(PurePosixPath(name).parts) - 1
    return tuple(sorted(_found(tree, name, tops=tops, depth=depth), key=lambda found: found.location.line))


def _found(tree: ast.AST, name: str, *, tops: AbstractSet[str], depth: int) -> Iterator[ModuleImport]:
    # A stack, not recursion: what is parsed may be deep.
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, is_tried = waiting.pop()
        inside = is_tried or isinstance(node, ast.Try)
        waiting.extend((child, inside) for child in ast.iter_child_nodes(node))
        for statement, is_relative in _said(node, tops, depth):
            place = Location(name, getattr(node, "lineno", 1))
            yield ModuleImport(location=place, statement=statement, is_relative=is_relative, is_tried=is_tried)


def _said(node: ast.AST, tops: AbstractSet[str], depth: int) -> Iterator[tuple[str, bool]]:
    if isinstance(node, ast.Import):
        yield from ((f"import {each.name}", False) for each in node.names if each.name.partition(".")[0] in tops)
    elif isinstance(node, ast.ImportFrom):
        module = node.module or ""
        what = ", ".join(each.name for each in node.names)
        if node.level == depth + 1:
            yield f"from {'.' * node.level}{module} import {what}", True
        elif not node.level and module.partition(".")[0] in tops:
            yield f"from {module} import {what}", False
