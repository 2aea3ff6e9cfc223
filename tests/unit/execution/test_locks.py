"""A lock lives as long as its process."""

import signal
import subprocess
import sys
from pathlib import Path

from lakewright.execution.locks import FileLock, is_held

HOLD = """
import sys, time
from pathlib import Path
from lakewright.execution.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
assert lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_is_taken_once(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run.lock"
    with FileLock(path) as lock:
        assert lock.acquire()
        assert not FileLock(path).acquire()
        assert is_held(path)
    assert not is_held(path)
    assert FileLock(path).acquire()


def test_a_path_that_is_not_there_is_not_held(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "run.lock")


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert is_held(path)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not is_held(path)
