from typing import Final

import pytest

from lakewright.errors.running import OutputError
from lakewright.io.stored import inside, read_stored, select
from lakewright.loading.objects import load
from lakewright.model.record import Stored
from tests.unit.io.sample_values import Report, Split, frame

ONE: Final = Stored(format="json", value=1)
TWO: Final = Stored(format="json", value=[2, {"x": 3}])
BOTH: Final = Stored(format="object", kind="a:B", parts=(("train", ONE), ("test", TWO)))


@pytest.mark.parametrize(
    ("path", "part", "rest"),
    [
        ((), BOTH, ()),
        (("train",), ONE, ()),
        ((0,), ONE, ()),
        ((-1,), TWO, ()),
        (("test", 1, "x"), TWO, (1, "x")),
    ],
)
def test_a_path_leads_to_a_part_as_far_as_parts_go(
    path: tuple[str | int, ...], part: Stored, rest: tuple[str | int, ...]
) -> None:
    assert select(BOTH, path, task="split") == (part, rest)


@pytest.mark.parametrize("key", ["tset", 2, -3])
def test_a_part_that_is_not_there_is_told_by_name(key: str | int) -> None:
    with pytest.raises(OutputError, match=rf"output of task 'split' has no part {key!r}; it has train, test"):
        select(BOTH, (key,), task="split")


def test_an_empty_container_has_no_part() -> None:
    with pytest.raises(OutputError, match="has no part 0; it has none"):
        select(Stored(format="list"), (0,), task="split")


def test_parts_of_data_are_taken_by_key_index_and_attribute() -> None:
    value = {"rows": [Split(frame(1), frame(2)), Report("a", frame(3))]}
    assert inside(value, ("rows", 0, "test"), task="t")["delay"].to_list() == [2]
    assert inside(value, ("rows", 1, "title"), task="t") == "a"
    assert inside(value, ("rows", 0, 0), task="t")["delay"].to_list() == [1]


@pytest.mark.parametrize(
    ("value", "step", "what"),
    [
        ({"a": 1}, "b", "it is a dict"),
        ([1], 3, "it is a list"),
        (None, "train", "it is a NoneType"),
        (1, 0, "it is an int"),
    ],
)
def test_data_without_the_part_is_told_so(value: object, step: str | int, what: str) -> None:
    with pytest.raises(OutputError, match=rf"has no part {step!r}; {what}\n  Return what the annotation"):
        inside(value, (step,), task="t")


def test_an_output_of_an_unknown_engine_is_told_so() -> None:
    with pytest.raises(
        OutputError, match=r"kind .spark\.DataFrame. was kept by an engine that this release does not have"
    ):
        read_stored(Stored(format="delta", kind="spark.DataFrame"), load, lambda: None)
