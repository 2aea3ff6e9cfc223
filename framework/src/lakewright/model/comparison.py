"""What a condition task compares: `==` and `!=` compare texts, everything else numbers.

Source: Databricks, "Add branching logic to a job with the If/else task".
"""

from __future__ import annotations

import json
import operator
import re
from decimal import Decimal
from typing import Final

from lakewright.errors.running import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
EQUAL: Final = "EQUAL_TO"
_TEXTS: Final[Mapping[str, tuple[str, Callable[[str, str], bool]]]] = {
    EQUAL: ("==", operator.eq),
    "NOT_EQUAL": ("!=", operator.ne),
}
_NUMBERS: Final[Mapping[str, tuple[str, Callable[[Decimal, Decimal], bool]]]] = {
    "GREATER_THAN": (">", operator.gt),
    "GREATER_THAN_OR_EQUAL": (">=", operator.ge),
    "LESS_THAN": ("<", operator.lt),
    "LESS_THAN_OR_EQUAL": ("<=", operator.le),
}
OPERATORS: Final = (*_TEXTS, *_NUMBERS)


class ConditionError(RunError):
    """A condition cannot be evaluated; its task fails."""


def text_of(value: object) -> str:
    """A value as the platform writes it in the place of a reference: text as it is, everything else as JSON.

    >>> text_of("a"), text_of(True), text_of([1, 2])
    ('a', 'true', '[1,2]')
    """
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def outcome(name: str, left: str, right: str) -> str:
    """`"true"` or `"false"`, as the platform calls what a comparison gives.

    Raises:
        ConditionError: an operand of a numeric comparison is no number.

    >>> outcome("EQUAL_TO", "12.0", "12"), outcome("GREATER_THAN_OR_EQUAL", "12.0", "12")
    ('false', 'true')
    """
    if name in _TEXTS:
        return text_of(_TEXTS[name][1](left, right))
    return text_of(_NUMBERS[name][1](_number(left), _number(right)))


def shown(name: str, left: str, right: str) -> str:
    """A comparison for people.

    >>> shown("LESS_THAN", "2", "10")
    '2 < 10'
    """
    sign = _TEXTS[name][0] if name in _TEXTS else _NUMBERS[name][0]
    return f"{left} {sign} {right}"


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ConditionError(f"{text!r} is not a number", hint="Only == and != compare text.")
    return Decimal(text)


def operand(value: object) -> str:
    """A value that a reference in an operand stands for, as text.

    Raises:
        ConditionError: it is neither text nor a number nor a boolean.
    """
    if not isinstance(value, (str, int, float)):
        raise ConditionError(
            f"a {type(value).__name__} cannot be compared", hint="Set the task value to text, a number or a boolean."
        )
    return text_of(value)
