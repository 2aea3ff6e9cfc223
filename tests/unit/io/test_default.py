"""The default manager: what comes back is what was returned, or nothing is kept."""

import math
from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from lakewright.errors.running import FormatError, OutputError
from lakewright.io.default import MAX_INLINE_BYTES
from tests.unit.io.outputs import Outputs
from tests.unit.model.strategies import texts

FRAME: Final = pl.DataFrame({"a": [1, 2, None], "day": [date(2013, 1, 1), None, None], "names": [["x"], [], None]})


class Colour(Enum):
    RED = 1


class Split(NamedTuple):
    train: pl.DataFrame
    size: int


@dataclass(frozen=True)
class Model:
    weights: pl.DataFrame
    name: str = "m"
    notes: list[str] = field(default_factory=list)


class Float64(float):
    """What numpy gives for a float: more than a float."""


class Custom:
    """Something that no format holds."""


def json_values() -> st.SearchStrategy[Any]:
    scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts()
    dates = st.dates() | st.decimals(allow_nan=False) | st.binary() | st.just(Colour.RED)
    return st.recursive(
        scalars | dates,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts() | st.just("~"), inner, max_size=3),
        max_leaves=8,
    )


@given(json_values())
def test_json_types_and_their_kin_come_back_equal_and_of_their_type(value: object) -> None:
    # Small values lie in the record: no folder is needed.
    back = Outputs(Path("/nowhere")).round_trip(value)
    assert repr(back) == repr(value)


def test_floats_that_json_lacks_come_back(tmp_path: Path) -> None:
    assert math.isnan(Outputs(tmp_path).round_trip(math.nan))
    assert Outputs(tmp_path).round_trip([math.inf, -math.inf, -0.0]) == [math.inf, -math.inf, 0.0]
    assert repr(Outputs(tmp_path).round_trip(-0.0)) == "-0.0"


def test_a_moment_keeps_its_zone_and_a_path_is_a_path(tmp_path: Path) -> None:
    moment = datetime(2013, 1, 31, 5, 17, tzinfo=timezone(timedelta(hours=-5)))
    value = {"at": moment, "file": Path("a/b"), "price": Decimal("1.10")}
    assert repr(Outputs(tmp_path).round_trip(value)) == repr(value)


def test_a_small_value_lies_in_the_record_alone(tmp_path: Path) -> None:
    stored = Outputs(tmp_path).write({"a": 1})
    assert (stored.format, stored.files, stored.kind) == ("json", (), "builtins.dict")
    assert list(tmp_path.iterdir()) == []


def test_a_large_value_has_a_file_of_its_own(tmp_path: Path) -> None:
    value = ["ü" * MAX_INLINE_BYTES]
    outputs = Outputs(tmp_path)
    stored = outputs.write(value)
    (file,) = stored.files
    assert file.path == f"{outputs.folder}/data.json"
    assert Path(file.path).stat().st_size == file.size
    assert outputs.read(stored) == value


def test_a_large_value_whose_file_is_not_the_committed_one_is_an_error(tmp_path: Path) -> None:
    outputs = Outputs(tmp_path)
    stored = outputs.write("x" * MAX_INLINE_BYTES)
    Path(stored.files[0].path).write_text('"y"', encoding="utf-8")
    with pytest.raises(OutputError, match="3 bytes in place of 65,538"):
        outputs.read(stored)


@pytest.mark.parametrize("frame", [FRAME, FRAME.clear(), FRAME.lazy()])
def test_frames_are_parquet_and_come_back_as_they_were(tmp_path: Path, frame: pl.DataFrame | pl.LazyFrame) -> None:
    outputs = Outputs(tmp_path)
    stored = outputs.write(frame)
    assert (stored.format, stored.rows) == ("parquet", frame.lazy().collect().height)
    assert [name for name, _ in stored.schema] == ["a", "day", "names"]
    back = outputs.read(stored)
    assert type(back) is type(frame)
    assert_frame_equal(back.lazy().collect(), frame.lazy().collect())


@pytest.mark.parametrize("written", [FRAME, FRAME.lazy()])
@pytest.mark.parametrize("wanted", [pl.DataFrame, pl.LazyFrame])
def test_the_consumers_annotation_decides_the_type(tmp_path: Path, written: object, wanted: type) -> None:
    outputs = Outputs(tmp_path)
    assert type(outputs.read(outputs.write(written), wanted | None)) is wanted


def test_containers_of_frames_keep_each_part_on_its_own(tmp_path: Path) -> None:
    outputs = Outputs(tmp_path)
    value = {"carriers": FRAME, "by month": [FRAME.head(1), {"x": 1}], "~": None}
    stored = outputs.write(value)
    assert [Path(file.path).name for file in stored.all_files] == ["data.0.parquet", "data.1.0.parquet"]
    back = outputs.read(stored)
    assert list(back) == list(value)
    assert_frame_equal(back["carriers"], FRAME)
    assert_frame_equal(back["by month"][0], FRAME.head(1))
    assert (back["by month"][1], back["~"]) == ({"x": 1}, None)


def test_names_of_parts_are_no_paths(tmp_path: Path) -> None:
    outputs = Outputs(tmp_path)
    stored = outputs.write({"../../../../../../outside": FRAME, "a/b": FRAME, "": FRAME})
    assert all(Path(file.path).parent == outputs.folder for file in stored.all_files)
    assert list(outputs.read(stored)) == ["../../../../../../outside", "a/b", ""]


@pytest.mark.parametrize("annotation", [tuple[int, str], tuple, tuple[int, ...], tuple[int, str] | None], ids=str)
def test_a_tuple_that_the_annotation_promises_comes_back_as_one(tmp_path: Path, annotation: object) -> None:
    assert Outputs(tmp_path).round_trip((1, "a"), annotation) == (1, "a")


def test_a_tuple_of_frames_and_values_comes_back_as_one(tmp_path: Path) -> None:
    frame, number = Outputs(tmp_path).round_trip((FRAME, 7), tuple[pl.DataFrame, int])
    assert_frame_equal(frame, FRAME)
    assert number == 7


def test_a_named_tuple_comes_back_as_its_class(tmp_path: Path) -> None:
    back = Outputs(tmp_path).round_trip(Split(FRAME, 3))
    assert type(back) is Split
    assert_frame_equal(back.train, FRAME)
    assert back.size == 3


def test_a_dataclass_comes_back_as_its_class(tmp_path: Path) -> None:
    back = Outputs(tmp_path).round_trip([Model(FRAME, notes=["x"])])[0]
    assert type(back) is Model
    assert_frame_equal(back.weights, FRAME)
    assert (back.name, back.notes) == ("m", ["x"])


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({1: "a"}, "the result is a dict with the key 1 (int); keys must be str"),
        ({"a": [0, {None: 1}]}, "result['a'][1] is a dict with the key None (NoneType); keys must be str"),
        ({"rows": {1, 2}}, "result['rows'] is a set"),
        ([Float64(1.5)], "result[0] is a tests.unit.io.test_default.Float64"),
        (bytearray(b"x"), "the result is a bytearray"),
        ((number for number in [1]), "the result is a generator"),
        ({"a": Custom()}, "result['a'] is a tests.unit.io.test_default.Custom"),
        (Custom, "the result is a type"),
        (complex(1, 2), "the result is a complex"),
        (OrderedDict(a=1), "the result is a collections.OrderedDict"),
        (defaultdict(list), "the result is a collections.defaultdict"),
        (lambda: 1, "the result is a function"),
    ],
)
def test_what_no_format_gives_back_is_refused_by_task_and_place(tmp_path: Path, value: object, place: str) -> None:
    with pytest.raises(FormatError) as caught:
        Outputs(tmp_path).write(value)
    assert caught.value.message == f"no format can hold the output of task 'make': {place}"
    assert caught.value.hint.startswith(("Return ", "Use str as keys"))
    assert list(tmp_path.iterdir()) == []


def test_the_place_of_a_bad_part_leads_through_all_that_holds_it(tmp_path: Path) -> None:
    value = {"model": Model(FRAME, notes=[b"x", ("a", "b")])}  # type: ignore[list-item]  # what people do all the same
    with pytest.raises(FormatError) as caught:
        Outputs(tmp_path).write(value)
    assert caught.value.message.endswith(": result['model'].notes[1] is a tuple")


def test_a_tuple_that_nobody_promised_is_refused_with_both_ways_out(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"the result is a tuple\n  Annotate the return as tuple\[…\].* or return a"):
        Outputs(tmp_path).write((1, 2))


def test_a_class_that_no_other_process_finds_is_refused(tmp_path: Path) -> None:
    Local = namedtuple("Local", ["x"])  # noqa: PYI024  the untyped one is made here for its place

    @dataclass
    class Inner:
        x: int

    with pytest.raises(FormatError, match=r"test_a_class_that_no_other_process_finds_is_refused.<locals>.Inner"):
        Outputs(tmp_path).write(Inner(1))
    with pytest.raises(FormatError, match="Local"):
        Outputs(tmp_path).write(Local(1))


def test_a_value_that_holds_itself_is_refused(tmp_path: Path) -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(FormatError, match="nested too deeply, or holds itself"):
        Outputs(tmp_path).write(endless)


def test_a_bad_part_is_named_beside_good_ones(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="is a set"):
        Outputs(tmp_path).write({"good": FRAME, "bad": {1}})


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs").touch()
    with pytest.raises(OutputError, match=rf"cannot write {tmp_path}/runs/j/1/make/1/data.parquet"):
        Outputs(tmp_path).write(FRAME)
