"""`lakewright run --isolated` as its user meets it."""

from pathlib import Path

import pytest

from lakewright.cli.app import run
from lakewright.execution.log_files import END_BYTES, MAX_BYTES, tail
from tests.unit.project.repos import write

JOBS = """
import time
from lakewright import job, task

@task
def load() -> int:
    print("loading")
    return 1

@task(retries=1)
def clean(number: int) -> int:
    raise ValueError("no [bold]rows[/bold]\\nat all")

@task
def after(number: int) -> int:
    return number

@task(timeout=1)
def slow() -> int:
    time.sleep(60)
    return 1

@task(run_if="all_done")
def tidy() -> int:
    return 1

@job
def good(month: int = 1) -> int:
    return load()

@job
def bad() -> int:
    cleaned = after(clean.options(retries=0)(load()))
    tidy.after(cleaned, slow())()
    return cleaned

@job(databricks={"git_source": {"git_url": "https://example.com/r", "git_provider": "gitHub", "git_branch": "main"}})
def elsewhere() -> int:
    return load()
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a file of jobs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["lakewright", "run", *arguments, "--isolated"])
    return run()


def test_a_run_says_what_it_leaves_out_and_shows_each_task(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(tmp_path, {"isolated_good.py": JOBS})
    assert call(monkeypatch, "isolated_good.py:good", "-p", "month=2", "--workers", "1") == 0
    said = capsys.readouterr().out
    assert "isolated_good.py:good   month=2   isolated run " in said
    assert "1 process" in said
    assert "not emulated: tasks[].environment_key, environments: tasks run in this environment" in said
    assert " ✔ load" in said
    (folder,) = (tmp_path / ".lakewright" / "runs" / "good").iterdir()
    assert " ✔ 1 task · " in said
    assert f"   outputs  .lakewright/runs/good/{folder.name}\n" in said
    assert (folder / "logs" / "load" / "1.log").read_text(encoding="utf-8") == "loading\n"


def test_a_failed_run_tells_each_cause_and_where_its_log_lies(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(tmp_path, {"isolated_bad.py": JOBS})
    assert call(monkeypatch, "isolated_bad.py:bad") == 1
    said = capsys.readouterr().out
    assert "   isolated_bad.py:11  in clean\n     raise ValueError(" in said
    assert "   ValueError: no [bold]rows[/bold]\n   at all (exit code 1)\n   log .lakewright/runs/bad/" in said
    assert "✘ slow   timed out" in said
    assert "upstream failed: after" in said
    assert "2 of 5 tasks" in said
    assert "   after the fix:  lakewright run isolated_bad.py:bad --isolated\n" in said
    assert "a success on the platform, by its leaf tasks" in said


def test_what_cannot_be_executed_is_told_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(tmp_path, {"isolated_elsewhere.py": JOBS})
    assert call(monkeypatch, "isolated_elsewhere.py:elsewhere") == 1
    assert "git_source is not emulated" in capsys.readouterr().err
    assert not (tmp_path / ".lakewright").exists()


def test_a_report_that_cannot_be_written_costs_a_run_neither_its_result_nor_its_summary(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(tmp_path, {"isolated_full.py": JOBS})
    assert call(monkeypatch, "isolated_full.py:good", "--report", "/dev/full") == 0
    said = capsys.readouterr().out
    assert " ! the report cannot be written: " in said
    assert " ✔ 1 task · " in said


FLOOD = """
from lakewright import job, task

@task
def flood() -> int:
    for number in range(12):
        print(f"megabyte {number} " + "x" * 1_000_000)
    raise ValueError("no file today")

@task
def quiet() -> int:
    return 1

@job
def floods() -> None:
    flood()
    quiet()
"""


def test_logs_are_bounded_and_none_is_empty(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(tmp_path, {"isolated_flood.py": FLOOD})
    assert call(monkeypatch, "isolated_flood.py:floods") == 1
    assert "   ValueError: no file today (exit code 1)\n" in capsys.readouterr().out
    (log,) = (tmp_path / ".lakewright").rglob("*.log")
    assert MAX_BYTES < log.stat().st_size < MAX_BYTES + 3 * END_BYTES
    assert tail(str(log), 1) == ["ValueError: no file today"]
