"""`lakewright run` with tasks that are cached, each run a process of its own: code changes between them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.unit.cli.commands import Ended
from tests.unit.project.repos import write

JOBS: Final = """
from lakewright import context, job, task
import cached_names

@task
def load(month: int) -> int:
    return 10

@task(cache=True)
def clean(value: int) -> int:
    with (context().root / "journal").open("a") as journal:
        journal.write("clean ")
    return value + cached_names.MORE

@job
def daily(month: int = 1) -> int:
    return clean(load(month))
"""


class Project:
    """A repository with one job, and a user who types."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write(
            folder,
            {
                "targets.yml": "",
                "uv.lock": "one",
                "cached_names.py": "MORE = 1\n",
                "jobs.py": JOBS,
                "apart.py": "x = 1\n",
            },
        )

    def types(self, *arguments: str) -> Ended:
        """How `lakewright …` ends, in a process of its own."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-c", "from lakewright.cli import main; main()", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def says_of_clean(self, *arguments: str) -> str:
        """What the line of task `clean` says behind the numbers."""
        ended = self.types("run", "jobs.py:daily", *arguments)
        assert ended.code == 0, ended.err
        line = next(line for line in ended.out.splitlines() if line.startswith(" ✔ clean"))
        said = re.search(r"(not )?cached.*", line)
        return said[0] if said else ""

    def edit(self, name: str, text: str) -> None:
        """Another content of a file."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def runs(self) -> list[str]:
        """The ids of all runs, the latest first."""
        return [run["run_id"] for run in json.loads(self.types("runs", "list", "--format", "json").out)]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_task_runs_again_for_a_reason_and_says_so(project: Project) -> None:
    assert project.says_of_clean() == "not cached: no earlier run"
    (first,) = project.runs()
    assert project.says_of_clean("-p", "month=2") == f"cached, from run {first}"
    project.edit("apart.py", "x = 2\n")
    assert project.says_of_clean() == f"cached, from run {first}"
    project.edit("cached_names.py", "MORE = 2\n")
    assert project.says_of_clean() == "not cached: source of cached_names.py changed"
    project.edit("cached_names.py", "MORE = 1\n")
    project.edit("uv.lock", "two")
    assert project.says_of_clean() == "not cached: uv.lock changed"
    project.edit("uv.lock", "one")
    assert project.says_of_clean() == f"cached, from run {first}"
    assert project.says_of_clean("--no-cache") == ""


def test_the_store_the_events_and_the_report_tell_it_too(project: Project) -> None:
    for expected in ("not cached: no earlier run", "cached, from run "):
        assert project.types("run", "jobs.py:daily", "--events", "events", "--report", "page.html").code == 0
        shown = json.loads(project.types("runs", "show", "--format", "json").out)
        (row,) = (each for each in shown["attempts"] if each["key"] == "clean")
        assert (row["reason"] or f"not cached: {row['cache']}").startswith(expected)
        assert expected in project.types("runs", "show").out
        events = [json.loads(line) for line in (project.folder / "events").read_text(encoding="utf-8").splitlines()]
        last = [event for event in events if event.get("task") == "clean"][-1]
        assert f"not cached: {last['cache']}" == expected if "cache" in last else last["reason"].startswith(expected)
        page = (project.folder / "page.html").read_text(encoding="utf-8")
        assert ("not used: no earlier run" if "not" in expected else expected) in page


def test_a_run_whose_output_was_taken_stays_until_nobody_uses_it(project: Project) -> None:
    project.says_of_clean()
    project.says_of_clean()
    later, first = project.runs()
    assert f"kept {first}: its outputs are used by {later}" in project.types("runs", "clean", "--keep", "1").out
    assert project.types("runs", "clean", "--keep", "0").out == "removed 2 runs\n"
    assert project.says_of_clean() == "not cached: no earlier run"


def test_a_resumed_run_keeps_what_it_took(project: Project) -> None:
    project.says_of_clean()
    project.says_of_clean()
    ended = project.types("run", "jobs.py:daily", "--resume", "latest")
    assert ended.code == 0
    assert "from run" in ended.out
    assert (project.folder / ".lakewright" / "journal").read_text(encoding="utf-8") == "clean "


REPEATED: Final = """
from pathlib import Path
from lakewright import job, task

@task
def load() -> list[int]:
    return [1, 2]

@task(cache=True)
def each(number: int) -> int:
    if number == 2 and not Path("fixed").exists():
        raise ValueError("not yet")
    return number

@job
def daily() -> list[int]:
    return each.map(load())
"""


def test_a_repeated_task_of_which_an_earlier_process_has_made_a_part_is_not_taken(project: Project) -> None:
    project.edit("jobs.py", REPEATED)
    assert project.types("run", "jobs.py:daily").code == 1
    project.edit("fixed", "")
    repaired = project.types("run", "jobs.py:daily", "--repair").out
    assert "not cached: an earlier process of the run has made some of it" in repaired
    assert "not cached: no earlier run" in project.types("run", "jobs.py:daily").out
    assert "cached, from run" in project.types("run", "jobs.py:daily").out
