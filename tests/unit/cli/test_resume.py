"""`lakewright run --resume` and `--repair`."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright.execution.locks import FileLock
from tests.branches import needs_branches
from tests.unit.cli.commands import Call
from tests.unit.project.repos import write

JOBS: Final = """
from lakewright import context, job, task

@task
def load(month: int) -> int:
    with (context().root / "journal").open("a") as journal:
        journal.write("load ")
    return month

@task
def clean(value: int) -> int:
    with (context().root / "journal").open("a") as journal:
        journal.write("clean ")
    if (context().root / "broken").exists():
        raise ValueError("broken")
    return value

@job
def daily(month: int = 1) -> int:
    return clean(load(month))
"""


class Daily:
    """The job in a file of its own, and what its tasks did."""

    def __init__(self, call: Call, folder: Path) -> None:
        self.folder = folder
        self.name = f"resumed_{folder.name.replace('-', '_')}"
        self.reference = f"{self.name}.py:daily"
        self._call = call
        (folder / ".lakewright").mkdir()
        write(folder, {f"{self.name}.py": JOBS})
        self.broken = folder / ".lakewright" / "broken"

    def ran(self) -> str:
        """The tasks that ran since the last question."""
        journal = self.folder / ".lakewright" / "journal"
        text = journal.read_text(encoding="utf-8").strip() if journal.exists() else ""
        journal.unlink(missing_ok=True)
        return text

    def runs(self) -> list[dict[str, Any]]:
        """What the store knows."""
        found: list[dict[str, Any]] = json.loads(self._call("runs", "list", "--format", "json").out)
        return found


@pytest.fixture
def daily(call: Call, tmp_path: Path) -> Daily:
    found = Daily(call, tmp_path)
    found.broken.touch()
    assert call("run", found.reference, "-p", "month=2").code == 1
    assert found.ran() == "load clean"
    found.broken.unlink()
    return found


def test_a_failed_run_says_how_to_go_on(call: Call, daily: Daily) -> None:
    daily.broken.touch()
    assert f"after the fix:  lakewright run {daily.reference} --repair" in call("run", daily.reference).out


def test_a_resumed_run_is_the_same_run_with_its_parameters(call: Call, daily: Daily) -> None:
    ended = call("run", daily.reference, "--resume", "latest")
    assert ended.code == 0
    assert daily.ran() == "clean"
    assert "load" in ended.out
    assert "done before" in ended.out
    (run,) = daily.runs()
    assert (run["status"], run["parameters"]) == ("success", {"month": "2"})


def test_a_run_is_resumed_by_its_id(call: Call, daily: Daily) -> None:
    (run,) = daily.runs()
    assert call("run", daily.reference, "--resume", run["run_id"]).code == 0
    assert daily.ran() == "clean"


def test_a_repair_goes_on_with_the_code_of_now(call: Call, daily: Daily) -> None:
    file = daily.folder / f"{daily.name}.py"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n# mended\n", encoding="utf-8")
    refused = call("run", daily.reference, "--resume", "latest")
    assert refused.code == 2
    assert f"changed: {file.name}" in refused.err
    assert "--repair" in refused.err
    assert daily.ran() == ""
    assert call("run", daily.reference, "--repair").code == 0
    assert daily.ran() == "clean"


def test_a_resumed_run_has_the_same_lock_file(call: Call, daily: Daily) -> None:
    lock = daily.folder / "uv.lock"
    lock.write_text("version = 1", encoding="utf-8")
    refused = call("run", daily.reference, "--resume", "latest")
    assert refused.code == 2
    assert "new: uv.lock" in refused.err
    assert daily.ran() == ""
    lock.unlink()
    assert call("run", daily.reference, "--resume", "latest").code == 0
    assert daily.ran() == "clean"


def test_other_parameters_are_another_run(call: Call, daily: Daily) -> None:
    for option in ("--resume=latest", "--repair"):
        ended = call("run", daily.reference, option, "-p", "month=3")
        assert ended.code == 2
        assert "parameter month: was '2', is '3'" in ended.err
    assert daily.ran() == ""


def test_a_second_process_is_refused(call: Call, daily: Daily) -> None:
    (run,) = daily.runs()
    with FileLock(daily.folder / ".lakewright" / "locks" / "daily" / f"{run['run_id']}.lock") as lock:
        assert lock.acquire()
        ended = call("run", daily.reference, "--resume", "latest")
        assert ended.code == 1
        assert "is going on in another process" in ended.err
    assert daily.ran() == ""


def test_a_run_that_is_not_there_ends_with_2_and_those_that_are(call: Call, daily: Daily) -> None:
    (run,) = daily.runs()
    ended = call("run", daily.reference, "--resume", "20991231-000000-abcdef")
    assert ended.code == 2
    assert f"there is no run '20991231-000000-abcdef' of 'daily' to go on with; known are: {run['run_id']}" in ended.err


def test_where_nothing_has_run_there_is_nothing_to_go_on_with(call: Call, tmp_path: Path) -> None:
    found = Daily(call, tmp_path)
    assert call("run", found.reference, "--repair").code == 2
    assert not (tmp_path / ".lakewright" / "runs.sqlite").exists()


@pytest.mark.parametrize("option", ["--resume=latest", "--repair"])
def test_a_run_does_not_go_on_as_an_isolated_one(call: Call, daily: Daily, option: str) -> None:
    ended = call("run", daily.reference, "--isolated", option)
    assert ended.code == 2
    assert "There is one that is not isolated: leave --isolated out." in ended.err


BRANCHING: Final = """
from pathlib import Path
from lakewright import context, job, task

@task
def probe() -> int:
    with (context().root / "journal").open("a") as journal:
        journal.write("probe ")
    return 1

@task
def worded(text: str) -> str:
    with (context().root / "journal").open("a") as journal:
        journal.write(text + " ")
    if text == "bad" and (context().root / "broken").exists():
        raise ValueError("broken")
    return "bad"

@job
def daily(month: int = 1) -> str:
    if probe() > 0:
        found = worded("left")
    else:
        found = worded("right")
    return worded(found)
"""


@needs_branches
def test_a_repair_leaves_alone_what_ran_before_a_condition_and_in_its_branch(call: Call, tmp_path: Path) -> None:
    name = f"branching_{tmp_path.name.replace('-', '_')}"
    write(tmp_path, {f"{name}.py": BRANCHING, ".lakewright/broken": ""})
    journal = tmp_path / ".lakewright" / "journal"
    failed = call("run", f"{name}.py:daily")
    assert (failed.code, journal.read_text(encoding="utf-8")) == (1, "probe left bad ")
    assert "done and kept: 2 tasks" in failed.out
    (tmp_path / ".lakewright" / "broken").unlink()
    for _ in range(2):
        assert call("run", f"{name}.py:daily", "--repair").code == 0
        assert journal.read_text(encoding="utf-8") == "probe left bad bad "
