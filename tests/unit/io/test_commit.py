from dataclasses import replace
from pathlib import Path

import pytest

from lakewright.errors.running import MissingOutputError, OutputError
from lakewright.io.commit import committed, read_record, write_record
from lakewright.io.files import put
from lakewright.io.paths import RunPaths
from lakewright.model.record import CommitRecord, Stored
from tests.unit.io.disks import files_of_at_most


@pytest.fixture
def paths(tmp_path: Path) -> RunPaths:
    return RunPaths(str(tmp_path), "daily", "42")


def record(attempt: int = 1, value: object = None) -> CommitRecord:
    stored = Stored(format="json", value=value)
    return CommitRecord(job="daily", run_id="42", task="load", attempt=attempt, stored=stored)


def test_a_record_is_read_as_it_was_written(paths: RunPaths) -> None:
    write_record(paths, record(value=[1]))
    assert committed(paths, "load") == record(value=[1])


def test_the_last_record_wins(paths: RunPaths) -> None:
    write_record(paths, record(2, "long" * 100))
    write_record(paths, record(1, "short"))
    assert committed(paths, "load") == record(1, "short")


def test_without_a_record_there_is_no_output(paths: RunPaths) -> None:
    assert read_record(paths, "load") is None
    with pytest.raises(
        MissingOutputError, match=r"task 'load' has no committed output in run '42' \(looked for .*load"
    ):
        committed(paths, "load")


@pytest.mark.parametrize("torn", [b"", b"{", b'{"version":1,"job":"d', b"\xff\xfe", b"\0" * 20])
def test_a_torn_record_counts_as_absent(paths: RunPaths, torn: bytes) -> None:
    put(paths.record("load"), torn)
    assert read_record(paths, "load") is None


def test_a_record_of_a_newer_release_names_its_file(paths: RunPaths) -> None:
    put(paths.record("load"), record().to_json().replace('"version":1', '"version":2').encode())
    with pytest.raises(OutputError, match=r"records/load\.json: a commit record of version 2"):
        read_record(paths, "load")


def test_a_record_that_cannot_be_written_leaves_none(paths: RunPaths) -> None:
    with files_of_at_most(20), pytest.raises(OutputError, match="cannot write"):
        write_record(paths, replace(record(), job="a" * 100))
    assert read_record(paths, "load") is None
