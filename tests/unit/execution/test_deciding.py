"""Conditions in a run of this process."""

from collections import Counter
from dataclasses import replace
from typing import Final

import pytest

from lakewright import MemoryIo, job, task
from lakewright.errors.running import MissingInputError, OutputError, RunError
from lakewright.execution.resume import repaired, resumed
from lakewright.execution.rows import AttemptRow
from lakewright.execution.runner import run as run_plan
from lakewright.execution.selecting import adopted, selected
from lakewright.execution.worker import run_task
from lakewright.io.commit import write_record
from lakewright.io.paths import RunPaths
from lakewright.model.binding import Join
from lakewright.model.invocation import RUN_REFERENCES, from_argv, invocation_of
from lakewright.model.record import CommitRecord, Stored
from lakewright.pipelines.arguments import plan
from tests.branches import needs_branches
from tests.unit.execution.runs import Runs

pytestmark = needs_branches

tried: Counter[str] = Counter()
broken: Final[set[str]] = set()


@pytest.fixture(autouse=True)
def _nothing_tried() -> None:
    tried.clear()
    broken.clear()


@task
def step(name: str, *values: object) -> str:
    tried[name] += 1
    if name in broken:
        message = f"{name} is broken"
        raise ValueError(message)
    return "".join([*map(str, values), name])


@task
def count(text: str) -> int:
    return len(text) if text != "nothing" else None  # type: ignore[return-value]  # as it happens


@task
def is_set(text: object) -> bool:
    return text  # type: ignore[return-value]  # as it happens


@job
def either(mode: str = "full") -> str:
    raw = step("raw")
    found = step("full", raw) if mode == "full" else step("quick", raw)
    return step("save", found)


def test_only_the_way_that_is_gone_runs_and_a_condition_says_how_it_came_out(run: Runs) -> None:
    result = run(either, {"mode": "quick"}, io=MemoryIo())
    assert result.value == "rawquicksave"
    assert tried == {"raw": 1, "quick": 1, "save": 1}
    assert result.outcomes["if_mode_is_full"].reason == "quick == full is false"
    assert (result["if_mode_is_full"], result["gate_step"]) == (False, True)
    assert result.outcomes["step__2"].reason == "excluded: if_mode_is_full is not true"


def test_a_condition_is_told_like_a_task(run: Runs) -> None:
    run(either)
    told = [event for event in run.told("kind", "key", "state") if event[1] == "if_mode_is_full"]
    assert told == [("started", "if_mode_is_full", "running"), ("ended", "if_mode_is_full", "success")]


def test_an_output_that_is_not_what_its_annotation_promised_fails_its_task(run: Runs) -> None:
    @job
    def promising(text: str = "nothing") -> str:
        if count(text) > 3:
            return step("more")
        if is_set(text):
            return step("set")
        return step("less")

    result = run(promising)
    assert result.states["count"] == "failed"
    error = result.outcomes["count"].error
    assert isinstance(error, OutputError)
    assert "compares the output of task 'count' with a number, and it is None" in error.message
    other = run(promising, {"text": "x"})
    assert "branches on the output of task 'is_set', and it is a str" in str(other.outcomes["is_set"].error)


def test_a_number_that_the_platform_cannot_read_fails_the_condition(run: Runs) -> None:
    @job
    def compared(number: float = 1.0) -> str:
        return step("more") if number > 3 else step("less")

    result = run(compared, {"number": "inf"})
    assert result.states == {
        "if_number_above_3": "failed", "step": "upstream_failed", "step__2": "upstream_failed",
    }  # fmt: skip
    assert isinstance(result.outcomes["if_number_above_3"].error, RunError)


@pytest.mark.parametrize("again", [resumed, repaired])
def test_what_a_run_has_done_before_is_not_done_again_behind_a_condition(run: Runs, again: object) -> None:
    broken.add("save")
    run(either, run_id="1")
    broken.clear()
    bare = plan(either.body, {}, target=run.target, run_id="2")
    planned = replace(bare, paths=RunPaths(run.target.root, "either", "1"))
    rows = [
        AttemptRow("either", "1", "step__3", 0, "excluded"),
        *(AttemptRow("either", "1", key, 1, "success") for key in ("if_mode_is_full", "gate_step")),
    ]
    result = run_plan(again(planned, rows))  # type: ignore[operator]  # one of two functions
    assert result.value == "rawfullsave"
    assert tried == {"raw": 1, "full": 1, "save": 2}


def test_a_selected_task_takes_the_side_that_has_run(run: Runs) -> None:
    run(either, {"mode": "quick"}, run_id="1")
    planned = plan(either.body, {}, target=run.target, run_id="2")
    keys = {task.key: task for task in planned.dag.tasks}
    save = next(key for key in keys if keys[key].gated)
    result = run_plan(adopted(selected(planned, save, ["1"])))
    assert result[save] == "rawquicksave"


@pytest.mark.parametrize("ways", [("full", "quick"), ("quick", "full")])
@pytest.mark.parametrize("expression", ["step__4", "gate_step+"])
def test_a_selected_task_takes_the_side_that_the_latest_run_took(
    run: Runs, ways: tuple[str, str], expression: str
) -> None:
    for run_id, mode in zip(("1", "2"), ways, strict=True):
        run(either, {"mode": mode}, run_id=run_id)
    planned = plan(either.body, {"mode": ways[-1]}, target=run.target, run_id="3")
    result = run_plan(adopted(selected(planned, expression, ["2", "1"])))
    assert result["step__4"] == f"raw{ways[-1]}save"


def test_a_run_that_came_to_no_side_is_passed_over(run: Runs) -> None:
    run(either, {"mode": "full"}, run_id="1")
    broken.add("quick")
    run(either, {"mode": "quick"}, run_id="2")
    planned = plan(either.body, {}, target=run.target, run_id="3")
    save = next(task.key for task in planned.dag.tasks if task.gated)
    assert run_plan(adopted(selected(planned, save, ["2", "1"])))[save] == "rawfullsave"


def test_a_join_of_which_no_run_has_a_side_is_an_error_before_anything_runs(run: Runs) -> None:
    planned = plan(either.body, {}, target=run.target, run_id="1")
    save = next(task.key for task in planned.dag.tasks if task.gated)
    with pytest.raises(MissingInputError, match=f"task '{save}' takes the output of 'step__2'"):
        selected(planned, save, [])


def test_a_side_that_is_selected_needs_no_earlier_run(run: Runs) -> None:
    planned = plan(either.body, {}, target=run.target, run_id="1")
    save = next(task.key for task in planned.dag.tasks if task.gated)
    result = run_plan(selected(planned, f"+step__2 {save}", []))
    assert result[save] == "rawfullsave"


def test_a_repair_runs_all_that_hangs_on_a_condition_that_is_new(run: Runs) -> None:
    run(either, {"mode": "quick"}, run_id="1")
    planned = replace(
        plan(either.body, {"mode": "quick"}, target=run.target, run_id="2"),
        paths=RunPaths(run.target.root, "either", "1"),
    )
    rows = [
        AttemptRow("either", "1", "step__2", 0, "excluded"),
        AttemptRow("either", "1", "gate_step", 1, "success"),
    ]
    assert run_plan(repaired(planned, rows)).value == "rawquicksave"
    assert tried == {"raw": 1, "quick": 2, "save": 2}


def test_a_repair_goes_by_how_a_task_ended_last(run: Runs) -> None:
    run(either, {"mode": "quick"}, run_id="1")
    planned = replace(
        plan(either.body, {"mode": "quick"}, target=run.target, run_id="2"),
        paths=RunPaths(run.target.root, "either", "1"),
    )
    rows = [
        AttemptRow("either", "1", "step__2", 0, "excluded", began=2.0),
        AttemptRow("either", "1", "step__2", 1, "success", began=1.0),
        *(AttemptRow("either", "1", key, 1, "success") for key in ("if_mode_is_full", "gate_step")),
    ]
    assert run_plan(repaired(planned, rows)).value == "rawquicksave"
    assert tried == {"raw": 1, "quick": 1, "save": 1}


@pytest.mark.parametrize("latest", ["step__2", "step__3"])
def test_a_join_takes_the_side_that_was_made_last_in_a_repair_that_went_another_way(run: Runs, latest: str) -> None:
    dag = either.dag
    paths = RunPaths(run.target.root, "either", "1")
    for key in ("step__2", "step__3"):
        finished = 2.0 if key == latest else 1.0
        write_record(paths, CommitRecord("either", "1", key, 1, Stored("json", value=key), finished))
    texts = {**dict.fromkeys(RUN_REFERENCES, "local"), "run_id": "1", "attempt": "1", "root": run.target.root}
    (record,) = run_task(from_argv(invocation_of(dag, dag.task("step__4")).to_argv(texts)))
    assert record.stored is not None
    assert record.stored.value == f"{latest}save"


def test_a_side_that_begins_with_the_task_of_another_one_is_taken_although_that_ended_later(run: Runs) -> None:
    @job
    def refined(mode: str = "full") -> str:
        found = step.named("plain")("plain")
        if mode == "full":
            found = step.named("better")("better")
        return step.named("save")("save", found)

    binding = refined.dag.task("save").arguments[1].binding
    assert isinstance(binding, Join)
    assert not binding.is_latest
    assert run(refined).value == "bettersave"
