"""Reading: only what is asked for, and errors that name the task and what there is."""

from pathlib import Path
from typing import Final, NamedTuple

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from lakewright.errors.running import OutputError
from lakewright.io.stored import inside, select
from lakewright.model.record import Stored
from tests.unit.io.outputs import Outputs

FRAME: Final = pl.DataFrame({"a": [1, 2]})


class Split(NamedTuple):
    train: pl.DataFrame
    test: pl.DataFrame


def test_of_a_container_only_the_file_of_the_part_is_read(tmp_path: Path) -> None:
    outputs = Outputs(tmp_path)
    stored = outputs.write({"good": FRAME, "other": FRAME})
    part, rest = select(stored, ("good",), task="make")
    Path(stored.all_files[1].path).unlink()
    assert rest == ()
    assert_frame_equal(outputs.read(part), FRAME)
    with pytest.raises(OutputError, match="is gone"):
        outputs.read(stored)


@pytest.mark.parametrize(("step", "rows"), [(0, 1), (1, 2), (-1, 2), (-2, 1), ("train", 1), ("test", 2)])
def test_parts_of_a_named_tuple_go_by_name_and_index(tmp_path: Path, step: str | int, rows: int) -> None:
    stored = Outputs(tmp_path).write(Split(FRAME.head(1), FRAME))
    assert select(stored, (step,), task="make")[0].rows == rows


def test_a_path_leads_through_containers_into_values(tmp_path: Path) -> None:
    stored = Outputs(tmp_path).write({"frames": [FRAME, {"n": [5, 6]}]})
    part, rest = select(stored, ("frames", 1, "n", 0), task="make")
    assert rest == ()
    assert inside(Outputs(tmp_path).read(part), rest, task="make") == 5


def test_a_part_that_is_not_there_is_an_error_that_says_what_is(tmp_path: Path) -> None:
    stored = Outputs(tmp_path).write({"a": FRAME, "b": FRAME})
    with pytest.raises(OutputError, match="the output of task 'make' has no part 'c'; it has a, b\n  Return what the"):
        select(stored, ("c",), task="make")
    pair = Outputs(tmp_path).write([FRAME, FRAME])
    with pytest.raises(OutputError, match="no part 2; it has 0, 1"):
        select(pair, (2,), task="make")
    with pytest.raises(OutputError, match="no part -3"):
        select(pair, (-3,), task="make")


@pytest.mark.parametrize(
    ("value", "step"), [({"a": 1}, "b"), ([1], 1), (None, "a"), (7, 0), ({"keys": 1}, "items"), ("text", "nothing")]
)
def test_a_value_without_the_part_is_an_error_too(value: object, step: str | int) -> None:
    with pytest.raises(OutputError, match=f"the output of task 'make' has no part {step!r}; it is a"):
        inside(value, (step,), task="make")


def test_a_key_of_a_dict_comes_before_its_methods() -> None:
    assert inside({"items": 7}, ("items",), task="make") == 7


def test_an_output_of_an_engine_that_this_release_lacks_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"kind 'ibis.Table' was kept by an engine that this release does not have"):
        Outputs(tmp_path).read(Stored(format="arrow", kind="ibis.Table"))
