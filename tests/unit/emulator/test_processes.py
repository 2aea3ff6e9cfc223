"""Processes are logged, waited for, and ended with all that they started."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lakewright.emulator.processes import Ended, call, last_line, worker
from lakewright.execution.environment import process_environment

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def run(log: Path, *arguments: str, timeout: float | None = None) -> Ended:
    command = (sys.executable, *arguments)
    return asyncio.run(call(command, str(log), environment=process_environment(), timeout=timeout))


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended may wait for its parent to look."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def ends(pid: int) -> bool:
    """Whether a process is over within a moment."""
    deadline = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_alive(pid)


def test_all_that_a_process_prints_is_in_its_log(tmp_path: Path) -> None:
    ended = run(tmp_path / "a" / "1.log", "-c", "import sys; print('out'); print('Köln', file=sys.stderr); sys.exit(3)")
    assert (ended.exit_code, ended.timed_out) == (3, False)
    assert (tmp_path / "a" / "1.log").read_text(encoding="utf-8") == "out\nKöln\n"


def test_a_process_reads_nothing(tmp_path: Path) -> None:
    run(tmp_path / "log", "-c", "import sys; print(repr(sys.stdin.read()))")
    assert last_line(str(tmp_path / "log")) == "''"


def test_a_timeout_ends_the_process_and_its_children(tmp_path: Path) -> None:
    ended = run(tmp_path / "log", "-c", PARENT, timeout=1.0)
    assert ended.timed_out
    assert ended.exit_code == -9
    assert 1.0 <= ended.seconds < 5.0
    assert ends(int((tmp_path / "log").read_text(encoding="utf-8")))


def test_a_caller_that_is_cancelled_takes_the_process_along(tmp_path: Path) -> None:
    log = tmp_path / "log"

    async def cancelled() -> None:
        work = asyncio.create_task(
            call((sys.executable, "-c", PARENT), str(log), environment=process_environment(), timeout=None)
        )
        while not log.exists() or not log.read_text(encoding="utf-8").strip():  # noqa: ASYNC110  another process writes it
            await asyncio.sleep(0.02)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(cancelled())
    assert ends(int(log.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "command", [("/no/such/program",), (sys.executable, "-c", "\0"), (sys.executable, "x" * 3_000_000)]
)
def test_a_process_that_does_not_start_says_why(tmp_path: Path, *, command: tuple[str, ...]) -> None:
    ended = asyncio.run(call(command, str(tmp_path / "log"), environment=process_environment(), timeout=None))
    assert ended.exit_code is None
    assert ended.reason.startswith("the process did not start: ")


def test_the_last_line_is_the_last_one_that_holds_anything(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("x" * 10_000 + "\nValueError: no\n  \n\n", encoding="utf-8")
    assert last_line(str(log)) == "ValueError: no"
    assert last_line(str(tmp_path / "nothing")) == ""


def test_the_worker_is_that_of_this_environment() -> None:
    asked = subprocess.run(worker(), capture_output=True, text=True, env=process_environment(), check=False)
    assert "InvocationError" in asked.stderr
    assert worker()[0] == sys.executable
