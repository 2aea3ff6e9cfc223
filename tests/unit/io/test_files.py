from pathlib import Path

import pytest

from lakewright.errors.running import OutputError
from lakewright.io.files import check_whole, get, put, remove_folder
from lakewright.model.record import StoredFile
from tests.unit.io.disks import all_below, files_of_at_most


def test_what_is_put_can_be_got(tmp_path: Path) -> None:
    place = str(tmp_path / "a" / "b" / "c.json")
    put(place, b"one")
    put(place, b"2")
    assert get(place) == b"2"


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    assert get(str(tmp_path / "nothing")) is None


def test_a_full_disk_leaves_no_file(tmp_path: Path) -> None:
    with files_of_at_most(1000), pytest.raises(OutputError, match=r"cannot write .*c\.json: File too large"):
        put(str(tmp_path / "c.json"), b"x" * 1001)
    assert all_below(tmp_path) == []


def test_a_file_in_the_way_of_a_folder_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="Not a directory\n  A file stands where a folder is needed"):
        put(str(tmp_path / "file" / "c.json"), b"x")


def test_a_folder_in_the_way_of_a_file_is_told_so_and_stays(tmp_path: Path) -> None:
    (tmp_path / "c.json").mkdir()
    with pytest.raises(OutputError, match="Is a directory\n  A folder stands where a file is needed"):
        put(str(tmp_path / "c.json"), b"x")
    assert (tmp_path / "c.json").is_dir()


def test_a_folder_is_removed_with_all_below_it_and_need_not_be_there(tmp_path: Path) -> None:
    put(str(tmp_path / "a" / "b" / "c.json"), b"x")
    remove_folder(str(tmp_path / "a"))
    remove_folder(str(tmp_path / "a"))
    assert all_below(tmp_path) == []


def test_files_are_those_that_were_committed(tmp_path: Path) -> None:
    place = str(tmp_path / "data.parquet")
    put(place, b"12345")
    check_whole([StoredFile(place, 5)])
    with pytest.raises(OutputError, match="has 5 bytes in place of 6 although its commit record names it"):
        check_whole([StoredFile(place, 6)])
    with pytest.raises(OutputError, match=r"gone\.parquet is gone .*\n  Run the upstream task again"):
        check_whole([StoredFile(str(tmp_path / "gone.parquet"), 6)])
