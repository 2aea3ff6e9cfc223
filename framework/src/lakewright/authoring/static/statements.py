"""What each kind of statement does."""

from __future__ import annotations

import ast
import sys
from typing import Any, Final, NamedTuple

from lakewright.authoring.handle import Future
from lakewright.authoring.static.definitions import defined
from lakewright.authoring.static.expressions import in_place
from lakewright.authoring.static.operations import is_true
from lakewright.authoring.static.plain import attribute, is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lakewright.authoring.static.reader import Reader

BREAK: Final = "break"
CONTINUE: Final = "continue"


class Returned(NamedTuple):
    """A function was left."""

    value: object


def _expression(reader: Reader, node: ast.Expr) -> None:
    reader.value(node.value)


def _assign(reader: Reader, node: ast.Assign) -> None:
    value = reader.value(node.value)
    for target in node.targets:
        reader.bind(target, value)


def _annotated(reader: Reader, node: ast.AnnAssign) -> None:
    if node.value is not None:
        reader.bind(node.target, reader.value(node.value))


def _augmented(reader: Reader, node: ast.AugAssign) -> None:
    before = reader.value(_loaded(node.target))
    reader.bind(node.target, in_place(reader, node, before))


def _loaded(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    return target


def bind(reader: Reader, target: ast.expr, value: object) -> None:
    """Give a value to a variable or a place in a container, or take it apart into several."""
    if isinstance(target, ast.Name):
        reader.top.scope.bind(target, value)
        reader.uses.bound(target, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(reader, target, value)
    elif isinstance(target, ast.Subscript):
        holder: Any = reader.value(target.value)
        key: Any = reader.value(target.slice)
        reader.at(target)
        if not isinstance(holder, Future):
            # It says by itself why it cannot be.
            reader.check_own(holder)
        holder[key] = value
    else:
        reader.at(target)
        raise reader.undecidable(f"'{ast.unparse(target)}' is set")


def _unpack(reader: Reader, target: ast.Tuple | ast.List, value: object) -> None:
    reader.at(target, unpacks=True)
    parts = list(reader.each(value))
    stars = [place for place, part in enumerate(target.elts) if isinstance(part, ast.Starred)]
    count = len(target.elts)
    if (len(parts) != count) if not stars else (len(parts) < count - 1):
        raise reader.undecidable(f"{len(parts)} values do not go into '{ast.unparse(target)}'")
    if stars:
        place = stars[0]
        behind = count - place - 1
        parts[place : len(parts) - behind] = [parts[place : len(parts) - behind]]
    for part, each in zip(target.elts, parts, strict=True):
        reader.bind(part.value if isinstance(part, ast.Starred) else part, each)


def _for(reader: Reader, node: ast.For) -> object:
    iterable = reader.value(node.iter)
    reader.at(node.iter)
    elements = reader.each(iterable)
    frame = reader.top
    for item in elements:
        reader.bind(node.target, item)
        left = reader.run(node.body)
        if left is BREAK:
            return None
        if isinstance(left, Returned):
            return left
        frame.place = frame.place._replace(node=node.iter)
    return reader.run(node.orelse)


def _if(reader: Reader, node: ast.If) -> object:
    test = reader.value(node.test)
    return reader.run(node.body if is_true(reader, node.test, test) else node.orelse)


def _return(reader: Reader, node: ast.Return) -> Returned:
    return Returned(reader.value(node.value) if node.value else None)


def _try(reader: Reader, node: ast.Try) -> object:
    """What is caught is not raised by what is read: it would be undecidable."""
    left = reader.run(node.body) or reader.run(node.orelse)
    return reader.run(node.finalbody) or left


def _assert(reader: Reader, node: ast.Assert) -> None:
    if not is_true(reader, node.test, reader.value(node.test)):
        raise reader.undecidable("an assertion does not hold")


def _function(reader: Reader, node: ast.FunctionDef) -> None:
    reader.at(node)
    reader.top.scope.values[node.name] = defined(reader, node)


def _import(reader: Reader, node: ast.Import) -> None:
    for alias in node.names:
        whole = _module(reader, node, alias.name)
        first = alias.name.partition(".")[0]
        reader.top.scope.values[alias.asname or first] = whole if alias.asname else _module(reader, node, first)


def _import_from(reader: Reader, node: ast.ImportFrom) -> None:
    package = reader.top.scope.names.get("__package__") or ""
    base = f"{str(package).rsplit('.', node.level - 1)[0]}." if node.level else ""
    module = _module(reader, node, f"{base}{node.module or ''}".strip("."))
    try:
        found = {alias.asname or alias.name: attribute(module, alias.name) for alias in node.names}
    except LookupError as error:
        reader.at(node)
        raise reader.undecidable(f"{error} is imported from what is not loaded") from None
    reader.top.scope.values.update(found)


def _module(reader: Reader, node: ast.stmt, name: str) -> object:
    if name not in sys.modules:
        reader.at(node)
        raise reader.undecidable(f"the module '{name}' is not loaded")
    return sys.modules[name]


STATEMENTS: Final[Mapping[type[ast.stmt], Callable[[Any, Any], object]]] = {
    ast.AnnAssign: _annotated,
    ast.Assert: _assert,
    ast.Assign: _assign,
    ast.AugAssign: _augmented,
    ast.Break: lambda _reader, _node: BREAK,
    ast.Continue: lambda _reader, _node: CONTINUE,
    ast.Expr: _expression,
    ast.For: _for,
    ast.FunctionDef: _function,
    ast.If: _if,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Pass: lambda _reader, _node: None,
    ast.Return: _return,
    ast.Try: _try,
}


def run(reader: Reader, statements: Sequence[ast.stmt]) -> object:
    """Read statements one after the other; None, or how they were left."""
    for node in statements:
        step = STATEMENTS.get(type(node))
        if step is None:
            reader.at(node)
            raise reader.undecidable(f"a '{type(node).__name__.lower()}' statement")
        left = step(reader, node)
        if left is not None:
            return left
    return None


def each(reader: Reader, iterable: object) -> Iterator[object]:
    """The elements of something that is looped over."""
    if not is_plain(iterable):
        raise reader.undecidable("a loop goes through an object whose code would run")
    found: Any = iterable
    return iter(found)
