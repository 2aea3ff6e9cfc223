"""What a for-each repeats its task for."""

from __future__ import annotations

import json

from lakewright.errors.running import RunError


class InputsError(RunError):
    """The inputs of a for-each are no JSON array; its task fails."""


def items(text: str) -> list[object]:
    """The elements of a JSON array.

    Raises:
        InputsError: it is none.

    >>> items('["a", {"day": 1}]')
    ['a', {'day': 1}]
    """
    try:
        found = json.loads(text)
    except ValueError as error:
        raise InputsError(f"the inputs are not JSON: {_short(text)}") from error
    if not isinstance(found, list):
        raise InputsError(f"the inputs are not a JSON array: {_short(text)}")
    return found


def _short(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
