"""What tasks print goes to their own logs, whatever they do to stdout."""
# ruff: noqa: T201  tasks print

import asyncio
import contextlib
import contextvars
import io
import logging
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from lakewright.execution.log_files import END_BYTES, tail
from lakewright.execution.logs import capturing, logged_to


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


def test_of_a_long_log_the_beginning_and_the_end_are_kept(tmp_path: Path) -> None:
    with capturing(), logged_to(f"{tmp_path}/log", limit=1000):
        for number in range(10_000):
            print(f"line {number:04}", "x" * 89)
    text = (tmp_path / "log").read_text(encoding="utf-8")
    assert text.startswith("line 0000 x")
    (left_out,) = re.findall(r"^… ([0-9,]+) bytes are left out here …$", text, re.MULTILINE)
    assert text.endswith(f"line 9999 {'x' * 89}\n")
    cut = len(f"\n… {left_out} bytes are left out here …\n")
    assert len(text) - cut + int(left_out.replace(",", "")) == 1_000_000
    assert len(text) < 1000 + 3 * END_BYTES


def test_a_log_within_its_limit_is_whole(tmp_path: Path) -> None:
    with capturing(), logged_to(f"{tmp_path}/log", limit=1000):
        for _ in range(100):
            print("x" * 99)
    assert (tmp_path / "log").read_text(encoding="utf-8") == f"{'x' * 99}\n" * 100


def test_bytes_that_are_no_text_are_kept_and_read_as_marks(tmp_path: Path) -> None:
    with capturing(), logged_to(f"{tmp_path}/log"):
        sys.stdout.buffer.write(b"caf\xe9\n")
        sys.stdout.buffer.flush()
    assert (tmp_path / "log").read_bytes() == b"caf\xe9\n"
    assert tail(f"{tmp_path}/log", 1) == ["caf\ufffd"]


def test_a_stream_has_what_the_one_has_that_it_stands_for(tmp_path: Path) -> None:
    outer = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    with contextlib.redirect_stdout(outer), capturing(), logged_to(f"{tmp_path}/log"):
        assert (sys.stdout.encoding, sys.stdout.line_buffering) == ("latin-1", False)
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # what libraries do to it
        with pytest.raises(AttributeError, match="unheard_of"):
            sys.stdout.unheard_of  # type: ignore[union-attr]  # noqa: B018  reading it raises


def test_what_cannot_be_logged_is_told_in_the_log_and_raises_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The handlers of pytest raise, those of others do not.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    with capturing(), logged_to(f"{tmp_path}/log"):
        logging.getLogger("lakewright.daily.clean").info("%d rows", "many")
    text = (tmp_path / "log").read_text(encoding="utf-8")
    assert "--- Logging error ---" in text
    assert "Arguments: ('many',)" in text


def test_runs_side_by_side_share_the_routes_whichever_ends_first(tmp_path: Path) -> None:
    before = sys.stdout, sys.stderr, list(logging.getLogger().handlers)
    first, second = capturing(), capturing()
    with logged_to(f"{tmp_path}/log"):
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        print("still here")
        logging.getLogger("lakewright.daily.clean").info("once")
        second.__exit__(None, None, None)
    assert (sys.stdout, sys.stderr, logging.getLogger().handlers) == before
    said = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert (said[0], len(said)) == ("still here", 2)


def test_of_threads_that_a_task_starts_those_are_heard_that_know_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def work() -> None:
        # One after the other: a line and its end are two writes.
        for _ in range(2):
            await asyncio.to_thread(print, "by asyncio")

    with capturing(), logged_to(f"{tmp_path}/log"), ThreadPoolExecutor(1) as pool:
        asyncio.run(work())
        pool.submit(contextvars.copy_context().run, print, "in its context").result()
        pool.submit(print, "on its own").result()
    assert (tmp_path / "log").read_text(encoding="utf-8") == "by asyncio\nby asyncio\nin its context\n"
    assert capsys.readouterr().out == "on its own\n"


def test_what_a_thread_writes_that_outlives_its_task_is_dropped(tmp_path: Path) -> None:
    with capturing():
        with logged_to(f"{tmp_path}/log"):
            print("in time")
            late = contextvars.copy_context()
        late.run(print, "too late")
    assert (tmp_path / "log").read_text(encoding="utf-8") == "in time\n"


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


# Tasks that print while the run that captures them ends, as after a second Ctrl-C.
LEFT_BEHIND: Final = """
import sys, threading, time
from lakewright.execution.logs import capturing, logged_to

def chat(path, begun, ends):
    with logged_to(path):
        begun.set()
        while not ends.is_set():
            print("still here")

sys.setswitchinterval(1e-5)
for number in range(40):
    begun, ends = threading.Event(), threading.Event()
    thread = threading.Thread(target=chat, args=(f"{sys.argv[1]}/{number}.log", begun, ends))
    with capturing():
        thread.start()
        begun.wait()
        time.sleep(0.002)
    time.sleep(0.002)
    ends.set()
    thread.join()
"""


def test_a_task_that_prints_outlives_the_capture_of_its_run(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", LEFT_BEHIND, str(tmp_path)], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


LIMITED: Final = """
import resource, sys
from lakewright.execution.logs import capturing, logged_to

limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
with capturing(), logged_to(sys.argv[1]):
    for number in range(300):
        print("line", number)
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
"""


def test_a_disk_that_gets_full_costs_the_end_of_a_log_and_not_its_task(tmp_path: Path) -> None:
    path = str(tmp_path / "log")
    ended = subprocess.run([sys.executable, "-c", LIMITED, path], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert Path(path).stat().st_size == 1000
    assert Path(path).read_bytes().startswith(b"line 0\nline 1\n")


def test_a_log_that_cannot_be_made_costs_no_task(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with capturing(), logged_to(f"{tmp_path}/taken/log"):
        print("all is well")
    assert tail(f"{tmp_path}/taken/log", 1) == []
