import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lakewright.errors.authoring import SettingError
from lakewright.errors.running import FormatError, OutputError
from lakewright.io.file import FileIo
from tests.unit.io.disks import files_of_at_most
from tests.unit.io.managers import committed, read, write
from tests.unit.io.sample_values import frame


def test_a_frame_lies_at_the_path_and_under_the_run(tmp_path: Path) -> None:
    io = FileIo("exports/delays.parquet")
    stored = committed(write(io, frame(1, 2), tmp_path))
    assert pl.read_parquet(tmp_path / "exports" / "delays.parquet")["delay"].to_list() == [1, 2]
    assert [file.path for file in stored.files] == [
        str(tmp_path / "runs/daily/42/load/1/data.parquet"),
        str(tmp_path / "exports/delays.parquet"),
    ]
    assert read(io, stored)["delay"].to_list() == [1, 2]


def test_tasks_of_the_same_run_read_the_runs_own_copy(tmp_path: Path) -> None:
    io = FileIo("delays.parquet")
    stored = write(io, frame(1), tmp_path)
    frame(9).write_parquet(tmp_path / "delays.parquet")
    assert read(io, stored)["delay"].to_list() == [1]
    assert isinstance(read(io, stored, annotated=lambda: pl.LazyFrame), pl.LazyFrame)


def test_json_is_what_any_reader_understands(tmp_path: Path) -> None:
    value = {"größe": [1, None, 1.5], "ok": True}
    io = FileIo(str(tmp_path / "elsewhere.json"))
    stored = committed(write(io, value, tmp_path / "root"))
    text = (tmp_path / "elsewhere.json").read_text(encoding="utf-8")
    assert json.loads(text) == value
    assert "größe" in text
    assert read(io, stored) == value


@pytest.mark.parametrize("value", [date(2013, 1, 31), (1, 2), {1: 2}, float("nan"), {"a": b""}, object()])
def test_json_that_others_could_not_read_is_refused(tmp_path: Path, value: object) -> None:
    with pytest.raises(FormatError, match=r"out\.json cannot hold the output of task 'load'.*JSON's own types"):
        write(FileIo("out.json"), value, tmp_path)
    assert not (tmp_path / "out.json").exists()


def test_parquet_holds_frames_only(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"task 'load' returned int; out\.parquet holds frames\n  .*end the path"):
        write(FileIo("out.parquet"), 1, tmp_path)


def test_an_attempt_that_cannot_be_written_leaves_the_file_of_the_run_before(tmp_path: Path) -> None:
    io = FileIo("delays.parquet")
    write(io, frame(1), tmp_path)
    large = pl.DataFrame({"delay": range(100_000)})
    with files_of_at_most(1000), pytest.raises(OutputError):
        write(io, large, tmp_path, attempt=2)
    assert pl.read_parquet(tmp_path / "delays.parquet")["delay"].to_list() == [1]


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("")
    with pytest.raises(OutputError, match=r"cannot write .*exports: .*\n  A file stands where a folder is needed"):
        write(FileIo("exports/out.json"), 1, tmp_path)


@pytest.mark.parametrize("path", ["out.csv", "out", "", "parquet"])
def test_a_path_of_another_format_is_refused_where_it_is_written(path: str) -> None:
    with pytest.raises(SettingError, match=r"the path must end with \.parquet or \.json"):
        FileIo(path)
