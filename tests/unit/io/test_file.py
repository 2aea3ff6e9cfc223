"""`FileIo`: a place for others, overwritten by runs that succeed only."""

import json
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from lakewright.errors.authoring import SettingError
from lakewright.errors.running import FormatError, OutputError
from lakewright.io.file import FileIo
from tests.unit.io.outputs import Outputs

FRAME: Final = pl.DataFrame({"a": [1, 2]})


@pytest.mark.parametrize("path", ["a.csv", "a", "a.parquet.gz", ""])
def test_a_path_tells_one_of_the_formats(path: str) -> None:
    with pytest.raises(SettingError, match=r"the path must end with .parquet or .json"):
        FileIo(path)


def test_a_relative_place_lies_under_the_root(tmp_path: Path) -> None:
    Outputs(tmp_path / "root", FileIo("exports/a.parquet")).write(FRAME)
    assert_frame_equal(pl.read_parquet(tmp_path / "root" / "exports" / "a.parquet"), FRAME)


def test_an_absolute_place_is_taken_as_it_is(tmp_path: Path) -> None:
    Outputs(tmp_path / "root", FileIo(f"{tmp_path}/elsewhere/a.parquet")).write(FRAME)
    assert_frame_equal(pl.read_parquet(tmp_path / "elsewhere" / "a.parquet"), FRAME)


def test_json_is_written_for_people_and_programs(tmp_path: Path) -> None:
    value = {"Zürich": [1, 2.5, None, True]}
    outputs = Outputs(tmp_path, FileIo("a.json"))
    stored = outputs.write(value)
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "Zürich" in text
    assert json.loads(text) == value
    assert outputs.read(stored) == value


def test_both_files_are_told_and_the_runs_own_is_read(tmp_path: Path) -> None:
    outputs = Outputs(tmp_path, FileIo("a.parquet"))
    stored = outputs.write(FRAME)
    assert [file.path for file in stored.files] == [f"{outputs.folder}/data.parquet", f"{tmp_path}/a.parquet"]
    assert stored.rows == 2
    # The next run writes over the copy while this one still reads.
    pl.DataFrame({"a": [9]}).write_parquet(tmp_path / "a.parquet")
    assert_frame_equal(outputs.read(stored), FRAME)


@pytest.mark.parametrize("wanted", [pl.DataFrame, pl.LazyFrame])
def test_frames_are_read_in_the_type_that_is_asked_for(tmp_path: Path, wanted: type) -> None:
    outputs = Outputs(tmp_path, FileIo("a.parquet"))
    assert type(outputs.read(outputs.write(FRAME.lazy()), wanted)) is wanted


def test_each_run_overwrites_the_place(tmp_path: Path) -> None:
    Outputs(tmp_path, FileIo("a.json")).write([1, 2, 3])
    Outputs(tmp_path, FileIo("a.json")).write([4])
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == [4]


def test_a_value_that_the_format_cannot_hold_leaves_the_file_of_the_run_before(tmp_path: Path) -> None:
    Outputs(tmp_path, FileIo("a.parquet")).write(FRAME)
    with pytest.raises(FormatError, match=r"task 'make' returned list; a.parquet holds frames\n  Return a frame, or"):
        Outputs(tmp_path, FileIo("a.parquet")).write([1])
    assert_frame_equal(pl.read_parquet(tmp_path / "a.parquet"), FRAME)


@pytest.mark.parametrize("value", [FRAME, (1, 2), {1: 2}, Path("a"), {"a": {1}}])
def test_json_of_others_holds_jsons_own_types_only(tmp_path: Path, value: object) -> None:
    (tmp_path / "a.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(FormatError, match=r"a.json cannot hold the output of task 'make': .*\n  Return text, numbers"):
        Outputs(tmp_path, FileIo("a.json")).write(value)
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == "[1]"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=rf"cannot write {tmp_path}/file/a.parquet: .*\n  A file stands where"):
        Outputs(tmp_path, FileIo("file/a.parquet")).write(FRAME)


def test_a_copy_that_breaks_off_is_not_left_for_others_to_read(tmp_path: Path) -> None:
    place = tmp_path / "a.json"
    place.symlink_to("/dev/full")
    with pytest.raises(OutputError, match=rf"cannot write {place}: No space left on device\n  Free some space"):
        Outputs(tmp_path, FileIo("a.json")).write([1])
    assert not place.is_symlink()


def test_a_path_may_be_a_path_object(tmp_path: Path) -> None:
    manager = FileIo(tmp_path / "a.json")  # type: ignore[arg-type]  # what people pass all the same
    assert Outputs(tmp_path, manager).round_trip([1]) == [1]
