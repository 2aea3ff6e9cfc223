"""What expressions of GitHub workflows come to, by GitHub's rules of comparison and conversion."""

import json
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tests.workflows.expressions import (
    Binary,
    Call,
    Constant,
    Context,
    Expression,
    ExpressionError,
    Member,
    Not,
    calls,
    parse,
)

Value: TypeAlias = Any
"""None, bool, float, str, a list or a mapping: what JSON knows."""

Function: TypeAlias = Callable[..., Value]

EXPRESSION: Final = re.compile(r"\$\{\{((?:[^'}]|'(?:[^']|'')*'|\}(?!\}))*)\}\}")
STATUS: Final = frozenset(["always", "success", "failure", "cancelled"])
COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Known(dict[str, Value]):
    """A mapping whose members are all known: another name is a mistake, where GitHub would give null."""


class Filtered(list[Value]):
    """What `.*` gives: a member of it is that member of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an expression can see where it stands."""

    contexts: Mapping[str, Value]
    functions: Mapping[str, Function]

    def evaluate(self, text: str) -> Value:
        """What an expression, written without `${{`, comes to."""
        return self._value(parse(text))

    def interpolate(self, text: str) -> Value:
        """A text with its expressions replaced; the value itself where the text is one expression."""
        if whole := EXPRESSION.fullmatch(text.strip()):
            return self.evaluate(whole[1])
        filled = EXPRESSION.sub(lambda match: to_text(self.evaluate(match[1])), text)
        if "${{" in EXPRESSION.sub("", text):
            raise ExpressionError(f"'{text}' holds an expression without an end")
        return filled

    def text(self, text: str) -> str:
        """A text with its expressions replaced."""
        return to_text(self.interpolate(text))

    def holds(self, condition: str) -> bool:
        """Whether an `if:` holds; one that asks for no status asks for success."""
        whole = EXPRESSION.fullmatch(condition.strip())
        tree = parse(whole[1] if whole else condition)
        asks = any(function in STATUS for function in calls(tree))
        return (asks or truth(self.functions["success"]())) and truth(self._value(tree))

    def _value(self, tree: Expression) -> Value:
        match tree:
            case Constant(value):
                return value
            case Context(name):
                return _known(self.contexts, name, kind="context")
            case Member(of, key):
                return _member(self._value(of), None if key is None else self._value(key))
            case Not(of):
                return not truth(self._value(of))
            case Binary(sign, left, right):
                return self._binary(sign, left, right)
            case Call(name, arguments):
                function = _known(self.functions, name, kind="function")
                return function(*(self._value(argument) for argument in arguments))

    def _binary(self, sign: str, left: Expression, right: Expression) -> Value:
        first = self._value(left)
        if sign in {"&&", "||"}:
            return self._value(right) if truth(first) == (sign == "&&") else first
        second = self._value(right)
        if sign in {"==", "!="}:
            return equal(first, second) == (sign == "==")
        return _compare(sign, first, second)


def _known(found: Mapping[str, Value], name: str, *, kind: str) -> Value:
    if name not in found:
        raise ExpressionError(f"there is no {kind} '{name}' here, only {sorted(found)}")
    return found[name]


def truth(value: Value) -> bool:
    """False are false, 0, NaN, the empty text and null."""
    if isinstance(value, (list, dict)):
        return True
    return bool(value) and value == value  # noqa: PLR0124  only NaN differs from itself


def equal(one: Value, other: Value) -> bool:
    """Texts are equal in any case; what is of two kinds is compared as numbers; lists only with themselves."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    if isinstance(one, (list, dict)) or isinstance(other, (list, dict)):
        return one is other
    return to_number(one) == to_number(other)


def _compare(sign: str, one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return COMPARISONS[sign](one.casefold(), other.casefold())
    return COMPARISONS[sign](to_number(one), to_number(other))


def to_number(value: Value) -> float:
    """A number, or NaN."""
    if value is None or value == "":
        return 0.0
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def to_text(value: Value) -> str:
    """What an expression leaves in a text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)
        case str():
            return value
        case list():
            return "Array"
        case _:
            return "Object"


def _member(of: Value, key: Value) -> Value:
    if key is None:
        return Filtered(of.values() if isinstance(of, Mapping) else of or ())
    if isinstance(of, Filtered):
        return Filtered(found for each in of if (found := _member(each, key)) is not None)
    if isinstance(of, list):
        return of[int(key)] if isinstance(key, (int, float)) and 0 <= key < len(of) else None
    if not isinstance(of, Mapping):
        return None
    found = {name.casefold(): value for name, value in of.items()}
    if isinstance(of, Known) and str(key).casefold() not in found:
        raise ExpressionError(f"'{key}' is none of {sorted(of)}")
    return found.get(str(key).casefold())


def _contains(where: Value, what: Value) -> bool:
    if isinstance(where, list):
        return any(equal(each, what) for each in where)
    return to_text(what).casefold() in to_text(where).casefold()


def _format(pattern: str, *values: Value) -> str:
    def fill(match: "re.Match[str]") -> str:
        if match[1] is None:
            return match[0][0]
        if int(match[1]) >= len(values):
            raise ExpressionError(f"'{pattern}' has no value for {match[0]}")
        return to_text(values[int(match[1])])

    return re.sub(r"\{\{|\}\}|\{(\d+)\}", fill, pattern)


def _join(values: Value, separator: str = ",") -> str:
    each: Sequence[Value] = values if isinstance(values, list) else [values]
    return separator.join(map(to_text, each))


def _from_json(text: str) -> Value:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ExpressionError(f"fromJSON: {text!r} is no JSON") from error


FUNCTIONS: Final[Mapping[str, Function]] = {
    "contains": _contains,
    "startswith": lambda text, start: to_text(text).casefold().startswith(to_text(start).casefold()),
    "endswith": lambda text, end: to_text(text).casefold().endswith(to_text(end).casefold()),
    "format": _format,
    "join": _join,
    "tojson": lambda value: json.dumps(value, indent=2),
    "fromjson": _from_json,
}
