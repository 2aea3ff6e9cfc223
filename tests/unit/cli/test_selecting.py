"""`lakewright run` of some tasks, and runs that stop early."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from lakewright.execution.store import FILE, RunStore
from tests.unit.cli.commands import Call
from tests.unit.project.repos import write

JOBS: Final = """
import time
from lakewright import context, job, task

@task
def load() -> int:
    return 1

@task
def clean(value: int) -> int:
    return value + 1

@task
def bad() -> int:
    raise ValueError("broken")

@task
def doubtful(value: int) -> int:
    if not (context().root / "mended").exists():
        raise ValueError("broken")
    return value

@job
def doubted() -> int:
    return clean.named("last")(doubtful(clean(load())))

@task
def slow() -> int:
    (context().root / "works").touch()
    time.sleep(1.5)
    return 1

@job
def daily() -> int:
    return clean(load())

@job
def failing() -> int:
    bad()
    return clean(load())

@job
def long() -> int:
    return clean(slow())
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The jobs in a file of their own."""
    name = f"selected_{tmp_path.name.replace('-', '_')}.py"
    write(tmp_path, {name: JOBS})
    return name


def test_a_selected_task_takes_its_input_from_an_earlier_run(call: Call, file: str) -> None:
    first = call("run", f"{file}:daily")
    run_id = next(word for word in first.out.split() if word.startswith("20"))
    ended = call("run", f"{file}:daily", "--select", "clean")
    assert ended.code == 0
    assert f"from run {run_id}" in ended.out


def test_an_input_that_nobody_has_ends_with_2(call: Call, file: str) -> None:
    ended = call("run", f"{file}:daily", "--select", "clean")
    assert ended.code == 2
    assert "--select 'load, clean'" in ended.err


def test_a_selection_of_nothing_ends_with_2(call: Call, file: str) -> None:
    ended = call("run", f"{file}:daily", "--select", "claen")
    assert ended.code == 2
    assert "did you mean 'clean'" in ended.err


def test_a_selection_is_of_a_new_run(call: Call, file: str) -> None:
    call("run", f"{file}:daily")
    ended = call("run", f"{file}:daily", "--select", "clean", "--resume", "latest")
    assert ended.code == 2
    assert "--select starts a new run" in ended.err


def test_a_run_that_fails_fast_says_what_it_did_not_start(call: Call, file: str) -> None:
    ended = call("run", f"{file}:failing", "--fail-fast", "--workers", "1")
    assert ended.code == 1
    assert "cancelled: bad failed; what runs is finished first" in ended.out
    assert "   cancelled: load" in ended.out
    assert "✘ load" not in ended.out


def test_an_interrupted_run_ends_with_130_and_says_how_to_go_on(call: Call, file: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", "from lakewright.cli import main; main()", "run", f"{file}:long"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        works = tmp_path / ".lakewright" / "works"
        for _ in range(500):
            if works.exists():
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in err) == (130, False)
    assert "the run was interrupted; what runs is finished first" in out
    assert f"go on with it:  lakewright run {file}:long --resume latest\n" in out
    assert call("run", f"{file}:long", "--resume", "latest").code == 0


def test_events_are_written_line_by_line(call: Call, file: str, tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text("of before", encoding="utf-8")
    assert call("run", f"{file}:daily", "--events", "events.jsonl").code == 0
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == [
        "run_started", "started", "ended", "started", "ended", "run_ended",
    ]  # fmt: skip  # in order


def test_events_that_cannot_be_written_are_refused_before_anything_runs(call: Call, file: str, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    ended = call("run", f"{file}:daily", "--events", "taken")
    assert (ended.code, ended.out) == (2, "")
    assert "cannot write taken: it is a folder" in ended.err
    assert not (tmp_path / ".lakewright").exists()


def test_a_disk_that_takes_no_events_is_told_and_the_run_goes_on(call: Call, file: str) -> None:
    ended = call("run", f"{file}:daily", "--events", "/dev/full")
    assert ended.code == 0
    assert ended.out.count("no more events are written to /dev/full: No space left on device; the run goes on") == 1


@pytest.mark.parametrize("option", ["--resume=latest", "--repair"])
def test_a_run_of_some_tasks_goes_on_with_these(call: Call, file: str, option: str) -> None:
    call("run", f"{file}:doubted")
    assert call("run", f"{file}:doubted", "--select", "doubtful").code == 1
    Path(".lakewright/mended").touch()
    ended = call("run", f"{file}:doubted", option)
    assert ended.code == 0
    assert ended.out.count("not selected") == 0
    shown = json.loads(call("runs", "show", "--format", "json").out)
    assert shown["selection"] == "doubtful"
    assert {each["key"]: each["state"] for each in shown["attempts"] if each["attempt"] in {0, 2}} == {
        "clean": "success",
        "doubtful": "success",
    }


def test_inputs_of_a_run_stay_until_it_is_removed_itself(call: Call, file: str, tmp_path: Path) -> None:
    call("run", f"{file}:daily")
    call("run", f"{file}:daily", "--select", "clean")
    later, first = (run["run_id"] for run in json.loads(call("runs", "list", "--format", "json").out))
    assert (
        call("runs", "clean", "--keep", "1").out == f"removed 0 runs\nkept {first}: its outputs are used by {later}\n"
    )
    assert call("runs", "clean", "--keep", "0").out == "removed 2 runs\n"
    assert list((tmp_path / ".lakewright" / "runs" / "daily").iterdir()) == []


def test_a_run_that_is_just_being_removed_gives_nothing(call: Call, file: str, tmp_path: Path) -> None:
    call("run", f"{file}:daily")
    with closing(RunStore(tmp_path / ".lakewright" / FILE)) as store:
        assert store.begin_removal("daily", store.run_ids("daily")[0])
    ended = call("run", f"{file}:daily", "--select", "clean")
    assert ended.code == 1
    assert "is just being removed" in ended.err
    assert "removing" in call("runs", "list").out
