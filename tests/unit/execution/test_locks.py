"""A lock lives as long as its process."""

import os
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

# Its child outlives it.
FORK = """
import os, sys, time
from pathlib import Path
from lakewright.execution.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
assert lock.acquire()
if not os.fork():
    print(os.getpid(), flush=True)
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


def test_a_child_that_a_killed_process_has_forked_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    command = [sys.executable, "-c", FORK, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        try:
            assert is_held(path)
            process.kill()
            process.wait()
            assert not is_held(path)
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_forked_child_that_gives_a_lock_back_takes_it_from_nobody(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with FileLock(path) as lock:
        assert lock.acquire()
        child = os.fork()
        if not child:
            lock.release()
            os._exit(0)
        os.waitpid(child, 0)
        assert is_held(path)
