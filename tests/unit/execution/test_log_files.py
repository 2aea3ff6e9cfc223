import errno
import os
from pathlib import Path

import pytest

from lakewright.execution.log_files import END_BYTES, TaskLog, tail, tidy


def test_a_log_is_made_with_the_first_line(tmp_path: Path) -> None:
    log = TaskLog(f"{tmp_path}/clean/1.log")
    assert not (tmp_path / "clean").exists()
    log.write("one\n")
    log.write_bytes(b"two\n")
    assert (tmp_path / "clean" / "1.log").read_bytes() == b"one\ntwo\n"
    log.close()
    log.write("of a thread that has outlived its task\n")
    assert tail(log.path, 5) == ["one", "two"]


def test_of_a_long_log_the_beginning_and_the_end_are_kept(tmp_path: Path) -> None:
    log = TaskLog(f"{tmp_path}/1.log", limit=10)
    log.write("beginning\n")
    for number in range(20_000):
        log.write(f"line {number:05}\n")
    log.close()
    content = (tmp_path / "1.log").read_text()
    assert content.startswith("beginning\n\n… ")
    assert "bytes are left out here …" in content
    assert content.endswith("line 19999\n")
    assert len(content) < 10 + 3 * END_BYTES


def test_a_disk_that_is_full_costs_the_log_and_not_the_task() -> None:
    log = TaskLog("/dev/full")
    log.write("lost\n")
    log.write("too\n")
    log.close()
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        Path("/dev/full").write_bytes(b"lost")


def test_of_a_task_that_printed_nothing_there_is_no_end(tmp_path: Path) -> None:
    assert tail(f"{tmp_path}/1.log", 20) == []
    tidy(f"{tmp_path}/1.log")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [0, 1000, 1000 + END_BYTES, 1_000_000])
def test_a_log_of_another_process_is_held_to_the_same(tmp_path: Path, size: int) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"a" * (size // 2) + b"b" * (size - size // 2))
    tidy(str(path), limit=1000)
    if not size:
        assert not path.exists()
        return
    content = path.read_bytes()
    assert (content[:1], content[-1:]) == (b"a", b"b")
    assert len(content) == size or len(content) < 1000 + 2 * END_BYTES


def test_what_is_written_over_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"start\n10 %\r20 %\r100 %\ndone\r\n")
    assert tail(f"{tmp_path}/log", 2) == ["10 %\r20 %\r100 %", "done"]
