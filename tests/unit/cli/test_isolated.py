"""`lakewright run --isolated` as its user meets it."""

import json
import re
import sqlite3
from contextlib import closing
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
    print("cleaning")
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
    assert "   isolated_bad.py:12  in clean\n     raise ValueError(" in said
    assert "   ValueError: no [bold]rows[/bold]\n   at all (exit code 1)\n" in said
    assert "/logs/clean/1.log)\n   | cleaning\n\n" in said
    assert "⏱ slow" in said
    assert "   TimedOutError: did not end within 1 s\n" in said
    assert "upstream failed: after" in said
    assert "2 of 5 tasks" in said
    assert "kept: 2 tasks     after the fix:  lakewright run isolated_bad.py:bad --isolated --repair\n" in said
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


def lakewright(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints."""
    monkeypatch.setattr("sys.argv", ["lakewright", *arguments])
    run()
    said = capsys.readouterr()
    return said.out + said.err


FIXED = """
import os
from lakewright import job, task

@task
def load() -> list[int]:
    with open("loaded", "a") as journal:
        journal.write("x")
    return [1, 2, 3]

@task(retries=0)
def each(number: int) -> int:
    if number == 2 and not os.path.exists("fixed"):
        raise ValueError("not yet")
    with open("made", "a") as journal:
        journal.write(str(number))
    return number

@task
def total(numbers: list[int]) -> int:
    return sum(numbers)

@job
def mended(month: int = 1) -> int:
    return total([each(number) for number in load()])
"""


def test_a_run_is_listed_shown_and_removed_as_any_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(tmp_path, {"isolated_listed.py": JOBS})
    call(monkeypatch, "isolated_listed.py:bad")
    capsys.readouterr()
    (folder,) = (tmp_path / ".lakewright" / "runs" / "bad").iterdir()
    assert re.search(rf"{folder.name} +bad +failed .* --isolated *\n", lakewright(monkeypatch, capsys, "runs", "list"))
    shown = lakewright(monkeypatch, capsys, "runs", "show")
    assert re.search(r"clean +1 +✘ failed .* ValueError: no \[bold\]rows", shown)
    assert re.search(r"slow +1 +⏱ timed out", shown)
    assert re.search(r"after +↯ upstream failed +upstream failed: clean", shown)
    assert "removed 1 run\n" in lakewright(monkeypatch, capsys, "runs", "clean", "--keep", "0")
    assert not folder.exists()


def test_a_repair_runs_what_failed_with_what_hangs_on_it_and_no_iteration_that_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(tmp_path, {"isolated_mended.py": FIXED})
    assert call(monkeypatch, "isolated_mended.py:mended", "-p", "month=2") == 1
    (tmp_path / "fixed").touch()
    capsys.readouterr()
    assert call(monkeypatch, "isolated_mended.py:mended", "--repair") == 0
    said = capsys.readouterr().out
    assert "month=2" in said
    assert " ✔ load   done before\n" in said
    assert ((tmp_path / "loaded").read_text(), (tmp_path / "made").read_text()) == ("x", "132")
    assert len(list((tmp_path / ".lakewright" / "runs" / "mended").iterdir())) == 1


def test_a_resume_is_of_the_same_definition_the_same_target_and_the_same_kind(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    reference = "isolated_resumed.py:mended"
    write(tmp_path, {"isolated_resumed.py": FIXED})
    call(monkeypatch, reference)
    (run_id,) = (folder.name for folder in (tmp_path / ".lakewright" / "runs" / "mended").iterdir())
    assert "There is an isolated one: add --isolated." in lakewright(
        monkeypatch, capsys, "run", reference, "--resume", run_id
    )
    assert call(monkeypatch, reference, "--resume", "latest", "-p", "month=3") == 2
    assert "parameter month: was '1', is '3'" in capsys.readouterr().err
    with closing(sqlite3.connect(tmp_path / ".lakewright" / "runs.sqlite")) as store:
        store.execute("UPDATE runs SET sources = json_set(sources, '$.the generated definition', 'other')")
        store.commit()
    assert call(monkeypatch, reference, "--resume", "latest") == 2
    assert "changed: the generated definition" in capsys.readouterr().err
    with closing(sqlite3.connect(tmp_path / ".lakewright" / "runs.sqlite")) as store:
        store.execute("UPDATE runs SET target = 'prod'")
        store.commit()
    assert call(monkeypatch, reference, "--repair") == 2
    assert "target: was 'prod', is 'local'" in capsys.readouterr().err


def test_what_happens_is_written_as_events(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(tmp_path, {"isolated_told.py": JOBS})
    assert call(monkeypatch, "isolated_told.py:bad", "--events", "events.jsonl", "--fail-fast", "--workers", "1") == 1
    told = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in told[:3]] == ["run_started", "started", "ended"]
    assert told[0]["tasks"] == ["load", "clean", "after", "slow", "tidy"]
    assert told[-1]["event"] == "run_ended"
    assert "stopping" in {line["event"] for line in told}
    ended = {line["task"]: line for line in told if line["event"] == "ended"}
    assert ended["slow"]["error"] == "TimedOutError: did not end within 1 s"
    assert ended["clean"]["reason"] == "cancelled: slow failed"
    assert ended["load"]["log"].endswith("/logs/load/1.log")
