"""Pipelines that are wired by hand."""

import threading
import time
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lakewright import MemoryIo, job
from lakewright.errors.authoring import (
    AuthoringError,
    ConstantError,
    CycleError,
    DuplicateKeyError,
    SettingError,
    UnaddedTaskError,
)
from lakewright.errors.running import RunError, TaskFailedError
from lakewright.orchestration import Pipeline, Task, step, task
from tests.unit.orchestration import etl

if TYPE_CHECKING:
    from lakewright.pipelines.pipeline import ExecutorName


def nothing() -> None: ...


def pipeline_of(*tasks: Task, max_workers: int = 1, executor: "ExecutorName" = "threads") -> Pipeline:
    pipeline = Pipeline("by-hand", max_workers, executor=executor)
    for each in tasks:
        pipeline.add_task(each)
    return pipeline


def test_tasks_are_added_in_chains_and_run_in_their_order() -> None:
    ran: list[str] = []
    first, second = Task("first", lambda: ran.append("first")), Task("second", lambda: ran.append("second"))
    first.set_downstream(second)
    result = Pipeline("my_pipeline").add_task(second).add_task(first).run()
    assert ran == ["first", "second"]
    assert result.status == "success"


def test_a_result_is_a_mapping_of_what_succeeded_and_tells_what_failed() -> None:
    result = pipeline_of(Task("good", lambda: 1), Task("bad", lambda: 1 / 0)).run()
    assert dict(result) == {"good": 1}
    assert result.status == "failed"
    with pytest.raises(TaskFailedError, match="task 'bad' failed: ZeroDivisionError"):
        result.raise_for_status()


def test_a_pipeline_runs_as_often_as_it_is_asked_to() -> None:
    numbers = iter(range(9))
    one = Task("one", lambda: next(numbers))
    pipeline = pipeline_of(one)
    first, second = pipeline.run(), pipeline.run()
    assert (first["one"], second["one"], one.result) == (0, 1, 1)


def test_two_tasks_of_one_name_are_refused_with_the_line_of_the_first() -> None:
    pipeline = Pipeline("p").add_task(Task("a", nothing))
    with pytest.raises(DuplicateKeyError, match=r"task key 'a' is given twice in one job \(the first is at .*py:\d+\)"):
        pipeline.add_task(Task("a", nothing))


def test_a_task_is_added_once() -> None:
    @step
    def a() -> None: ...

    made = a()
    pipeline = Pipeline("p").add_task(made)
    with pytest.raises(ValueError, match="task key 'a' is given twice"):
        pipeline.add_task(made)


def test_the_calls_of_a_step_are_numbered_in_the_order_in_which_they_are_added() -> None:
    @step
    def one(value: int) -> int:
        return value

    first, second, third = one(1), one(2), one.named("third")(3)
    pipeline = pipeline_of(first, second, third)
    assert (first.name, second.name, third.name) == ("one", "one__2", "third")
    assert dict(pipeline.run()) == {"one": 1, "one__2": 2, "third": 3}
    assert pipeline_of(second, first).dag.nodes == ("one", "one__2")


@pytest.mark.parametrize("added", ["first", "second"])
@pytest.mark.parametrize("by_data", [True, False])
def test_a_neighbour_that_was_not_added_is_told_before_anything_runs(*, by_data: bool, added: str) -> None:
    ran: list[str] = []
    first = Task("first", lambda: ran.append("first"))
    second = Task("second", ran.append, args=(first,) if by_data else ("",))
    first >> second
    given, other = (first, second) if added == "first" else (second, first)
    relation = "before" if added == "first" else "after"
    message = f"task '{given.name}' comes {relation} '{other.name}', which was not added to pipeline 'by-hand'"
    with pytest.raises(UnaddedTaskError, match=message) as caught:
        pipeline_of(given).run()
    assert "test_pipeline.py:" in str(caught.value)
    assert ran == []


def test_a_cell_that_is_run_again_makes_its_tasks_anew() -> None:
    first = Task("first", lambda: 1)

    def cell() -> tuple[Task, Task]:
        return Task("by_data", str, args=(first,)), first >> Task("by_order", nothing)

    cell()
    by_data, by_order = cell()
    assert dict(pipeline_of(first, by_data, by_order).run()) == {"first": 1, "by_data": "1", "by_order": None}
    with pytest.raises(UnaddedTaskError, match="Another task of that name was added"):
        pipeline_of(Task("first", nothing), by_order).run()


def test_a_cycle_is_told_before_anything_runs() -> None:
    ran: list[str] = []
    root, a, b = Task("root", lambda: ran.append("root")), Task("a", nothing), Task("b", nothing)
    root >> a >> b >> a
    with pytest.raises(CycleError, match="contains a cycle: a -> b -> a") as caught:
        pipeline_of(root, a, b).run()
    assert isinstance(caught.value, ValueError)
    assert ran == []


def test_a_task_that_waits_for_itself_is_a_cycle() -> None:
    a = Task("a", nothing)
    a >> a
    with pytest.raises(ValueError, match="contains a cycle: a -> a"):
        pipeline_of(a).visualize()


def test_a_pipeline_without_tasks_is_told_so() -> None:
    with pytest.raises(AuthoringError, match="pipeline 'p' has no task"):
        Pipeline("p").run()


def test_ready_tasks_start_at_once_and_no_level_waits_for_another() -> None:
    slow_ends, child_ran = threading.Event(), threading.Event()
    slow = Task("slow", lambda: slow_ends.wait(30))
    quick, child = Task("quick", nothing), Task("child", child_ran.set)
    quick >> child
    thread = threading.Thread(target=pipeline_of(slow, quick, child, max_workers=2).run)
    thread.start()
    assert child_ran.wait(30)
    slow_ends.set()
    thread.join()


def test_tasks_run_one_after_the_other_unless_workers_are_asked_for() -> None:
    running: list[int] = []
    most: list[int] = []

    def work() -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(0.01)
        running.pop()

    pipeline_of(*(Task(f"t{index}", work) for index in range(4))).run()
    assert max(most) == 1


# The three rules of pipelines by hand, on direct parents.


def test_all_success_runs_only_if_all_parents_succeeded() -> None:
    good, bad = Task("good", nothing), Task("bad", lambda: 1 / 0)
    child, grandchild = Task("child", nothing), Task("grandchild", nothing)
    good >> child
    bad >> child >> grandchild
    pipeline_of(good, bad, child, grandchild).run()
    assert (child.status, grandchild.status) == ("SKIPPED", "SKIPPED")


def test_one_failed_runs_if_a_parent_failed_once_all_have_ended() -> None:
    def alert(number: int) -> Task:
        return Task(f"alert{number}", nothing, trigger_rule="one_failed")

    good, bad, skipped = Task("good", nothing), Task("bad", lambda: 1 / 0), Task("skipped", nothing)
    bad >> skipped
    mixed, quiet, behind, root = alert(1), alert(2), alert(3), alert(4)
    good >> mixed
    bad >> mixed
    good >> quiet
    skipped >> behind
    pipeline_of(good, bad, skipped, mixed, quiet, behind, root).run()
    assert [each.status for each in (mixed, quiet, behind, root)] == ["SUCCESS", "SKIPPED", "SKIPPED", "SUCCESS"]


def test_all_done_runs_whatever_became_of_the_parents() -> None:
    good, bad, skipped = Task("good", nothing), Task("bad", lambda: 1 / 0), Task("skipped", nothing)
    clean = Task("clean", nothing, trigger_rule="all_done")
    bad >> skipped >> clean
    good >> clean
    only_skipped = Task("only_skipped", nothing, trigger_rule="all_done").set_upstream(skipped)
    pipeline_of(good, bad, skipped, clean, only_skipped).run()
    assert (clean.status, only_skipped.status) == ("SUCCESS", "SUCCESS")


def test_a_context_starts_with_what_a_run_is_given_and_leaves_it_alone() -> None:
    given = {"day": "2026-11-20", "numbers": "hidden by the task of that name"}
    numbers, shown = etl.numbers(), etl.shown()
    numbers >> shown
    result = pipeline_of(numbers, shown).run(given)
    assert result["shown"] == {"day": "2026-11-20", "numbers": [1, 2, 3]}
    assert list(given) == ["day", "numbers"]


def test_a_context_that_cannot_be_recorded_is_refused() -> None:
    with pytest.raises(ConstantError, match=r"context\['day'\] is an object"):
        pipeline_of(Task("a", nothing)).run({"day": object()})


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
def test_results_reach_a_context_in_whatever_process_it_is_asked_for(executor: "ExecutorName") -> None:
    numbers, doubled, fails, last = etl.numbers(), etl.double(), etl.fail(), etl.after_all()
    numbers >> doubled >> last
    fails >> last
    result = pipeline_of(numbers, doubled, fails, last, executor=executor).run({"day": 1})
    assert dict(result) == {"numbers": [1, 2, 3], "double": [2, 4, 6], "after_all": ["day", "numbers", "double"]}


def local() -> Callable[[], None]:
    def found_by_nobody() -> None: ...

    return found_by_nobody


@pytest.mark.parametrize("action", [lambda: 1, [1].copy, Pipeline("p").run, local()])
def test_what_no_other_process_could_find_is_told_before_anything_runs(action: Callable[[], object]) -> None:
    with pytest.raises(RunError, match=r"which cannot find \S+ by its name") as caught:
        pipeline_of(Task("a", action), executor="processes").run()
    assert "test_pipeline.py:" in str(caught.value)


def test_a_context_reads_what_stays_in_memory() -> None:
    numbers, doubled = etl.numbers(), etl.double()
    numbers >> doubled
    assert pipeline_of(numbers, doubled).run(io=MemoryIo())["double"] == [2, 4, 6]


def test_a_picture_is_text_and_a_file(tmp_path: Path) -> None:
    a, b = Task("a", nothing), Task("b", nothing)
    a >> b
    pipeline = pipeline_of(a, b)
    text = pipeline.visualize(str(tmp_path / "pipeline.mermaid"))
    assert text == pipeline.visualize() == (tmp_path / "pipeline.mermaid").read_text(encoding="utf-8")
    assert text == 'graph TD\n    t0["a"]\n    t1["b"]\n    t0 -.-> t1\n'
    assert pipeline.visualize(format="dot").startswith("digraph")
    with pytest.raises(ValueError, match="unknown format 'png'"):
        pipeline.visualize(format="png")


def test_a_step_has_no_place_in_the_body_of_a_job() -> None:
    @job
    def daily() -> None:
        etl.numbers()

    with pytest.raises(AuthoringError, match="step 'numbers' makes tasks by hand, and is called in the body of job"):
        daily.run()


def test_a_pipeline_is_not_run_in_the_body_of_a_job() -> None:
    @job
    def daily() -> None:
        pipeline_of(Task("a", nothing)).run()

    with pytest.raises(AuthoringError, match="'by-hand' is run inside the body of job 'daily'"):
        daily.run()


def test_a_step_takes_settings_or_none() -> None:
    assert task is step
    assert (etl.numbers.settings.retry.retries, etl.after_all.settings.run_if) == (3, "all_done")
    with pytest.raises(SettingError, match="@step on 'nothing' got an unknown setting 'retry'; did you mean 'retries'"):
        step(retry=1)(nothing)  # type: ignore[call-overload]
    with pytest.raises(SettingError, match="@step goes on a function, not on 5"):
        step(5)  # type: ignore[call-overload]
    with pytest.raises(SettingError, match="name='a b' may hold only"):
        step(name="a b")(nothing)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": ""}, "name='' must not be empty"),
        ({"max_workers": 0}, "max_workers=0 is not a whole number, 1 or more"),
        ({"executor": "lambda"}, "executor='lambda' is not one of serial, threads, processes"),
    ],
)
def test_a_pipeline_that_cannot_be_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        Pipeline(**{"name": "p", **given})
    with pytest.raises(SettingError, match="takes a Task, not 5"):
        Pipeline("p").add_task(5)  # type: ignore[arg-type]


def test_a_chain_of_5_000_tasks_runs_and_skips() -> None:
    tasks = [Task(f"t{index}", nothing) for index in range(5000)]
    for earlier, later in pairwise(tasks):
        earlier >> later
    assert len(pipeline_of(*tasks).run(io=MemoryIo())) == 5000
    failing = Task("first", lambda: 1 / 0)
    failing >> tasks[0]
    pipeline_of(failing, *tasks).run(io=MemoryIo())
    assert {each.status for each in tasks} == {"SKIPPED"}


def test_a_chain_of_5_000_contexts_runs() -> None:
    def count(context: Mapping[str, int], number: int) -> int:
        return context[f"t{number - 1}"] + 1 if number else 0

    tasks = [Task(f"t{index}", count, kwargs={"number": index}) for index in range(5000)]
    for earlier, later in pairwise(tasks):
        earlier >> later
    assert pipeline_of(*tasks).run(io=MemoryIo())["t4999"] == 4999
