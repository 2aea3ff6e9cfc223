"""Values that the codec takes, and texts that platforms, shells and JSON are known to trip over."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st


class Carrier(Enum):
    UNITED = "UA"
    AMERICAN = "AA"


CLASSES: Final[Mapping[str, Any]] = {"tests.unit.model.strategies:Carrier": Carrier}
NASTY: Final = (
    "${var.catalog}", "{{job.run_id}}", "{{{x}}}", "{{`a-b`}}", "$", "{", "}}", "\\", '"', "'", "\\u007b", "~",
    "é", "漢字", "\U0001f6eb", "\x00", "\n", " ", "--task=x", "<script>",
)  # fmt: skip  # a table reads better in rows


def load(reference: str) -> Any:  # noqa: ANN401  a class, whichever
    """What the loading floor does in a process."""
    return CLASSES[reference]


def texts() -> st.SearchStrategy[str]:
    """Any text, with what could be taken for something else more often than chance."""
    pieces = st.sampled_from(NASTY) | st.text(max_size=5)
    return st.lists(pieces, max_size=5).map("".join)


def timezones() -> st.SearchStrategy[timezone]:
    """Fixed offsets: the only zones that ISO can say."""
    return st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def moments() -> st.SearchStrategy[datetime]:
    """Datetimes; ISO cannot say which of two equal local times is meant, and Python takes both for equal."""
    return st.datetimes(timezones=st.none() | timezones()).map(lambda moment: moment.replace(fold=0))


def scalars() -> st.SearchStrategy[object]:
    """All that the codec takes and that equals itself."""
    return st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        texts(),
        st.dates(),
        moments(),
        st.decimals(allow_nan=False),
        st.sampled_from(Carrier),
        texts().filter(lambda text: "\0" not in text).map(Path),
        st.binary(),
    )


def values() -> st.SearchStrategy[object]:
    """Scalars, lists and dicts of them."""
    return st.recursive(
        scalars(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts(), inner, max_size=4),
        max_leaves=12,
    )


def exactly(value: object) -> object:
    """A value and the types of all its parts, in order: equal only to what is the very same."""
    if isinstance(value, (list, tuple)):
        return type(value), [exactly(item) for item in value]
    if isinstance(value, dict):
        return type(value), [(key, exactly(item)) for key, item in value.items()]
    return type(value), (value.as_tuple() if isinstance(value, Decimal) else repr(value))
