"""Expressions of GitHub workflows, read into a tree: what stands between `${{` and `}}`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))
    | (?P<string>'(?:[^']|'')*')
    | (?P<name>[A-Za-z_][\w-]*)
    | (?P<sign>&&|\|\||==|!=|<=|>=|[<>!()\[\].,*])
    )""",
    re.VERBOSE,
)
# From the weakest to the strongest, as GitHub's documents on expressions order them.
LEVELS: Final = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))
CONSTANTS: Final = {"null": None, "true": True, "false": False}


class ExpressionError(ValueError):
    """An expression that GitHub would refuse, or that means nothing where it stands."""


@dataclass(frozen=True, slots=True)
class Constant:
    value: bool | float | str | None


@dataclass(frozen=True, slots=True)
class Context:
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`of.key`, `of['key']`; without a key `of.*`."""

    of: "Expression"
    key: "Expression | None"


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    of: "Expression"


@dataclass(frozen=True, slots=True)
class Binary:
    sign: str
    left: "Expression"
    right: "Expression"


Expression: TypeAlias = "Constant | Context | Member | Call | Not | Binary"


def parse(text: str) -> Expression:
    """The tree of an expression.

    Raises:
        ExpressionError: it is none.
    """
    reader = _Reader(text)
    tree = reader.expression()
    if reader.token is not None:
        raise ExpressionError(f"unexpected '{reader.token[1]}' in '{text}'")
    return tree


def calls(tree: Expression) -> Iterator[str]:
    """The functions that an expression calls, in lower case."""
    match tree:
        case Call(function, arguments):
            yield function
            for argument in arguments:
                yield from calls(argument)
        case Member(of, key):
            yield from calls(of)
            if key is not None:
                yield from calls(key)
        case Not(of):
            yield from calls(of)
        case Binary(_, left, right):
            yield from calls(left)
            yield from calls(right)
        case Constant() | Context():
            pass


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ExpressionError(f"'{text[at:].strip()}' is no expression, in '{text}'")
        yield match.lastgroup, match[match.lastgroup]
        at = match.end()


class _Reader:
    """Reads one token ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self.token = next(self._tokens, None)

    def expression(self, level: int = 0) -> Expression:
        if level == len(LEVELS):
            return self._unary()
        left = self.expression(level + 1)
        while self.token is not None and self.token[0] == "sign" and self.token[1] in LEVELS[level]:
            sign = self._take()
            left = Binary(sign, left, self.expression(level + 1))
        return left

    def _unary(self) -> Expression:
        if self._at("!"):
            self._take()
            return Not(self._unary())
        tree = self._primary()
        while self._at(".") or self._at("["):
            tree = self._member(tree)
        return tree

    def _member(self, of: Expression) -> Expression:
        if self._take() == "[":
            key = None if self._at("*") else self.expression()
            if key is None:
                self._take()
            self._expect("]")
            return Member(of, key)
        if self._at("*"):
            self._take()
            return Member(of, None)
        if self.token is None or self.token[0] != "name":
            raise ExpressionError(f"a name must follow the dot in '{self._text}'")
        return Member(of, Constant(self._take()))

    def _primary(self) -> Expression:
        if self.token is None:
            raise ExpressionError(f"'{self._text}' ends too early")
        kind, text = self.token
        self._take()
        if kind == "number":
            return Constant(float(int(text, 16)) if "0x" in text else float(text))
        if kind == "string":
            return Constant(text[1:-1].replace("''", "'"))
        if kind == "name":
            return self._named(text)
        if text != "(":
            raise ExpressionError(f"unexpected '{text}' in '{self._text}'")
        tree = self.expression()
        self._expect(")")
        return tree

    def _named(self, name: str) -> Expression:
        if not self._at("("):
            return Constant(CONSTANTS[name]) if name in CONSTANTS else Context(name.lower())
        self._take()
        arguments: list[Expression] = []
        while not self._at(")"):
            arguments.append(self.expression())
            if not self._at(")"):
                self._expect(",")
        self._take()
        return Call(name.lower(), tuple(arguments))

    def _at(self, sign: str) -> bool:
        return self.token == ("sign", sign)

    def _take(self) -> str:
        assert self.token is not None
        text = self.token[1]
        self.token = next(self._tokens, None)
        return text

    def _expect(self, sign: str) -> None:
        if not self._at(sign):
            raise ExpressionError(f"'{sign}' is missing in '{self._text}'")
        self._take()
