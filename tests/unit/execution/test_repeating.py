"""Repeated tasks in a run of this process."""

import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from lakewright import MemoryIo, Retry, context, job, task
from lakewright.errors.running import InvocationError, OutputError, RunError, TaskFailedError
from lakewright.execution.resume import repaired, resumed
from lakewright.execution.runner import run as run_plan
from lakewright.execution.selecting import adopted, selected
from lakewright.execution.worker import run_task
from lakewright.io.commit import read_record
from lakewright.io.paths import RunPaths
from lakewright.model.invocation import ITEM, from_argv, invocation_of
from lakewright.pipelines.arguments import plan
from tests.unit.execution.runs import Runs

MANY: Final = 20_000

tried: Counter[str] = Counter()
broken: set[int] = set()
together: list[int] = []
lock: Final = threading.Lock()


@pytest.fixture(autouse=True)
def _nothing_tried() -> None:
    tried.clear()
    broken.clear()
    together.clear()


@task
def numbers(count: int) -> list[int]:
    tried["numbers"] += 1
    return list(range(count))


@task
def no_list() -> list[int]:
    return {"a": 1}  # type: ignore[return-value]  # as it happens


@task
def doubled(number: int) -> int:
    tried[context().output] += 1
    if number in broken:
        message = f"{number} is broken"
        raise ValueError(message)
    return 2 * number


@task(retries=Retry(2, delay=0))
def flaky(number: int) -> int:
    if context().attempt <= number:
        message = "not yet"
        raise ConnectionError(message)
    return context().attempt


@task
def slow(_number: int) -> int:
    with lock:
        together.append(1)
        now = len(together)
    time.sleep(0.05)
    with lock:
        together.pop()
    return now


@task
def total(values: list[int]) -> int:
    return sum(values)


@task(timeout=60)
def apart(number: int) -> int:
    return number + 1


@job
def doubling(count: int = 3) -> int:
    return total([doubled(number) for number in numbers(count)])


def test_twenty_thousand_elements_share_ranges_and_keep_their_order(run: Runs) -> None:
    result = run(doubling, {"count": MANY}, io=MemoryIo())
    assert result["doubled"] == [2 * number for number in range(MANY)]
    assert result.value == MANY * (MANY - 1)
    assert result.outcomes["doubled"].reason == "2,500 iterations"


def test_a_long_chain_of_nothing_ends(run: Runs) -> None:
    @job
    def daily() -> list[int]:
        values = numbers(0)
        for number in range(1000):
            values = doubled.named(f"m{number}").map(values)
        return values

    assert run(daily, io=MemoryIo()).value == []


def test_a_process_takes_the_elements_of_a_range_one_after_the_other(run: Runs) -> None:
    result = run(doubling, {"count": 6}, run_id="1")
    task_ = doubling.dag.task("doubled")
    values = dict.fromkeys(invocation_of(doubling.dag, task_).references, "")
    places = {"run_id": "1", "attempt": "2", "target": "t", "root": run.target.root, ITEM: "1-3"}
    records = run_task(from_argv(invocation_of(doubling.dag, task_).to_argv({**values, **places})))
    assert [(record.task, record.attempt) for record in records] == [
        ("doubled.1", 2),
        ("doubled.2", 2),
        ("doubled.3", 2),
    ]
    assert result["doubled"] == [0, 2, 4, 6, 8, 10]
    with pytest.raises(InvocationError, match="the input of a for-each: 'x' is no index"):
        run_task(from_argv(invocation_of(doubling.dag, task_).to_argv({**values, **places, ITEM: "x"})))


def test_one_start_and_one_end_are_told_however_many_elements_there_are(run: Runs) -> None:
    run(doubling)
    told = [event for event in run.told("kind", "key", "state") if event[1] == "doubled"]
    assert told == [("started", "doubled", "running"), ("ended", "doubled", "success")]


def test_as_many_run_side_by_side_as_the_concurrency_says(run: Runs) -> None:
    @job
    def limited() -> list[int]:
        return slow.options(concurrency=2).map(numbers(8))

    assert max(run(limited, max_workers=8).value) == 2


def test_the_first_element_that_failed_is_the_cause(run: Runs) -> None:
    broken.update({1, 2})
    result = run(doubling, {"count": 4})
    assert result.states == {"numbers": "success", "doubled": "failed", "total": "upstream_failed"}
    assert result.outcomes["doubled"].reason == "2 of 4 iterations failed: 1, 2"
    assert tried["doubled.3"] == 1
    with pytest.raises(TaskFailedError, match="task 'doubled' failed: ValueError: 1 is broken"):
        result.raise_for_status()


def test_each_element_has_its_own_attempts(run: Runs) -> None:
    @job
    def trying() -> list[int]:
        return flaky.map(numbers(3))

    assert run(trying).value == [1, 2, 3]
    retried = [key for kind, key in run.told("kind", "key") if kind == "retrying"]
    assert sorted(retried) == ["flaky.1", "flaky.2", "flaky.2"]


def test_what_was_promised_as_a_list_and_is_none_fails_its_task(run: Runs) -> None:
    @job
    def promised() -> list[int]:
        return doubled.map(no_list())

    result = run(promised)
    assert result.states == {"no_list": "failed", "doubled": "upstream_failed"}
    error = result.outcomes["no_list"].error
    assert isinstance(error, OutputError)
    assert "the output of task 'no_list' is looped over, and it is a dict" in error.message
    assert read_record(result.paths, "no_list") is None


def test_a_task_with_a_timeout_has_a_process_for_each_element(run: Runs) -> None:
    @job
    def timed() -> list[int]:
        return apart.map(numbers(2))

    assert run(timed).value == [1, 2]


def test_a_run_that_goes_on_tries_only_the_elements_that_are_not_done(run: Runs) -> None:
    broken.add(1)
    run(doubling, run_id="1")
    broken.clear()
    bare = plan(doubling.body, {"count": 3}, target=run.target, run_id="2")
    planned = replace(bare, paths=RunPaths(run.target.root, "doubling", "1"))
    result = run_plan(resumed(planned, ()))
    assert result.value == 6
    assert tried == {"numbers": 1, "doubled.0": 1, "doubled.1": 2, "doubled.2": 1}


def test_a_repaired_run_tries_only_the_elements_that_are_not_done(run: Runs) -> None:
    broken.add(1)
    run(doubling, run_id="1")
    broken.clear()
    bare = plan(doubling.body, {"count": 3}, target=run.target, run_id="2")
    planned = replace(bare, paths=RunPaths(run.target.root, "doubling", "1"))
    assert run_plan(repaired(planned, ())).value == 6
    assert tried["doubled.0"] == 1


def test_of_a_run_that_is_done_nothing_is_tried_again(run: Runs) -> None:
    run(doubling, run_id="1")
    bare = plan(doubling.body, {"count": 3}, target=run.target, run_id="2")
    planned = replace(bare, paths=RunPaths(run.target.root, "doubling", "1"))
    result = run_plan(resumed(planned, ()))
    assert result["doubled"] == [0, 2, 4]
    assert set(tried.values()) == {1}


def test_a_selected_task_takes_what_a_loop_gave_in_another_run(run: Runs) -> None:
    run(doubling, run_id="1")
    planned = plan(doubling.body, {"count": 3}, target=run.target, run_id="2")
    chosen = adopted(selected(planned, "total", ["1"]))
    result = run_plan(chosen)
    assert result.states == {"numbers": "success", "doubled": "success", "total": "success"}
    assert result["total"] == 6
    assert Path(chosen.paths.record("doubled.2")).is_file()


def test_what_was_not_begun_is_cancelled_once_a_failure_is_to_stop_the_run(run: Runs) -> None:
    broken.add(0)
    planned = plan(doubling.body, {"count": 50}, target=run.target, max_workers=1)
    result = run_plan(replace(planned, fails_fast=True))
    assert result.states["doubled"] == "failed"
    assert result.states["total"] == "upstream_failed"
    assert sum(tried.values()) < 50


def test_names_of_the_frameworks_own_task_values_are_refused() -> None:
    from lakewright import set_task_value

    with pytest.raises(RunError, match="names that begin with 'lw_' are set by the framework"):
        set_task_value("lw_items", [])
