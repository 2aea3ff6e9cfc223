from datetime import date
from decimal import Decimal
from typing import NoReturn, Optional

import polars as pl
import pytest

from lakewright.io.formats import converted, is_immutable, type_name, wanted_frame

FRAME = pl.DataFrame({"delay": [1, 2]})


def test_a_type_is_known_by_its_top_package() -> None:
    assert type_name(pl.DataFrame) == "polars.DataFrame"
    assert type_name(type(FRAME.lazy())) == "polars.LazyFrame"


@pytest.mark.parametrize("value", ["a", 1, 1.5, True, b"", date(2013, 1, 1), Decimal(1), FRAME])
def test_what_nobody_can_change_may_be_shared(value: object) -> None:
    assert is_immutable(value)


@pytest.mark.parametrize("value", [[], {}, (), FRAME.lazy(), object(), None])
def test_what_somebody_could_change_is_not_shared(value: object) -> None:
    assert not is_immutable(value)


@pytest.mark.parametrize(
    ("annotation", "frame"),
    [
        (pl.DataFrame, "polars.DataFrame"),
        (pl.LazyFrame, "polars.LazyFrame"),
        (Optional[pl.LazyFrame], "polars.LazyFrame"),  # noqa: UP045  both ways to write it
        (pl.DataFrame | None, "polars.DataFrame"),
        (int, None),
        (None, None),
        (object, None),
        (list[int], None),
    ],
)
def test_an_annotation_asks_for_a_frame_or_for_none(annotation: object, frame: str | None) -> None:
    assert wanted_frame(annotation) == frame


def test_a_frame_comes_as_what_its_consumer_asks_for() -> None:
    assert isinstance(converted(FRAME, lambda: pl.LazyFrame), pl.LazyFrame)
    assert isinstance(converted(FRAME.lazy(), lambda: pl.DataFrame), pl.DataFrame)
    assert isinstance(converted(FRAME.lazy(), lambda: pl.LazyFrame), pl.LazyFrame)
    assert isinstance(converted(FRAME, lambda: None), pl.DataFrame)


def test_a_shared_frame_is_not_changed_by_who_gets_it() -> None:
    mine = converted(FRAME, lambda: pl.DataFrame)
    assert isinstance(mine, pl.DataFrame)
    mine[0, "delay"] = 99
    assert FRAME["delay"].to_list() == [1, 2]


def unresolvable() -> NoReturn:
    raise NameError


def test_what_is_no_frame_asks_for_no_annotation() -> None:
    value = [1]
    assert converted(value, unresolvable) is value
