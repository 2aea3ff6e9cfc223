"""Ctrl-C reaches a run through nox and uv, and they let it end."""

import time
from pathlib import Path

import pytest

from tests.template.conftest import Rendered
from tests.template.rendering import ENVIRONMENT, run
from tests.terminals import CTRL_C, Terminal
from tests.unit.cli.test_interrupts import JOBS


@pytest.fixture
def repo(rendered: Rendered) -> Path:
    """A repository whose environment is there, with a job that holds."""
    found = rendered({"project_name": "interrupted"})
    (found / "holding.py").write_text(JOBS, encoding="utf-8")
    run("nox", "--session", "local", cwd=found)
    return found


def wait_for(file: Path) -> None:
    end = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_runs_ends_and_the_way_on_works(repo: Path) -> None:
    holds, free = repo / ".lakewright" / "holds", repo / ".lakewright" / "free"
    terminal = Terminal("nox", "--session", "local", "--", "holding.py:daily", cwd=repo, environment=ENVIRONMENT)
    wait_for(holds)
    terminal.press(CTRL_C)
    terminal.reads("what runs is finished first: hold; Ctrl-C again ends it at once")
    time.sleep(1)
    free.touch()
    assert terminal.ends() != 0
    assert "done and kept: 2 tasks" in terminal.said
    assert "go on with it:  nox -s local -- holding.py:daily --resume latest" in terminal.said
    again = run("nox", "-s", "local", "--", "holding.py:daily", "--resume", "latest", cwd=repo)
    assert again.count("done before") == 2
    holds.unlink()
    free.unlink()
    terminal = Terminal("nox", "--session", "local", "--", "holding.py:daily", cwd=repo, environment=ENVIRONMENT)
    wait_for(holds)
    terminal.press(CTRL_C)
    terminal.reads("Ctrl-C again ends it at once")
    terminal.press(CTRL_C)
    terminal.reads("ended at once")
    assert terminal.ends() != 0
