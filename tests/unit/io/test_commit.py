"""Commit records on disk: they alone make an output visible."""

import json
from pathlib import Path

import pytest

from lakewright.errors.running import MissingOutputError, OutputError
from lakewright.io.commit import committed, read_record, write_record
from lakewright.io.paths import RunPaths
from lakewright.model.record import CommitRecord, Stored


@pytest.fixture
def paths(tmp_path: Path) -> RunPaths:
    return RunPaths(str(tmp_path), "j", "1")


def record(value: object, attempt: int = 1) -> CommitRecord:
    return CommitRecord(
        job="j", run_id="1", task="make", attempt=attempt, stored=Stored(format="json", value=value), finished_at=1.5
    )


def test_a_record_is_read_as_it_was_written(paths: RunPaths) -> None:
    write_record(paths, record({"a": "ü"}))
    assert read_record(paths, "make") == committed(paths, "make") == record({"a": "ü"})


def test_the_last_record_wins(paths: RunPaths) -> None:
    write_record(paths, record(["a longer value than the next"], attempt=1))
    write_record(paths, record(2, attempt=2))
    assert committed(paths, "make") == record(2, attempt=2)


def test_without_a_record_there_is_no_output_whatever_files_there_are(paths: RunPaths) -> None:
    Path(paths.attempt("make", 1)).mkdir(parents=True)
    assert read_record(paths, "make") is None
    with pytest.raises(
        MissingOutputError, match=r"task 'make' has no committed output in run '1' \(looked for /.*\)\n"
    ):
        committed(paths, "make")


def test_a_torn_record_counts_as_absent_wherever_it_is_torn(paths: RunPaths) -> None:
    write_record(paths, record({"a": [1, "ü"]}))
    file = Path(paths.record("make"))
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert read_record(paths, "make") is None
    file.write_bytes(b"\xff" + whole)
    assert read_record(paths, "make") is None


def test_a_record_of_a_newer_release_is_an_error_that_names_it(paths: RunPaths) -> None:
    write_record(paths, record(1))
    file = Path(paths.record("make"))
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), "version": 2}), encoding="utf-8")
    with pytest.raises(OutputError, match=rf"{file}: a commit record of version 2 .*\n  Run with the lakewright that"):
        read_record(paths, "make")


def test_a_record_that_cannot_be_written_is_an_error_and_none_is_left(paths: RunPaths) -> None:
    file = Path(paths.record("make"))
    file.parent.mkdir(parents=True)
    file.symlink_to("/dev/full")
    with pytest.raises(OutputError, match=f"cannot write {file}: No space left"):
        write_record(paths, record(1))
    assert read_record(paths, "make") is None
