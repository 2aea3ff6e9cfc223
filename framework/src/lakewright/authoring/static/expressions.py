"""The value of each kind of expression."""

from __future__ import annotations

import ast
import operator
from typing import Any, Final

from lakewright.authoring.questions import check_identity, check_test
from lakewright.authoring.static.comprehensions import dict_of, generator, list_of, set_of
from lakewright.authoring.static.functions import ReadFunction, defaults_of
from lakewright.authoring.static.operations import applied, hashable, is_true
from lakewright.authoring.static.plain import attribute
from lakewright.authoring.static.scope import UnboundError
from lakewright.authoring.unknown import Unknown
from lakewright.model.reference import LOCALS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lakewright.authoring.static.reader import Reader

_BINARY: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.MatMult: operator.matmul,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor,
    ast.LShift: operator.lshift, ast.RShift: operator.rshift,
}  # fmt: skip  # a table reads better in rows
_IN_PLACE: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.iadd, ast.BitOr: operator.ior, ast.BitAnd: operator.iand, ast.Sub: operator.isub,
}  # fmt: skip
_UNARY: Final[Mapping[type[ast.unaryop], Callable[[Any], Any]]] = {
    ast.Not: operator.not_, ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert,
}  # fmt: skip
_COMPARED: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right, ast.NotIn: lambda left, right: left not in right,
}  # fmt: skip
_CONTAINERS: Final[Sequence[object]] = (tuple, list, dict)
_FORMATS: Final[Mapping[int, Callable[[Any], str]]] = {115: str, 114: repr, 97: ascii}


def _constant(_reader: Reader, node: ast.Constant) -> object:
    return node.value


def _name(reader: Reader, node: ast.Name) -> object:
    scope = reader.top.scope
    try:
        value = scope.find(node.id)
    except UnboundError:
        reader.at(node)
        raise reader.undecidable(f"'{node.id}' has no value here") from None
    if isinstance(value, Unknown):
        reader.at(node)
        raise reader.undecidable(f"what '{node.id}' stands for")
    target = scope.binding(node.id)
    if target is not None:
        reader.uses.used(target)
    return value


def _attribute(reader: Reader, node: ast.Attribute) -> object:
    value = reader.value(node.value)
    reader.at(node)
    try:
        return attribute(value, node.attr)
    except LookupError:
        raise reader.undecidable(f"'{ast.unparse(node)}' may be computed") from None


def _subscript(reader: Reader, node: ast.Subscript) -> object:
    value: Any = reader.value(node.value)
    key: Any = reader.value(node.slice)
    reader.at(node)
    if any(value is each for each in _CONTAINERS):
        # A handle must not be compared.
        return value[key]
    if isinstance(value, type) and not hasattr(type(value), "__getitem__"):
        raise reader.undecidable(f"'{ast.unparse(node)}' is a type")
    return applied(reader, node, operator.getitem, value, key)


def _binary(reader: Reader, node: ast.BinOp) -> object:
    left, right = reader.value(node.left), reader.value(node.right)
    reader.at(node)
    return applied(reader, node, _BINARY[type(node.op)], left, right)


def in_place(reader: Reader, node: ast.AugAssign, before: object) -> object:
    """What `+=` and its like give."""
    value = reader.value(node.value)
    reader.at(node)
    operation = _IN_PLACE.get(type(node.op)) or _BINARY[type(node.op)]
    if isinstance(before, (list, dict, set)):
        reader.check_own(before)
    return applied(reader, node, operation, before, value)


def _unary(reader: Reader, node: ast.UnaryOp) -> object:
    value = reader.value(node.operand)
    reader.at(node)
    return applied(reader, node, _UNARY[type(node.op)], value)


def _both(reader: Reader, node: ast.BoolOp) -> object:
    value: object = None
    for part in node.values:
        value = reader.value(part)
        if part is not node.values[-1] and is_true(reader, part, value) is isinstance(node.op, ast.Or):
            return value
    return value


def _compare(reader: Reader, node: ast.Compare) -> object:
    left = reader.value(node.left)
    found: object = True
    for place, (kind, other) in enumerate(zip(node.ops, node.comparators, strict=True)):
        right = reader.value(other)
        reader.at(node)
        if isinstance(kind, (ast.Is, ast.IsNot)):
            check_identity(left, right)
            found = _COMPARED[type(kind)](left, right)
        else:
            found = applied(reader, node, _COMPARED[type(kind)], left, right)
        if place < len(node.ops) - 1 and not is_true(reader, node, found):
            return found
        left = right
    return found


def _either(reader: Reader, node: ast.IfExp) -> object:
    test = reader.value(node.test)
    return reader.value(node.body if is_true(reader, node.test, test) else node.orelse)


def _several(reader: Reader, nodes: Sequence[ast.expr]) -> Iterator[object]:
    for node in nodes:
        if isinstance(node, ast.Starred):
            iterable = reader.value(node.value)
            reader.at(node)
            yield from reader.each(iterable)
        else:
            yield reader.value(node)


def _dict(reader: Reader, node: ast.Dict) -> dict[Any, object]:
    found: dict[Any, object] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            more: Any = reader.value(value)
            if not isinstance(more, dict):
                reader.at(value)
                raise reader.undecidable(f"'**{ast.unparse(value)}' is no dict")
            found.update(more)
        else:
            name: Any = reader.value(key)
            reader.at(key)
            found[hashable(reader, name)] = reader.value(value)
    return found


def _call(reader: Reader, node: ast.Call) -> object:
    function = reader.value(node.func)
    args = list(_several(reader, node.args))
    kwargs: dict[str, object] = {}
    for keyword in node.keywords:
        value: Any = reader.value(keyword.value)
        if keyword.arg is not None:
            kwargs[keyword.arg] = value
        elif isinstance(value, dict):
            kwargs.update(value)
        else:
            reader.at(keyword.value)
            raise reader.undecidable(f"'**{ast.unparse(keyword.value)}' is no dict")
    reader.at(node)
    reader.uses.called(node)
    check_test(function, args)
    return reader.call(function, args, kwargs)


def _text(reader: Reader, node: ast.JoinedStr) -> str:
    return "".join(str(reader.value(part)) for part in node.values)


def _formatted(reader: Reader, node: ast.FormattedValue) -> str:
    value = reader.value(node.value)
    spec = reader.value(node.format_spec) if node.format_spec else ""
    reader.at(node)
    if node.conversion == -1:
        return str(applied(reader, node, format, value, spec))
    return format(str(applied(reader, node, _FORMATS[node.conversion], value)), str(spec))


def _walrus(reader: Reader, node: ast.NamedExpr) -> object:
    value = reader.value(node.value)
    reader.top.scope.function.values[node.target.id] = value
    return value


def _lambda(reader: Reader, node: ast.Lambda) -> ReadFunction:
    name = f"{reader.top.f_code.co_qualname}{LOCALS}<lambda>"
    return ReadFunction(node, reader.top, name, defaults=defaults_of(reader, node.args), call=reader.call)


def _slice(reader: Reader, node: ast.Slice) -> slice:
    parts = (reader.value(part) if part else None for part in (node.lower, node.upper, node.step))
    return slice(*parts)


EXPRESSIONS: Final[Mapping[type[ast.expr], Callable[[Any, Any], object]]] = {
    ast.Attribute: _attribute,
    ast.BinOp: _binary,
    ast.BoolOp: _both,
    ast.Call: _call,
    ast.Compare: _compare,
    ast.Constant: _constant,
    ast.Dict: _dict,
    ast.DictComp: dict_of,
    ast.FormattedValue: _formatted,
    ast.GeneratorExp: generator,
    ast.IfExp: _either,
    ast.JoinedStr: _text,
    ast.Lambda: _lambda,
    ast.List: lambda reader, node: list(_several(reader, node.elts)),
    ast.ListComp: list_of,
    ast.Name: _name,
    ast.NamedExpr: _walrus,
    ast.Set: lambda reader, node: {hashable(reader, value) for value in _several(reader, node.elts)},
    ast.SetComp: set_of,
    ast.Slice: _slice,
    ast.Subscript: _subscript,
    ast.Tuple: lambda reader, node: tuple(_several(reader, node.elts)),
    ast.UnaryOp: _unary,
}
