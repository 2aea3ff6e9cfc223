"""What to return instead, for values that no format holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lakewright.io.formats import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_ANYTHING: Final = (
    "Return a frame, JSON types, or date, datetime, Decimal, Enum, Path, bytes, or a dataclass of them;\n"
    "or give the task its own IO manager: @task(io=…)."
)
_SORTED: Final = "Return sorted(…), or a list of its items."
_BY_TYPE: Final[Mapping[str, str]] = {
    "builtins.tuple": "Annotate the return as tuple[…] to keep each part on its own, or return a list.",
    "builtins.set": _SORTED,
    "builtins.frozenset": _SORTED,
    "builtins.dict": "Use str as keys: {str(key): item for key, item in ….items()}.",
    "numpy.ndarray": "Return ….tolist(), or a polars frame.",
    "pandas.DataFrame": "Return a polars frame: pl.from_pandas(…).",
    "pandas.Series": "Return a polars frame: pl.from_pandas(….to_frame()).",
}


def remedy(value: object) -> str:
    """What its author might do about a value that no format holds.

    >>> remedy({1, 2})
    'Return sorted(…), or a list of its items.'
    """
    name = type_name(type(value))
    if name in _BY_TYPE:
        return _BY_TYPE[name]
    if name.startswith("numpy."):
        return "Return ….item(): the number as Python's own."
    return "Return list(…)." if isinstance(value, Iterator) else _ANYTHING
