"""Ctrl-C on a terminal: the first lets what runs end, the second ends it."""

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.terminals import CTRL_C, Terminal
from tests.unit.cli.commands import Call
from tests.unit.project.repos import write

JOBS: Final = """
import time
from lakewright import context, job, task

@task
def load() -> int:
    return 1

@task
def hold(number: int) -> int:
    (context().root / "holds").touch()
    while not (context().root / "free").exists():
        time.sleep(0.01)
    return number

@task
def after(number: int) -> int:
    return number

@job
def daily() -> int:
    return after(hold(load()))
"""
COMMAND: Final = (sys.executable, "-c", "from lakewright.cli import main; main()")


@pytest.fixture
def reference(tmp_path: Path) -> str:
    name = f"interrupted_{tmp_path.name.replace('-', '_')}.py"
    write(tmp_path, {name: JOBS})
    return f"{name}:daily"


@pytest.fixture(params=[(), ("--isolated",)], ids=["here", "isolated"])
def options(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """What the run is called with."""
    found: tuple[str, ...] = request.param
    return found


@pytest.fixture
def terminal(tmp_path: Path, reference: str, options: tuple[str, ...]) -> Iterator[Terminal]:
    """A run that has come to a task which holds it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    found = Terminal(*COMMAND, "run", reference, *options, cwd=tmp_path, environment=environment)
    holds = tmp_path / ".lakewright" / "holds"
    end = time.monotonic() + 30
    while not holds.exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    yield found
    (tmp_path / ".lakewright" / "free").touch()


def test_the_first_lets_what_runs_end_and_says_how_to_go_on(
    call: Call, terminal: Terminal, *, reference: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    terminal.press(CTRL_C)
    terminal.reads("what runs is finished first: hold; Ctrl-C again ends it at once")
    (tmp_path / ".lakewright" / "free").touch()
    assert terminal.ends() == 130
    assert "Traceback" not in terminal.said
    assert "cancelled: after" in terminal.said
    again = " ".join(["lakewright run", reference, *options, "--resume latest"])
    assert f"done and kept: 2 tasks     go on with it:  {again}" in terminal.said
    assert re.search(r" ✘ 2 of 3 tasks · [\d.]+ s", terminal.said)
    assert "/report.html" in terminal.said
    ended = call("run", reference, *options, "--resume", "latest")
    assert ended.code == 0
    assert ended.out.count("done before") == 2


def test_the_second_ends_it_at_once_and_says_how_to_go_on(
    call: Call, terminal: Terminal, *, reference: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    terminal.press(CTRL_C)
    terminal.reads("Ctrl-C again ends it at once")
    pressed = time.monotonic()
    terminal.press(CTRL_C)
    assert terminal.ends() == 130
    assert time.monotonic() - pressed < 10
    assert "Traceback" not in terminal.said
    assert "ended at once" in terminal.said
    assert " ".join(["go on with it:  lakewright run", reference, *options, "--resume latest"]) in terminal.said
    assert "hold" in call("runs", "show").out
    assert "interrupted" in call("runs", "list").out
    (tmp_path / ".lakewright" / "free").touch()
    ended = call("run", reference, *options, "--resume", "latest")
    assert ended.code == 0
    assert ended.out.count("done before") == 1
