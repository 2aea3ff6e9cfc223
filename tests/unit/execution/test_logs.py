"""What tasks print goes to their own logs, whatever they do to stdout."""
# ruff: noqa: T201  tasks print

import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lakewright.execution.logs import capturing, logged_to, tail


def test_tasks_on_threads_have_logs_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def work(name: str) -> None:
        with logged_to(f"{tmp_path}/{name}.log"):
            for number in range(100):
                print(name, number)

    names = ["a", "b", "c", "d"]
    with capturing(), ThreadPoolExecutor(4) as pool:
        list(pool.map(work, names))
        print("outside")
    for name in names:
        assert (tmp_path / f"{name}.log").read_text(encoding="utf-8").splitlines() == [
            f"{name} {n}" for n in range(100)
        ]
    assert capsys.readouterr().out == "outside\n"


def test_stderr_and_logging_go_there_too(tmp_path: Path) -> None:
    with capturing(), logged_to(f"{tmp_path}/log"):
        sys.stderr.write("to stderr\n")
        logging.getLogger("lakewright.daily.clean").info("from the logger")
        logging.getLogger("other").warning("from another")
    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "to stderr"
    assert lines[1].endswith("INFO lakewright.daily.clean: from the logger")
    assert lines[2].endswith("WARNING other: from another")


def test_afterwards_all_is_as_before() -> None:
    before = sys.stdout, sys.stderr, list(logging.getLogger().handlers), logging.getLogger("lakewright").level
    with capturing():
        assert sys.stdout is not before[0]
    assert (sys.stdout, sys.stderr, logging.getLogger().handlers, logging.getLogger("lakewright").level) == before


def test_a_task_that_closes_stdout_closes_it_for_nobody(tmp_path: Path) -> None:
    with capturing(), logged_to(f"{tmp_path}/log"):
        sys.stdout.close()
        print("still here")
    assert (tmp_path / "log").read_text(encoding="utf-8") == "still here\n"


def test_a_log_is_cut_at_its_limit_and_says_so_once(tmp_path: Path) -> None:
    with capturing(), logged_to(f"{tmp_path}/log", limit=1000):
        for _ in range(100):
            print("x" * 99)
    text = (tmp_path / "log").read_text(encoding="utf-8")
    assert text.count("\n… the log is cut here: the task wrote more than 1,000 bytes\n") == 1
    assert len(text) < 1100


def test_a_task_that_is_silent_leaves_no_file(tmp_path: Path) -> None:
    with capturing(), logged_to(f"{tmp_path}/log"):
        pass
    assert not (tmp_path / "log").exists()
    assert tail(f"{tmp_path}/log", 3) == []


def test_the_tail_is_the_last_lines_of_any_log(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("".join(f"line {number}\n" for number in range(100_000)), encoding="utf-8")
    assert tail(str(path), 2) == ["line 99998", "line 99999"]


def test_text_that_no_file_can_hold_is_kept_as_escapes(tmp_path: Path) -> None:
    with capturing(), logged_to(f"{tmp_path}/log"):
        print("\ud800")
    assert (tmp_path / "log").read_text(encoding="utf-8") == "\\ud800\n"
