"""A task that talks with its user, in a real terminal."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from tests.unit.project.repos import write

JOBS: Final = """
from lakewright import job, task

@task
def ask() -> str:
    print("before the question")
    answer = input("which day? ")
    print("the day is " + answer)
    return answer

@task
def debug(day: str) -> str:
    shout = day.upper()
    breakpoint()
    return shout

@job
def daily() -> str:
    return debug(ask())
"""


class Terminal:
    """`lakewright run` in a terminal of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        write(folder, {"talking.py": JOBS})
        self._master, slave = pty.openpty()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm", "COLUMNS": "200"}
        command = [sys.executable, "-c", "from lakewright.cli import main; main()", "run", "talking.py:daily", *options]
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.seen = ""

    def see(self, text: str) -> None:
        """Wait until a text is on the screen."""
        ended = time.monotonic() + 30
        while text not in self.seen:
            assert time.monotonic() < ended, self.seen
            self._read()

    def write(self, line: str) -> None:
        """Type a line."""
        os.write(self._master, line.encode() + b"\n")

    def end(self) -> int:
        """Wait for the end; the exit code."""
        while self._process.poll() is None:
            self._read()
        while self._read():
            pass
        os.close(self._master)
        return self._process.returncode

    def _read(self) -> bool:
        if not select.select([self._master], [], [], 0.1)[0]:
            return False
        try:
            content = os.read(self._master, 65536)
        except OSError:  # the other end is closed
            return False
        self.seen += content.decode(errors="replace")
        return bool(content)


def test_in_a_serial_run_a_task_has_the_terminal(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--executor", "serial")
    terminal.see("before the question")
    terminal.see("which day? ")
    terminal.write("monday")
    terminal.see("the day is monday")
    terminal.see("(Pdb) ")
    terminal.write("p shout * 2")
    terminal.see("'MONDAYMONDAY'")
    terminal.write("continue")
    assert terminal.end() == 0, terminal.seen
    assert "✔ 2 tasks" in terminal.seen
    (log,) = tmp_path.rglob("ask/1.log")
    assert "before the question\n" in log.read_text(encoding="utf-8")
    assert "the day is monday\n" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_elsewhere_it_is_told_how_to_get_it_and_nothing_hangs(tmp_path: Path, executor: str) -> None:
    terminal = Terminal(tmp_path, "--executor", executor)
    assert terminal.end() == 1
    assert "task 'ask' reads from the terminal, which tasks here do not have" in terminal.seen
    assert "--executor serial" in terminal.seen
