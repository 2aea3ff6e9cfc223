"""`lakewright run --executor`."""

from pathlib import Path
from typing import Final

import pytest

from tests.unit.cli.commands import Call
from tests.unit.project.repos import write

JOBS: Final = """
import os
import time
from lakewright import context, job, task

@task
def work(seconds: float) -> int:
    time.sleep(seconds)
    with (context().root / "journal").open("a") as journal:
        journal.write(f"{context().key} ")
    return os.getpid()

@job
def daily() -> list[int]:
    return [work.named("quick")(0.0), work.named("slow")(0.2)]
"""


@pytest.fixture
def daily(tmp_path: Path) -> str:
    name = f"executed_{tmp_path.name.replace('-', '_')}"
    write(tmp_path, {f"{name}.py": JOBS})
    return f"{name}.py:daily"


@pytest.mark.parametrize(
    "choice",
    [
        ("2 threads",),
        ("2 threads", "--executor", "threads"),
        ("2 tasks at a time in processes", "--executor", "processes"),
        ("one task at a time", "--executor", "serial"),
    ],
)
def test_the_first_line_says_how_tasks_run(call: Call, daily: str, choice: tuple[str, ...]) -> None:
    said, *options = choice
    ended = call("run", daily, "--workers", "2", *options)
    assert ended.code == 0, ended.err
    assert ended.out.splitlines()[0].endswith(f"   {said}")
    assert "✔ 2 tasks" in ended.out


def test_an_executor_that_there_is_not_ends_with_2_and_those_that_there_are(call: Call, daily: str) -> None:
    ended = call("run", daily, "--executor", "databricks")
    assert ended.code == 2
    assert all(name in ended.err for name in ("serial", "threads", "processes"))


def test_an_isolated_run_has_processes_anyway(call: Call, daily: str) -> None:
    ended = call("run", daily, "--isolated", "--executor", "threads")
    assert ended.code == 2
    assert "--executor and --isolated do not go together" in ended.err


def test_what_took_longest_before_starts_first(call: Call, daily: str, tmp_path: Path) -> None:
    for _ in range(2):
        assert call("run", daily, "--workers", "1").code == 0
    assert (tmp_path / ".lakewright" / "journal").read_text(encoding="utf-8") == "quick slow slow quick "


def test_the_way_on_goes_on_as_the_run_went(call: Call, tmp_path: Path) -> None:
    name = f"failing_{tmp_path.name.replace('-', '_')}"
    write(tmp_path, {f"{name}.py": JOBS.replace("return os.getpid()", "return 1 // 0")})
    ended = call("run", f"{name}.py:daily", "--executor", "serial")
    assert ended.code == 1
    assert f"lakewright run {name}.py:daily --executor serial --repair" in ended.out
