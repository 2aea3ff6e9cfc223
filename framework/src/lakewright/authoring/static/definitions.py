"""Functions that stand in for those that are defined in what is read."""

from __future__ import annotations

import ast
import inspect
from types import FunctionType
from typing import Any, Final

from lakewright.authoring.static.functions import ReadFunction, defaults_of
from lakewright.loading.definitions import first_line
from lakewright.model.reference import LOCALS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.authoring.static.functions import Defaults
    from lakewright.authoring.static.reader import Reader

_GENERATOR: Final = 0x20
_COROUTINE: Final = 0x80


def defined(reader: Reader, node: ast.FunctionDef) -> object:
    """What a definition in a body gives: a function that is read when called, or what its decorators make."""
    frame = reader.top
    name = f"{frame.f_code.co_qualname}{LOCALS}{node.name}"
    defaults = defaults_of(reader, node.args)
    if not node.decorator_list:
        return ReadFunction(node, frame, name, defaults=defaults, call=reader.call)
    decorators = [reader.value(each) for each in node.decorator_list]
    made: object = stand_in(
        node,
        file=frame.f_code.co_filename,
        module=str(frame.scope.names.get("__name__", "")),
        qualified=name,
        defaults=defaults,
        names=frame.scope.names,
    )
    for decorate in reversed(decorators):
        made = reader.call(decorate, [made], {})
    return made


def stand_in(
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    *,
    file: str,
    module: str,
    qualified: str,
    defaults: Defaults,
    names: Mapping[str, object],
    annotations: Mapping[str, object] | None = None,
) -> FunctionType:
    """A function with the name, the signature and the place of one that is read; calling it is no use.

    Args:
        node: its definition.
        file: that it stands in.
        module: that it belongs to.
        qualified: its qualified name.
        defaults: of positional parameters, and of keyword-only ones.
        names: of its module.
        annotations: of parameters and `return`; by default as text.
    """

    def unread(*_args: object, **_kwargs: object) -> None: ...

    code = unread.__code__.replace(
        co_filename=file,
        co_name=node.name,
        co_firstlineno=first_line(node),
        co_flags=unread.__code__.co_flags | _flags(node),
    )
    made: Any = FunctionType(code, names if isinstance(names, dict) else {}, node.name)
    made.__module__, made.__qualname__ = module, qualified
    made.__doc__ = ast.get_docstring(node, clean=False)
    made.__annotations__ = dict(_texts(node) if annotations is None else annotations)
    made.__signature__ = inspect.Signature(_parameters(node.args, defaults, made.__annotations__))
    return made  # type: ignore[no-any-return]  # attributes of functions can only be set on Any


def _flags(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if isinstance(node, ast.AsyncFunctionDef):
        return _COROUTINE
    return _GENERATOR if any(map(_yields, node.body)) else 0


def _yields(node: ast.AST) -> bool:
    """Whether a function that this stands in is a generator."""
    if isinstance(node, (ast.Yield, ast.YieldFrom)):
        return True
    if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
        return False
    return any(map(_yields, ast.iter_child_nodes(node)))


def _texts(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Mapping[str, object]:
    named = {each.arg: each.annotation for each in _arguments(node.args) if each.annotation}
    texts: dict[str, object] = {name: ast.unparse(annotation) for name, annotation in named.items()}
    return {**texts, "return": ast.unparse(node.returns)} if node.returns else texts


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    spread = [each for each in (arguments.vararg, arguments.kwarg) if each]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *spread]


def _parameters(
    arguments: ast.arguments,
    defaults: Defaults,
    annotations: Mapping[str, object],
) -> list[inspect.Parameter]:
    positional = [*arguments.posonlyargs, *arguments.args]
    last = dict(zip(reversed([each.arg for each in positional]), reversed(defaults[0]), strict=False))
    values = {**last, **defaults[1]}
    kinds = [
        *[(each, inspect.Parameter.POSITIONAL_ONLY) for each in arguments.posonlyargs],
        *[(each, inspect.Parameter.POSITIONAL_OR_KEYWORD) for each in arguments.args],
        *([(arguments.vararg, inspect.Parameter.VAR_POSITIONAL)] if arguments.vararg else []),
        *[(each, inspect.Parameter.KEYWORD_ONLY) for each in arguments.kwonlyargs],
        *([(arguments.kwarg, inspect.Parameter.VAR_KEYWORD)] if arguments.kwarg else []),
    ]
    empty = inspect.Parameter.empty
    return [
        inspect.Parameter(
            each.arg, kind, default=values.get(each.arg, empty), annotation=annotations.get(each.arg, empty)
        )
        for each, kind in kinds
    ]
