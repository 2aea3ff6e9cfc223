"""Typed values as JSON that reads back exactly: constants in a DAG, small outputs, task values.

JSON's own types stand for themselves. date, datetime, Decimal, Enum, Path, bytes and the floats that JSON lacks are
tagged. Everything else is refused with the place in the value, because a value that comes back as another type
(a tuple as a list, the key 1 as "1") is a bug that shows up far from its cause.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Load = Callable[[str], object]

TAG: Final = "~"
_PLAIN: Final = frozenset({str, int, bool, type(None)})


class UnencodableError(ValueError):
    """A value, or a part of it, that JSON cannot give back as it was."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path or 'the value'} is {reason}")
        self.path = path
        self.reason = reason


def encode(value: object, path: str = "") -> object:
    """`value` as JSON types.

    Raises:
        UnencodableError: a part is of a type that would not come back equal.

    >>> encode({"day": date(2013, 1, 31), "n": [1, None]})
    {'day': {'~': 'date', 'v': '2013-01-31'}, 'n': [1, None]}
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is float:
        return value if math.isfinite(value) else {TAG: "float", "v": repr(value)}  # type: ignore[arg-type]  # kind is float
    if kind is list:
        return [encode(item, f"{path}[{index}]") for index, item in enumerate(value)]  # type: ignore[arg-type, var-annotated]  # kind is list
    if kind is dict:
        return _encode_dict(value, path)  # type: ignore[arg-type]  # kind is dict
    return _encode_tagged(value, path)


def _encode_dict(value: dict[object, object], path: str) -> object:
    encoded: dict[str, object] = {}
    for key, item in value.items():
        if type(key) is not str:
            raise UnencodableError(path, f"a dict with the key {key!r} ({type(key).__name__}); keys must be str")
        encoded[key] = encode(item, f"{path}[{key!r}]")
    return {TAG: "dict", "v": list(encoded.items())} if TAG in encoded else encoded


def _encode_tagged(value: object, path: str) -> object:
    kind = type(value)
    if kind is datetime or kind is date:
        return {TAG: kind.__name__, "v": value.isoformat()}  # type: ignore[attr-defined]  # both have it
    if kind is Decimal:
        return {TAG: "Decimal", "v": str(value)}
    if kind is bytes:
        return {TAG: "bytes", "v": value.hex()}  # type: ignore[attr-defined]  # kind is bytes
    if isinstance(value, Enum):
        return {TAG: "Enum", "v": [f"{kind.__module__}:{kind.__qualname__}", value.name]}
    if isinstance(value, PurePath):
        return {TAG: "Path", "v": str(value)}
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    article = "an" if name[0] in "aeiou" else "a"
    raise UnencodableError(path, f"{article} {name}")


def decode(encoded: object, load: Load) -> object:
    """The value that `encode` wrote; `load` finds the class of an Enum by its reference.

    >>> decode({"~": "date", "v": "2013-01-31"}, load=str)
    datetime.date(2013, 1, 31)
    """
    if isinstance(encoded, list):
        return [decode(item, load) for item in encoded]
    if not isinstance(encoded, dict):
        return encoded
    if TAG not in encoded:
        return {key: decode(item, load) for key, item in encoded.items()}
    return _decode_tagged(encoded[TAG], encoded["v"], load)


def _decode_tagged(tag: str, content: object, load: Load) -> object:
    if tag == "dict":
        return {key: decode(item, load) for key, item in content}  # type: ignore[attr-defined]  # written so by encode
    if tag == "Enum":
        reference, name = content  # type: ignore[misc]  # written so by encode
        return load(reference)[name]  # type: ignore[index]  # an Enum class is indexed by name
    return _DECODERS[tag](content)


def _decode_path(text: str) -> object:
    # `pathlib` proper costs milliseconds that only users of Path constants should pay.
    from pathlib import Path

    return Path(text)


_DECODERS: Final[dict[str, Callable[..., object]]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "Decimal": Decimal,
    "bytes": bytes.fromhex,
    "float": float,
    "Path": _decode_path,
}


def canonical(encoded: object) -> str:
    """JSON text of encoded values: compact, keys sorted, ASCII; equal values give equal text.

    >>> canonical({"b": 1, "a": "ü"})
    '{"a":"\\\\u00fc","b":1}'
    """
    return json.dumps(encoded, sort_keys=True, separators=(",", ":"), allow_nan=False)
