"""Job parameters: their types, and how a value becomes text and text a value.

The platform hands parameters over as text. `str` is taken as typed; other types read ISO (dates) or JSON; empty text
is None only for an optional type that is not `str`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, TypeAlias

from lakewright.errors.authoring import ParameterError
from lakewright.model.values import is_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.model.values import Load

Kind: TypeAlias = Literal[
    "str", "int", "float", "bool", "date", "datetime", "Decimal", "list", "dict", "literal", "enum"
]
Choice: TypeAlias = str | int | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterType:
    """The type of a parameter: a kind, whether None is allowed, and what literals or which Enum there are.

    >>> ParameterType(kind="int").parse("month", "2", load=str)
    2
    """

    kind: Kind
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    enum: str = ""

    def __str__(self) -> str:
        names = {"literal": " or ".join(map(repr, self.choices)), "enum": self.enum.partition(":")[2]}
        name = names.get(self.kind, self.kind)
        return f"{name} | None" if self.optional else name

    def parse(self, name: str, text: str, load: Load) -> object:
        """The value that `text` stands for.

        Raises:
            ParameterError: it is not text of this type.
        """
        if self.kind == "str":
            return text
        if not text and self.optional:
            return None
        try:
            return self._parse(text, load)
        except (ValueError, KeyError, InvalidOperation, RecursionError) as error:
            raise ParameterError.unparsable(name, text, wanted=f"of type {self}") from error

    def _parse(self, text: str, load: Load) -> object:
        if self.kind == "literal":
            return {self.text(choice): choice for choice in self.choices}[text]
        if self.kind == "enum":
            return load(self.enum)[text]
        return _PARSERS[self.kind](text)

    def text(self, value: Any) -> str:  # noqa: ANN401  of the type that this describes
        """The text that reads back as `value`.

        >>> ParameterType(kind="date").text(date(2013, 1, 31))
        '2013-01-31'
        """
        if value is None:
            return ""
        if isinstance(value, str) and self.kind in {"str", "literal"}:
            return value
        if self.kind == "enum":
            return str(value.name)
        if self.kind in {"date", "datetime"}:
            return str(value.isoformat())
        return str(value) if self.kind == "Decimal" else json.dumps(value)

    def accepts(self, value: object, load: Load) -> bool:
        """Whether a Python value is of this type, so that `text` and `parse` bring it back."""
        if value is None:
            return self.optional and self.kind != "str"
        if self.kind == "literal":
            return any(type(value) is type(choice) and value == choice for choice in self.choices)
        if self.kind == "enum":
            return isinstance(value, load(self.enum))
        if self.kind == "float":
            return type(value) in {int, float}
        return type(value) is _TYPES[self.kind] and (self.kind not in {"list", "dict"} or is_json(value))

    def to_json(self) -> dict[str, object]:
        """The type for an invocation; `from_json` reads it."""
        found: dict[str, object] = {"kind": self.kind}
        if self.optional:
            found["optional"] = True
        if self.choices:
            found["choices"] = list(self.choices)
        if self.enum:
            found["enum"] = self.enum
        return found

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> ParameterType:
        """The type that `to_json` wrote."""
        return cls(**{**content, "choices": tuple(content.get("choices", ()))})


_TYPES: Final[Mapping[Kind, type]] = {
    "str": str, "int": int, "float": float, "bool": bool, "date": date, "datetime": datetime, "Decimal": Decimal,
    "list": list, "dict": dict,
}  # fmt: skip  # a table reads better in rows


def _json_of(kind: type) -> Callable[[str], object]:
    def parse(text: str) -> object:
        value = json.loads(text)
        if type(value) is not kind:
            raise ValueError(text)
        return value

    return parse


def _plainly(parse: Callable[[str], object]) -> Callable[[str], object]:
    """Without what only Python reads: `1_000` and digits of other scripts."""

    def strictly(text: str) -> object:
        if "_" in text or not text.isascii():
            raise ValueError(text)
        return parse(text)

    return strictly


def _bool(text: str) -> bool:
    return {"true": True, "false": False}[text.strip().lower()]


def _date(text: str) -> date:
    found = date.fromisoformat(text)
    # Newer Pythons read other forms too, which the Python of the target may not.
    if found.isoformat() != text:
        raise ValueError(text)
    return found


def _datetime(text: str) -> datetime:
    # Python 3.10 does not read the "Z" that the platform writes.
    return datetime.fromisoformat(f"{text[:-1]}+00:00" if text.endswith("Z") else text)


_PARSERS: Final[Mapping[Kind, Callable[[str], object]]] = {
    "int": _json_of(int),
    "float": _plainly(float),
    "bool": _bool,
    "date": _date,
    "datetime": _datetime,
    "Decimal": _plainly(Decimal),
    "list": _json_of(list),
    "dict": _json_of(dict),
}

JOB_START_DATE: Final = "{{job.start_time.iso_date}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a job.

    Attributes:
        default: the default as text (a platform reference where `is_reference`), or None when a value must be given.
    """

    name: str
    type: ParameterType
    default: str | None = None
    is_reference: bool = False

    def to_json(self) -> dict[str, object]:
        """The parameter for a digest and for people."""
        return {"name": self.name, "type": self.type.to_json(), "default": self.default}
