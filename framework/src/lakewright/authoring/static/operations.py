"""Operations of Python on values of a body, as far as no code of the user's runs."""

from __future__ import annotations

import ast
import operator
from typing import Final

from lakewright.authoring.handle import Future
from lakewright.authoring.static.plain import is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lakewright.authoring.static.reader import Reader

_LARGEST: Final = 100_000


def applied(reader: Reader, node: ast.AST, operation: Callable[..., object], *values: object) -> object:
    """What an operation of Python gives.

    Raises:
        StaticAnalysisError: it might run code of the user's, or makes something huge.
    """
    if not all(map(is_plain, values)):
        raise reader.undecidable(f"'{ast.unparse(node)}' does something with an object whose code would run")
    if operation in {operator.mul, operator.pow, operator.lshift} and not _is_small(values):
        raise reader.undecidable(f"'{ast.unparse(node)}' may be huge")
    return operation(*values)


def _is_small(values: Sequence[object]) -> bool:
    return all(
        not (isinstance(value, int) and abs(value) > _LARGEST)
        and not (isinstance(value, (str, bytes, list, tuple)) and len(value) > _LARGEST)
        for value in values
        if not isinstance(value, Future)
    )


def is_true(reader: Reader, node: ast.expr, value: object) -> bool:
    """Whether a value counts as true; a future one may stand for both."""
    reader.at(node)
    return bool(applied(reader, node, operator.truth, value))


def hashable(reader: Reader, key: object) -> object:
    """A value as a key of a dict or a part of a set.

    Raises:
        StaticAnalysisError: its code would run.
    """
    if not is_plain(key):
        raise reader.undecidable("a key is an object whose code would run")
    hash(key)
    return key
