"""Functions that are read: their arguments, their names, and the source behind those that are loaded."""

from __future__ import annotations

import ast
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from lakewright.authoring.static.frames import ReadFrame
    from lakewright.authoring.static.reader import Reader

    Defaults: TypeAlias = tuple[Sequence[object], Mapping[str, object]]


class ReadFunction:
    """A function that is defined in what is read.

    Args:
        node: its definition.
        frame: of the function around it.
        name: its qualified name.
        defaults: of its last positional parameters, and of its keyword-only ones.
        call: reads it, when Python itself calls it, as `map` and `sorted` do.
    """

    def __init__(
        self,
        node: ast.FunctionDef | ast.Lambda,
        frame: ReadFrame,
        name: str,
        *,
        defaults: Defaults,
        call: Callable[..., object],
    ) -> None:
        self.node = node
        self.frame = frame
        self.name = name
        self.defaults = defaults
        self._call = call

    def __call__(self, *args: object, **kwargs: object) -> object:
        """What it returns."""
        return self._call(self, args, kwargs)


def defaults_of(reader: Reader, arguments: ast.arguments) -> Defaults:
    """The defaults of a function that is defined here: of positional parameters, and of keyword-only ones."""
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return (
        [reader.value(node) for node in arguments.defaults],
        {parameter.arg: reader.value(node) for parameter, node in named if node is not None},
    )


def bound_arguments(function: ReadFunction, args: Sequence[object], kwargs: dict[str, object]) -> dict[str, object]:
    """What each parameter of a function gets.

    Raises:
        TypeError: it does not take these arguments.
    """
    arguments, (defaults, keyword_defaults) = function.node.args, function.defaults
    positional = [parameter.arg for parameter in (*arguments.posonlyargs, *arguments.args)]
    found: dict[str, object] = dict(zip(positional, args, strict=False))
    rest = tuple(args[len(positional) :])
    if arguments.vararg:
        found[arguments.vararg.arg] = rest
    only = {parameter.arg for parameter in arguments.posonlyargs}
    allowed = [name for name in (*positional, *(each.arg for each in arguments.kwonlyargs)) if name not in only]
    for name in [name for name in allowed if name in kwargs and name not in found]:
        found[name] = kwargs.pop(name)
    if arguments.kwarg:
        found[arguments.kwarg.arg] = kwargs
    last = dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=True))
    found = {**last, **keyword_defaults, **found}
    missing = {*positional, *allowed} - found.keys()
    if missing or (rest and not arguments.vararg) or (kwargs and not arguments.kwarg):
        message = "it does not take these arguments"
        raise TypeError(message)
    return found


def own_names(node: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
    """The names that a function assigns in a statement."""
    return frozenset() if isinstance(node, ast.Lambda) else frozenset(_assigned(node.body))


def _assigned(statements: Sequence[ast.stmt]) -> Iterator[str]:
    for each in statements:
        if isinstance(each, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            yield each.name
            continue
        for target in _targets(each):
            yield from _names(target)
        for block in ("body", "orelse", "finalbody"):
            yield from _assigned(getattr(each, block, ()))
        for handler in getattr(each, "handlers", ()):
            yield from _assigned(handler.body)


def _targets(statement: Any) -> Sequence[ast.expr]:  # noqa: ANN401  a statement of any kind
    if isinstance(statement, ast.Assign):
        return statement.targets
    if isinstance(statement, (ast.AnnAssign, ast.AugAssign, ast.For)):
        return [statement.target]
    if isinstance(statement, ast.With):
        return [item.optional_vars for item in statement.items if item.optional_vars]
    return ()


def _names(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Starred):
        yield from _names(target.value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            yield from _names(part)
