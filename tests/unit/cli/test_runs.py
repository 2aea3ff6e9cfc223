"""`lakewright runs`: what has run on this machine."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.unit.cli.commands import Call
from tests.unit.project.repos import write

JOBS: Final = """
from lakewright import job, task

@task
def load(month: int) -> int:
    print("loading")
    if month == 13:
        raise ValueError("no such month\\n\\nthere are twelve")
    return month

@task
def clean(value: int) -> int:
    return value

@job
def daily(month: int = 1) -> int:
    return clean(load(month))

@job
def weekly() -> int:
    return load(7)
"""


@pytest.fixture
def ran(call: Call, tmp_path: Path) -> list[str]:
    """Ids of three runs: one that went well, one that failed, one of another job."""
    name = f"runs_{tmp_path.name.replace('-', '_')}"
    write(tmp_path, {f"{name}.py": JOBS})
    call("run", f"{name}.py:daily")
    call("run", f"{name}.py:daily", "-p", "month=13")
    call("run", f"{name}.py:weekly")
    listed = json.loads(call("runs", "list", "--format", "json").out)
    return [run["run_id"] for run in reversed(listed)]


def test_runs_are_listed_with_the_latest_first(call: Call, ran: list[str]) -> None:
    lines = [line.split() for line in call("runs", "list").out.splitlines()[1:]]
    assert [line[:3] for line in lines] == [
        [ran[2], "weekly", "success"],
        [ran[1], "daily", "failed"],
        [ran[0], "daily", "success"],
    ]
    assert lines[1][-1] == "month=13"


def test_a_list_can_be_of_one_job_and_short(call: Call, ran: list[str]) -> None:
    listed = call("runs", "list", "--job", "daily", "--limit", "1").out.splitlines()
    assert [line.split()[0] for line in listed[1:]] == [ran[1]]


def test_where_nothing_has_run_nothing_is_made(call: Call, tmp_path: Path) -> None:
    assert call("runs", "list").out == "nothing has run here\n"
    assert list(tmp_path.iterdir()) == []


def test_a_run_is_shown_with_tasks_errors_and_logs(call: Call, ran: list[str]) -> None:
    shown = call("runs", "show", ran[1]).out
    assert f"run {ran[1]}   failed" in shown
    assert "month=13" in shown
    assert "ValueError: no such month" in shown
    assert "upstream failed: load" in shown
    assert f".lakewright/runs/daily/{ran[1]}/logs/load/1.log" in shown


def test_an_error_of_several_lines_leaves_none_of_them_empty(call: Call, ran: list[str]) -> None:
    _, _, table = call("runs", "show", ran[1]).out.partition("\n\n")
    assert "there are twelve" in table
    assert [line for line in table.splitlines() if not line.strip()] == []


def test_the_latest_run_is_shown_unless_one_is_named(call: Call, ran: list[str]) -> None:
    assert ran[2] in call("runs", "show").out
    assert ran[1] in call("runs", "show", "latest", "--job", "daily").out


def test_a_run_is_shown_to_programs(call: Call, ran: list[str]) -> None:
    shown = json.loads(call("runs", "show", ran[1], "--format", "json").out)
    assert (shown["run_id"], shown["status"], shown["parameters"]) == (ran[1], "failed", {"month": "13"})
    assert [(each["key"], each["state"]) for each in shown["attempts"]] == [
        ("clean", "upstream_failed"),
        ("load", "failed"),
    ]
    assert {Path(file).stem for file in shown["sources"]} == {
        Path(shown["reference"].partition(":")[0]).stem,
        "lakewright",
    }


@pytest.mark.usefixtures("ran")
def test_a_run_that_is_not_there_ends_with_2(call: Call) -> None:
    ended = call("runs", "show", "20991231-000000-abcdef")
    assert ended.code == 2
    assert "there is no run '20991231-000000-abcdef' in .lakewright; known are: " in ended.err


def test_cleaning_keeps_the_latest_runs_of_each_job(call: Call, ran: list[str], tmp_path: Path) -> None:
    assert call("runs", "clean", "--keep", "1").out == "removed 1 run\n"
    left = json.loads(call("runs", "list", "--format", "json").out)
    assert [run["run_id"] for run in left] == [ran[2], ran[1]]
    assert [folder.name for folder in (tmp_path / ".lakewright" / "runs" / "daily").iterdir()] == [ran[1]]


def opened(folder: Path, *arguments: str, browser: str) -> subprocess.CompletedProcess[str]:
    """`runs show --open` in a process of its own, which finds this browser alone."""
    kept = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    environment = {**kept, "PYTHONPATH": os.pathsep.join(sys.path), "BROWSER": browser, "PATH": "", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", "from lakewright.cli import main; main()", "runs", "show", "--open", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def browser(tmp_path: Path) -> str:
    """A browser that takes note of what it is to open."""
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/address"\n', encoding="utf-8")
    script.chmod(0o755)
    return f"{script} %s"


def test_the_report_of_a_run_is_opened(ran: list[str], tmp_path: Path, browser: str) -> None:
    ended = opened(tmp_path, "latest", browser=browser)
    report = tmp_path / ".lakewright" / "runs" / "weekly" / ran[2] / "report.html"
    assert (ended.returncode, ended.stdout) == (0, f"report {report.relative_to(tmp_path)}\n")
    assert (tmp_path / "address").read_text(encoding="utf-8").strip() == report.as_uri()


def test_an_isolated_run_is_opened_too(call: Call, ran: list[str], *, tmp_path: Path, browser: str) -> None:
    name = next(tmp_path.glob("runs_*.py")).name
    assert call("run", f"{name}:weekly", "--isolated").code == 0
    ended = opened(tmp_path, browser=browser)
    (isolated,) = {each.name for each in (tmp_path / ".lakewright" / "runs" / "weekly").iterdir()} - {ran[2]}
    assert f"{isolated}/report.html" in ended.stdout
    assert f"{isolated}/report.html" in opened(tmp_path, isolated, browser=browser).stdout
    assert f"{ran[1]}/report.html" in opened(tmp_path, "--job", "daily", browser=browser).stdout
    assert opened(tmp_path, "20991231-000000-abcdef", browser=browser).returncode == 2


def test_a_report_that_is_missing_is_made(ran: list[str], tmp_path: Path, browser: str) -> None:
    report = tmp_path / ".lakewright" / "runs" / "daily" / ran[1] / "report.html"
    report.unlink()
    assert opened(tmp_path, ran[1], browser=browser).returncode == 0
    assert "no such month" in report.read_text(encoding="utf-8")


def test_without_a_browser_the_place_of_the_report_is_told(ran: list[str], tmp_path: Path) -> None:
    ended = opened(tmp_path, browser="/no/such/browser")
    assert ended.returncode == 0
    assert f"{ran[2]}/report.html\nNo browser was found" in ended.stdout


def test_what_a_repair_has_run_is_not_told_as_not_run(call: Call, ran: list[str], tmp_path: Path) -> None:
    name = next(tmp_path.glob("runs_*.py")).name
    assert call("runs", "show", ran[1]).out.count("upstream failed") > 0
    source = (tmp_path / name).read_text(encoding="utf-8").replace("month == 13", "month == 14")
    (tmp_path / name).write_text(source, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    repair = ["run", f"{name}:daily", "--repair"]
    command = [sys.executable, "-c", "from lakewright.cli import main; main()", *repair]
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    shown = call("runs", "show", ran[1]).out
    assert "upstream failed" not in shown
    assert "ValueError: no such month" in shown
