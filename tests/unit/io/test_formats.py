import subprocess
import sys
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Optional, Union

import polars as pl
import pytest

from lakewright.errors.base import LakewrightError
from lakewright.io import formats


@pytest.mark.parametrize(
    ("annotation", "wanted"),
    [
        (pl.DataFrame, "polars.DataFrame"),
        (pl.LazyFrame, "polars.LazyFrame"),
        (pl.DataFrame | None, "polars.DataFrame"),
        (Optional[pl.LazyFrame], "polars.LazyFrame"),  # noqa: UP045  how many write it
        (Union[int, pl.LazyFrame, None], "polars.LazyFrame"),  # noqa: UP007  how many write it
        (int, None),
        (None, None),
        (object, None),
    ],
)
def test_an_annotation_tells_which_frame_is_wanted(annotation: object, wanted: str | None) -> None:
    assert formats.wanted_frame(annotation) == wanted


@pytest.mark.parametrize(
    "value",
    ["a", 1, 1.5, True, b"x", date(2013, 1, 1), datetime(2013, 1, 1, tzinfo=timezone.utc), Decimal(1), pl.DataFrame()],
)
def test_what_nobody_can_change_may_be_shared(value: object) -> None:
    assert formats.is_immutable(value)


@pytest.mark.parametrize("value", [[1], {"a": 1}, (1,), {1}, pl.LazyFrame(), object(), bytearray(b"x"), Path("a")])
def test_what_can_change_or_might_hold_what_can_is_not_shared(value: object) -> None:
    assert not formats.is_immutable(value)


def test_a_subclass_of_a_scalar_may_carry_more_than_the_scalar() -> None:
    class Text(str):
        __slots__ = ("notes",)

    assert not formats.is_immutable(Text("a"))


def test_frames_in_memory_become_what_the_consumer_asks_for() -> None:
    frame = pl.DataFrame({"a": [1, 2]})
    assert isinstance(formats.converted(frame, lambda: pl.LazyFrame), pl.LazyFrame)
    assert isinstance(formats.converted(frame.lazy(), lambda: pl.DataFrame), pl.DataFrame)
    assert isinstance(formats.converted(frame.lazy(), lambda: None), pl.LazyFrame)


def test_an_annotation_is_only_resolved_for_frames() -> None:
    def unresolvable() -> object:
        message = "nobody should ask"
        raise LakewrightError(message)

    assert formats.converted([1], unresolvable) == [1]
    with pytest.raises(LakewrightError, match="nobody should ask"):
        formats.converted(pl.DataFrame(), unresolvable)


def test_a_frame_in_memory_is_not_shared_with_those_who_change_theirs() -> None:
    frame = pl.DataFrame({"a": [1, 2]})
    other = formats.converted(frame, lambda: pl.DataFrame)
    assert isinstance(other, pl.DataFrame)
    other.columns = ["b"]
    assert frame.columns == ["a"]


def test_no_engine_is_loaded_for_values_that_are_no_frames() -> None:
    code = (
        "import sys; from lakewright.io import formats; from lakewright.io.default import DefaultIo\n"
        "from lakewright.io.base import OutputContext\n"
        "DefaultIo().write(OutputContext(job='j', run_id='1', task='t'), {'a': [1, 2.5, None]})\n"
        "formats.converted([1], lambda: None)\n"
        "print('polars' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
