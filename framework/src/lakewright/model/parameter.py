"""Job parameters: their types, and how a value becomes text and text a value.

The platform hands parameters over as text. `str` is taken as typed; other types read ISO (dates) or JSON; empty text
is None only for an optional type that is not `str`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, TypeAlias

from lakewright.errors.authoring import ParameterError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.model.values import Load

Kind: TypeAlias = Literal[
    "str", "int", "float", "bool", "date", "datetime", "Decimal", "list", "dict", "literal", "enum"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterType:
    """The type of a parameter: a kind, whether None is allowed, and what literals or which Enum there are.

    >>> ParameterType(kind="int").parse("month", "2")
    2
    """

    kind: Kind
    optional: bool = False
    choices: tuple[str | int | bool, ...] = ()
    enum: str = ""

    def __str__(self) -> str:
        if self.kind == "literal":
            return " or ".join(repr(choice) for choice in self.choices)
        name = self.enum.partition(":")[2] if self.kind == "enum" else self.kind
        return f"{name} | None" if self.optional else name

    def parse(self, name: str, text: str, load: Load | None = None) -> object:
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
        except (ValueError, KeyError, InvalidOperation) as error:
            raise ParameterError.unparsable(name, text, wanted=f"of type {self}") from error

    def _parse(self, text: str, load: Load | None) -> object:
        if self.kind == "literal":
            return {self.text(choice): choice for choice in self.choices}[text]
        if self.kind == "enum":
            return load(self.enum)[text]  # type: ignore[misc, index]  # enums are only parsed with a loader
        return _PARSERS[self.kind](text)

    def text(self, value: object) -> str:
        """The text that reads back as `value`.

        >>> ParameterType(kind="date").text(date(2013, 1, 31))
        '2013-01-31'
        """
        if value is None:
            return ""
        if isinstance(value, str) and self.kind in {"str", "literal"}:
            return value
        if self.kind == "enum":
            return value.name  # type: ignore[attr-defined]  # an Enum has a name
        if self.kind in {"date", "datetime"}:
            return value.isoformat()  # type: ignore[attr-defined]  # dates have it
        return str(value) if self.kind == "Decimal" else json.dumps(value)

    def accepts(self, value: object, load: Load | None = None) -> bool:
        """Whether a Python value is of this type, so that `text` and `parse` bring it back."""
        if value is None:
            return self.optional and self.kind != "str"
        if self.kind == "literal":
            return any(type(value) is type(choice) and value == choice for choice in self.choices)
        if self.kind == "enum":
            return load is None or isinstance(value, load(self.enum))  # type: ignore[arg-type]  # an Enum class
        if self.kind == "float":
            return type(value) in {int, float}
        return type(value).__name__ == self.kind

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
    def from_json(cls, content: Mapping[str, object]) -> ParameterType:
        """The type that `to_json` wrote."""
        return cls(**{**content, "choices": tuple(content.get("choices", ()))})  # type: ignore[arg-type]  # as written


def _bool(text: str) -> bool:
    return {"true": True, "false": False}[text.strip().lower()]


def _int(text: str) -> int:
    # `int()` also takes "1_000" and full-width digits, which no other reader of the parameter would.
    value = json.loads(text)
    if type(value) is not int:
        raise ValueError(text)
    return value


def _json_of(kind: type) -> Callable[[str], object]:
    def parse(text: str) -> object:
        value = json.loads(text)
        if type(value) is not kind:
            raise ValueError(text)
        return value

    return parse


def _datetime(text: str) -> datetime:
    # Python 3.10 does not read the "Z" that the platform writes.
    return datetime.fromisoformat(f"{text[:-1]}+00:00" if text.endswith("Z") else text)


_PARSERS: Final[Mapping[str, Callable[[str], object]]] = {
    "int": _int,
    "float": float,
    "bool": _bool,
    "date": date.fromisoformat,
    "datetime": _datetime,
    "Decimal": Decimal,
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
