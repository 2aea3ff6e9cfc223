"""Classes that only name fields or values, made from their source: no code of the user's runs for them."""

from __future__ import annotations

import ast
import enum
import typing
from dataclasses import dataclass
from typing import Any, Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.authoring.static.reader import Reader

_BASES: Final = frozenset({typing.NamedTuple, typing.TypedDict, enum.Enum, enum.IntEnum, str, object})
_DECLARED: Final = (ast.AnnAssign, ast.Assign, ast.Pass)


def declared(reader: Reader, node: ast.ClassDef, names: Mapping[str, object]) -> object:
    """The class that a definition makes.

    Args:
        reader: reads its bases and decorators.
        node: its definition.
        names: of its module.

    Raises:
        StaticAnalysisError: it has methods, other bases or decorators, or values that are computed.
    """
    decorators = [reader.value(each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list]
    bases = [reader.value(each) for each in node.bases]
    is_plain = all(each is dataclass for each in decorators) and _BASES.issuperset(bases) and not node.keywords
    if not is_plain or not all(map(_only_declares, node.body)):
        reader.at(node)
        raise reader.undecidable(f"the class '{node.name}' does more than to name fields")
    # Text, so that no annotation is looked at.
    future = ast.ImportFrom(module="__future__", names=[ast.alias("annotations")], level=0)
    tree = ast.fix_missing_locations(ast.Module(body=[future, node], type_ignores=[]))
    # Decorators look into the module of a class, and its own is not loaded.
    made: dict[str, Any] = {**_loaded(node, names), "__name__": "builtins"}
    exec(compile(tree, "<string>", "exec", dont_inherit=True), made)  # noqa: S102  only declarations: nothing runs
    made[node.name].__module__ = names.get("__name__")
    return made[node.name]


def _only_declares(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    value = getattr(statement, "value", None)
    return isinstance(statement, _DECLARED) and (value is None or isinstance(value, ast.Constant))


def _loaded(node: ast.ClassDef, names: Mapping[str, object]) -> dict[str, object]:
    """The names that bases and decorators begin with."""
    inside = (part for each in (*node.bases, *node.decorator_list) for part in ast.walk(each))
    return {part.id: names[part.id] for part in inside if isinstance(part, ast.Name) and part.id in names}
