from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from polars.testing import assert_frame_equal

from lakewright.errors.running import FormatError, OutputError
from lakewright.io.default import MAX_INLINE_BYTES, DefaultIo
from tests.unit.io.disks import all_below, files_of_at_most
from tests.unit.io.managers import committed, read, write
from tests.unit.io.sample_values import Kind, Report, Split, frame
from tests.unit.model.strategies import exactly, values

IO = DefaultIo()


def round_trip(value: object, root: Path, *, annotation: object = None) -> Any:  # noqa: ANN401  a value of any type
    return read(IO, committed(write(IO, value, root, annotated=lambda: annotation)))


@given(values())
def test_a_value_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    assert exactly(round_trip(value, tmp_path_factory.getbasetemp())) == exactly(value)


def test_a_small_value_lies_in_its_record_and_a_large_one_in_a_file(tmp_path: Path) -> None:
    assert write(IO, "a" * (MAX_INLINE_BYTES - 2), tmp_path).files == ()
    large = "a" * (MAX_INLINE_BYTES - 1)
    stored = write(IO, large, tmp_path)
    assert [file.size for file in stored.files] == [MAX_INLINE_BYTES + 1]
    assert stored.value is None
    assert read(IO, committed(stored)) == large


def test_a_frame_comes_back_with_its_rows_and_schema_in_the_record(tmp_path: Path) -> None:
    rows = pl.DataFrame({"day": [date(2013, 1, 31), None], "delay": [1.5, None]})
    stored = committed(write(IO, rows, tmp_path))
    assert (stored.format, stored.rows, stored.schema) == ("parquet", 2, (("day", "Date"), ("delay", "Float64")))
    assert_frame_equal(read(IO, stored), rows)


def test_a_lazy_frame_is_computed_when_it_is_written(tmp_path: Path) -> None:
    calls: list[int] = []

    def seen(rows: pl.DataFrame) -> pl.DataFrame:
        calls.append(rows.height)
        return rows

    stored = write(IO, frame(1, 2).lazy().map_batches(seen), tmp_path)
    assert sum(calls) == 2
    assert (stored.kind, stored.rows, stored.schema) == ("polars.LazyFrame", 2, (("delay", "Int64"),))
    assert isinstance(read(IO, stored), pl.LazyFrame)


@pytest.mark.parametrize("annotation", [pl.DataFrame, pl.LazyFrame, pl.DataFrame | None])
def test_one_output_is_read_as_each_type_that_is_asked_for(tmp_path: Path, annotation: Any) -> None:  # noqa: ANN401  a type
    stored = write(IO, frame(1), tmp_path)
    wanted = pl.LazyFrame if annotation is pl.LazyFrame else pl.DataFrame
    assert isinstance(read(IO, stored, annotated=lambda: annotation), wanted)


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        ((1, "a"), tuple[int, str]),
        ((1, 2, 3), tuple[int, ...]),
        ((), tuple),
        ([("a", 1)], list[tuple[str, int]]),
        ({"a": (1, None)}, dict[str, tuple[int, None]]),
        ({"kind": Kind.FULL, "days": [date(2013, 1, 31)]}, None),
    ],
)
def test_tuples_that_the_annotation_promises_come_back_as_tuples(
    tmp_path: Path, value: object, annotation: object
) -> None:
    assert round_trip(value, tmp_path, annotation=annotation) == value


def test_parts_of_a_container_are_kept_each_on_its_own(tmp_path: Path) -> None:
    split = round_trip(Split(frame(1, 2), frame(3)), tmp_path)
    assert isinstance(split, Split)
    assert split.test["delay"].to_list() == [3]
    assert all_below(tmp_path) == ["runs/daily/42/load/1/data.0.parquet", "runs/daily/42/load/1/data.1.parquet"]


def test_containers_of_containers_come_back(tmp_path: Path) -> None:
    value = {"reports": [Report("a", frame(1), ["n"]), None], "frame": frame(2), "n": 1}
    again = round_trip(value, tmp_path)
    assert isinstance(again["reports"][0], Report)
    assert again["reports"][0].rows["delay"].to_list() == [1]
    assert (again["reports"][1], again["reports"][0].notes, again["n"]) == (None, ["n"], 1)


def test_rows_of_a_container_are_counted_over_its_parts(tmp_path: Path) -> None:
    stored = write(IO, [frame(1, 2), frame(3), 7], tmp_path)
    assert [leaf.rows for leaf in stored.leaves()] == [2, 1, None]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({1: "a"}, r"the result is a dict with the key 1 \(int\); keys must be str\n  Return a frame"),
        ((1, 2), "the result is a tuple\n  Annotate the return as tuple"),
        ([(1, 2)], r"the result is a tuple\n  Annotate"),
        ({1, 2}, "the result is a set"),
        (object(), "the result is an object\n  Return a frame, JSON types"),
        ({"a": [1, {2}]}, "the result is a set"),
        (iter([1]), "the result is a list_iterator"),
    ],
)
def test_what_no_format_holds_is_refused_with_its_place_and_the_way_out(
    tmp_path: Path, value: object, message: str
) -> None:
    with pytest.raises(FormatError, match=f"no format can hold the output of task 'load': {message}"):
        write(IO, value, tmp_path)
    assert all_below(tmp_path) == []


def test_a_value_that_holds_itself_is_refused(tmp_path: Path) -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(FormatError, match="nested too deeply, or holds itself"):
        write(IO, endless, tmp_path)


def test_an_object_of_a_class_that_no_other_process_finds_is_refused(tmp_path: Path) -> None:
    class Local(Report):
        pass

    with pytest.raises(FormatError, match="Local"):
        write(IO, Local("a", frame(1)), tmp_path)


def test_a_frame_that_does_not_fit_on_the_disk_is_an_error_of_ours(tmp_path: Path) -> None:
    rows = pl.DataFrame({"delay": range(100_000)})
    with files_of_at_most(1000), pytest.raises(OutputError, match=r"cannot write .*data\.parquet"):
        write(IO, rows, tmp_path)
    with files_of_at_most(1000), pytest.raises(OutputError, match=r"cannot write .*data\.parquet"):
        write(IO, rows.lazy(), tmp_path)


def test_a_place_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    for value in (frame(1), frame(1).lazy(), "a" * MAX_INLINE_BYTES):
        with pytest.raises(OutputError, match="A file stands where a folder is needed"):
            write(IO, value, tmp_path)


def test_a_file_that_is_gone_or_another_is_told(tmp_path: Path) -> None:
    stored = write(IO, frame(1), tmp_path)
    file = Path(stored.files[0].path)
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(OutputError, match="although its commit record names it"):
        read(IO, stored)
    file.unlink()
    with pytest.raises(OutputError, match="is gone"):
        read(IO, stored, annotated=lambda: pl.LazyFrame)


def test_attempts_do_not_share_a_place(tmp_path: Path) -> None:
    first = write(IO, frame(1), tmp_path, attempt=1)
    second = write(IO, frame(2), tmp_path, attempt=2)
    assert read(IO, first)["delay"].to_list() == [1]
    assert read(IO, second)["delay"].to_list() == [2]


def test_readers_never_list_a_folder(tmp_path: Path) -> None:
    stored = write(IO, frame(1), tmp_path)
    stray = Path(stored.files[0].path).with_name("data.0.parquet")
    frame(8, 9).write_parquet(stray)
    assert read(IO, stored).height == 1
