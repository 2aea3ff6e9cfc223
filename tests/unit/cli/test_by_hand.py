"""Pipelines that are wired by hand, on the command line."""

import json
from pathlib import Path
from typing import Final

import pytest

from tests.unit.cli.commands import Call
from tests.unit.project.repos import write

PIPELINE: Final = """
from pathlib import Path
from lakewright.orchestration import Pipeline, step

@step
def extract():
    return [1, 2, 3]

@step
def total(context):
    if not Path("ready").exists():
        raise ValueError("not yet")
    return sum(context["extract"])

rows, summed = extract(), total()
rows >> summed
etl = Pipeline("etl").add_task(rows).add_task(summed)
"""


@pytest.fixture
def reference(tmp_path: Path) -> str:
    name = f"wired_{tmp_path.name.replace('-', '_')}.py"
    write(tmp_path, {name: PIPELINE})
    return f"{name}:etl"


def test_it_is_shown(call: Call, reference: str) -> None:
    assert call("show", reference, "--format", "mermaid").out == (
        'graph TD\n    t0["extract"]\n    t1["total"]\n    t0 -.-> t1\n'
    )


def test_it_is_run_kept_and_gone_on_with(call: Call, reference: str) -> None:
    failed = call("run", reference)
    assert failed.code == 1
    assert "ValueError: not yet" in failed.out
    Path("ready").touch()
    again = call("run", reference, "--resume", "latest")
    assert again.code == 0
    assert "done before" in again.out
    (run,) = json.loads(call("runs", "list", "--format", "json").out)
    assert (run["job"], run["status"], run["reference"]) == ("etl", "success", reference)


def test_some_of_it_is_run(call: Call, reference: str) -> None:
    ended = call("run", reference, "--select", "extract")
    assert ended.code == 0
    assert "✔ extract" in ended.out


def test_what_would_be_deployed_runs_isolated(call: Call, reference: str) -> None:
    Path("ready").touch()
    ended = call("run", reference, "--isolated")
    assert (ended.code, ended.err) == (0, "")
    assert "✔ total" in ended.out


def test_it_has_no_schedule_of_its_own(call: Call, reference: str) -> None:
    assert "job 'etl' has no schedule of its own" in call("schedule", reference).err


def test_a_task_is_no_pipeline(call: Call, reference: str) -> None:
    ended = call("run", reference.replace(":etl", ":rows"))
    assert ended.code == 2
    assert "is not a job but a Task" in ended.err
    assert "or a Pipeline that is wired by hand" in ended.err
