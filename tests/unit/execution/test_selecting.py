"""A run of some tasks: what they need comes from earlier runs, the rest is left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lakewright import context, job, task
from lakewright.errors.authoring import SelectionError
from lakewright.errors.running import MissingInputError, MissingOutputError
from lakewright.execution.result import RunResult
from lakewright.execution.runner import run as run_plan
from lakewright.execution.selecting import adopted, selected
from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.io.commit import read_record
from lakewright.pipelines.arguments import plan
from tests.unit.execution import tasks
from tests.unit.execution.runs import Runs

executed: list[str] = []


@task
def step(*values: pl.DataFrame) -> pl.DataFrame:
    executed.append(context().key)
    return pl.DataFrame({"runs": [[context().run_id, *(run for value in values for run in value["runs"][0])]]})


@job
def daily() -> pl.DataFrame:
    load = step.named("load")()
    clean = step.named("clean").options(tags=["gold"])(load)
    tidy = step.named("tidy").after(clean)()
    return step.named("report")(clean, tidy)


def some(run: Runs, wanted: str, earlier: Sequence[str], *, run_id: str = "new") -> RunResult[Any]:
    """The result of a run of some tasks."""
    executed.clear()
    planned = selected(plan(daily.body, {}, target=run.target, run_id=run_id), wanted, earlier)
    return run_plan(replace(adopted(planned), listener=run.events.append))


def test_inputs_come_from_the_latest_run_that_has_them(run: Runs) -> None:
    run(daily, run_id="r1")
    run(daily, run_id="r2")
    result = some(run, "clean", ["r2", "r1"])
    assert executed == ["clean"]
    assert result.states == {"load": "success", "clean": "success", "tidy": "excluded", "report": "excluded"}
    assert result.status == "success"
    assert result["clean"]["runs"][0].to_list() == ["new", "r2"]
    assert {key: outcome.reason for key, outcome in result.outcomes.items()} == {
        "load": "from run r2",
        "clean": "",
        "tidy": "not selected",
        "report": "not selected",
    }


def test_a_run_without_the_input_is_passed_over(run: Runs) -> None:
    first = run(daily, run_id="r1")
    second = run(daily, run_id="r2")
    Path(second.paths.record("load")).unlink()
    assert first.status == "success"
    assert some(run, "clean", ["r2", "r1"])["clean"]["runs"][0].to_list() == ["new", "r1"]


def test_a_run_whose_files_are_gone_is_passed_over(run: Runs) -> None:
    run(daily, run_id="r1")
    record = read_record(run(daily, run_id="r2").paths, "load")
    assert record is not None
    assert record.stored is not None
    Path(record.stored.files[0].path).unlink()
    assert some(run, "clean", ["r2", "r1"])["clean"]["runs"][0].to_list() == ["new", "r1"]


def test_what_follows_runs_on_what_was_just_made(run: Runs) -> None:
    run(daily, run_id="r1")
    result = some(run, "clean+", ["r1"])
    assert executed == ["clean", "tidy", "report"]
    assert result.value["runs"][0].to_list() == ["new", "new", "r1", "new"]


def test_all_that_leads_to_a_task_needs_no_earlier_run(run: Runs) -> None:
    assert some(run, "+clean", []).states["clean"] == "success"
    assert executed == ["load", "clean"]


def test_tags_select(run: Runs) -> None:
    run(daily, run_id="r1")
    some(run, "tag:gold", ["r1"])
    assert executed == ["clean"]


def test_a_task_that_only_waits_for_others_needs_none_of_them(run: Runs) -> None:
    result = some(run, "tidy", [])
    assert executed == ["tidy"]
    assert result.states == {"load": "excluded", "clean": "excluded", "tidy": "success", "report": "excluded"}


def test_an_input_that_no_run_has_is_an_error_before_anything_runs(run: Runs) -> None:
    with pytest.raises(
        MissingInputError,
        match=r"task 'clean' takes the output of 'load', which no earlier run of job 'daily' has\n"
        r"  Select it too: --select 'load, clean'",
    ):
        some(run, "clean", [])
    assert run.events == []


def test_a_selection_of_nothing_is_an_error(run: Runs) -> None:
    with pytest.raises(SelectionError, match="'claen'; did you mean 'clean'"):
        some(run, "claen", [])


def test_a_task_in_a_process_of_its_own_finds_the_inputs_too(run: Runs) -> None:
    @job
    def numbers() -> int:
        return tasks.add.options(timeout=30)(tasks.number())

    run(numbers, run_id="r1")
    planned = selected(plan(numbers.body, {}, target=run.target, run_id="new"), "add", ["r1"])
    result = run_plan(adopted(planned))
    assert result["add"] == 11
    record = read_record(planned.paths, "number")
    assert record is not None
    assert record.run_id == "r1"


@dataclass(frozen=True)
class Notes(IoManager):
    """Keeps text by the run that made it."""

    def write(self, context: OutputContext, value: object) -> None:
        notes[context.run_id, context.task] = str(value)

    def read(self, context: InputContext) -> object:
        return notes[context.run_id, context.task]


notes: dict[tuple[str, str], str] = {}


@task(io=Notes())
def note() -> str:
    return context().run_id


def test_a_manager_is_told_which_run_has_made_what_it_reads(run: Runs) -> None:
    @task
    def loud(text: str) -> str:
        return text.upper()

    @job
    def noted() -> str:
        return loud(note())

    run(noted, run_id="first")
    planned = selected(plan(noted.body, {}, target=run.target, run_id="new"), "loud", ["first"])
    assert run_plan(adopted(planned))["loud"] == "FIRST"


def test_a_value_of_the_body_that_was_not_made_is_an_error(run: Runs) -> None:
    run(daily, run_id="r1")
    result = some(run, "clean", ["r1"])
    with pytest.raises(MissingOutputError, match="task 'report' has no committed output"):
        _ = result.value
