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
from typing import Any, Final

from lakewright.model.reference import Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Load = Callable[[str], Any]
    """Finds a class or function by its reference."""

TAG: Final = "~"
_COMPACT: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
_PLAIN: Final = frozenset({str, int, bool, type(None)})
# By name: importing `pathlib` costs milliseconds that only users of paths should pay.
_PATHS: Final = frozenset({"PosixPath", "WindowsPath"})


class UnencodableError(ValueError):
    """A value, or a part of it, that JSON cannot give back as it was.

    Attributes:
        path: where in the value, as Python would subscript it.
        reason: what stands there.
    """

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
    if kind in _PLAIN or (isinstance(value, float) and kind is float and math.isfinite(value)):
        return value
    if isinstance(value, list) and kind is list:
        return [item if type(item) in _PLAIN else encode(item, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, dict) and kind is dict:
        return _encode_dict(value, path)
    return {TAG: _tag(value, path), "v": _content(value, path)}


def _encode_dict(value: dict[object, object], path: str) -> object:
    encoded: dict[str, object] = {}
    for key, item in value.items():
        if type(key) is not str:
            raise UnencodableError(path, f"a dict with the key {key!r} ({type(key).__name__}); keys must be str")
        encoded[key] = encode(item, f"{path}[{key!r}]")
    return {TAG: "dict", "v": [[key, item] for key, item in encoded.items()]} if TAG in encoded else encoded


def _tag(value: object, path: str) -> str:
    kind = type(value)
    if kind in _WRITERS:
        return kind.__name__
    if isinstance(value, Enum):
        return "Enum"
    if kind.__module__.startswith("pathlib") and kind.__name__ in _PATHS:
        return "Path"
    raise UnencodableError(path, described(kind))


def _content(value: object, path: str) -> object:
    if not isinstance(value, Enum):
        return _WRITERS.get(type(value), str)(value)
    reference = Reference.of(type(value))
    if reference.body is not None:
        raise UnencodableError(
            path, f"of {described(type(value))}, defined inside a function: no other process finds it"
        )
    if value.name not in type(value).__members__:
        raise UnencodableError(path, f"{value!r}, which is no single member")
    return [str(reference), value.name]


def described(kind: type) -> str:
    """A type with its article.

    >>> described(int), described(Decimal)
    ('an int', 'a decimal.Decimal')
    """
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def decode(encoded: Any, load: Load) -> Any:  # noqa: ANN401  the value can be of any type
    """The value that `encode` wrote.

    >>> decode({"~": "date", "v": "2013-01-31"}, load=str)
    datetime.date(2013, 1, 31)
    """
    if isinstance(encoded, list):
        return [item if type(item) in _PLAIN else decode(item, load) for item in encoded]
    if not isinstance(encoded, dict):
        return encoded
    if TAG not in encoded:
        return {key: item if type(item) in _PLAIN else decode(item, load) for key, item in encoded.items()}
    return _decode_tagged(encoded[TAG], encoded["v"], load)


def _decode_tagged(tag: str, content: Any, load: Load) -> object:  # noqa: ANN401  as the tag says
    if tag == "dict":
        return {key: decode(item, load) for key, item in content}
    if tag == "Enum":
        reference, name = content
        return load(reference)[name]
    return _READERS[tag](content)


def _read_path(text: str) -> object:
    from pathlib import Path

    return Path(text)


_WRITERS: Final[Mapping[type, Callable[[Any], str]]] = {
    date: date.isoformat,
    datetime: datetime.isoformat,
    Decimal: str,
    bytes: bytes.hex,
    float: repr,
}
_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "Decimal": Decimal,
    "bytes": bytes.fromhex,
    "float": float,
    "Path": _read_path,
}


def is_json(value: object) -> bool:
    """Whether a value consists of JSON's own types only.

    >>> is_json({"a": [1, None]}), is_json({"a": date(2013, 1, 31)}), is_json((1, 2))
    (True, False, False)
    """
    try:
        return encode(value) == value
    except UnencodableError:
        return False


def to_text(encoded: object) -> str:
    r"""JSON text of encoded values: compact and in ASCII, the order of keys kept, because a dict keeps it too.

    >>> to_text({"b": 1, "a": "ü"})
    '{"b":1,"a":"\\u00fc"}'
    """
    return _COMPACT.encode(encoded)
