"""Tasks with `cache=True` run again only when something that they depend on has changed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lakewright import Bucket, FileIo, MemoryIo, Retry, context, job, set_task_value, task
from lakewright.execution.result import RunResult
from lakewright.execution.store import FILE
from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.io.commit import read_record
from lakewright.pipelines.job import Job
from tests.unit.execution import tasks
from tests.unit.execution.runs import Runs

executed: list[str] = []
broken: set[str] = set()


@pytest.fixture(autouse=True)
def _nothing_executed() -> None:
    executed.clear()
    broken.clear()


class Kind(Enum):
    NEW = "new"
    OLD = "old"


@dataclass(frozen=True)
class NoteFile(IoManager):
    """Keeps text somewhere, and does not say where."""

    path: str

    def write(self, context: OutputContext, value: object) -> None:  # noqa: ARG002  as the protocol has it
        Path(self.path).write_text(str(value), encoding="utf-8")

    def read(self, context: InputContext) -> object:  # noqa: ARG002  as above
        return Path(self.path).read_text(encoding="utf-8")


@task
def number(value: int = 1) -> int:
    executed.append(context().key)
    return value


@task(cache=True)
def double(value: int, times: int = 2) -> int:
    executed.append(context().key)
    if context().key in broken:
        message = "broken"
        raise ValueError(message)
    return times * value


@task(cache=True)
def frame(rows: int) -> pl.DataFrame:
    executed.append(context().key)
    return pl.DataFrame({"row": list(range(rows))})


@task(cache=True)
def height(rows: pl.DataFrame) -> int:
    executed.append(context().key)
    return rows.height


@job
def daily(value: int = 1, other: int = 1) -> int:
    number.named("apart")(other)
    return double(number(value))


def ran(result: RunResult[Any]) -> list[str]:
    """The tasks whose body ran since the last question; the run went well."""
    assert result.status == "success"
    found = sorted(executed)
    executed.clear()
    return found


def why(result: RunResult[Any]) -> dict[str, str]:
    """What is told of the tasks that are cached."""
    return {key: each.reason or each.cache for key, each in result.outcomes.items() if each.reason or each.cache}


def test_a_task_whose_inputs_are_the_same_runs_once(run: Runs) -> None:
    first = run(daily)
    assert ran(first) == ["apart", "double", "number"]
    assert why(first) == {"double": "no earlier run"}
    second = run(daily)
    assert ran(second) == ["apart", "number"]
    assert why(second) == {"double": f"cached, from run {first.run_id}"}
    assert second.value == first.value == 2


def test_other_inputs_and_earlier_ones_again(run: Runs) -> None:
    first = run(daily)
    second = run(daily, {"value": 2})
    assert why(second) == {"double": "input number changed"}
    assert (second.value, run(daily).value) == (4, 2)
    assert run(daily, {"value": 2}).outcomes["double"].reason == f"cached, from run {second.run_id}"
    assert run(daily).outcomes["double"].reason == f"cached, from run {first.run_id}"


def test_a_parameter_that_the_task_does_not_take_is_none_of_its_business(run: Runs) -> None:
    run(daily)
    executed.clear()
    assert ran(run(daily, {"other": 5})) == ["apart", "number"]


def test_the_seed_promise_same_arguments_once_others_again(run: Runs) -> None:
    @job
    def doubled(value: int) -> int:
        return double(value)

    run(doubled, {"value": 1})
    run(doubled, {"value": 1})
    assert executed == ["double"]
    other = run(doubled, {"value": 3})
    assert why(other) == {"double": "parameter value: 1 → 3"}
    assert other.value == 6


def test_a_constant_and_an_argument_are_told(run: Runs) -> None:
    def described(times: int, key: str) -> Job[[], int]:
        @job(name="daily")
        def body() -> int:
            return double(number.named(key)(1), times)

        return body

    run(described(2, "number"))
    assert why(run(described(3, "number"))) == {"double": "constant times: 2 → 3"}
    assert why(run(described(2, "other"))) == {
        "double": "argument value changed; input number is gone; input other is new"
    }


def test_outputs_are_compared_by_content_also_in_files(run: Runs) -> None:
    made = frame.options(cache=False)

    @job
    def counted(rows: int = 5) -> int:
        return height(made(rows))

    first = run(counted)
    assert ran(first) == ["frame", "height"]
    assert ran(run(counted)) == ["frame"]
    assert run(counted, {"rows": 6}).value == 6


def test_a_cached_task_that_reads_a_cached_one_needs_no_file_of_it(run: Runs) -> None:
    @job
    def counted(rows: int = 5) -> int:
        return height(frame(rows))

    first = run(counted)
    executed.clear()
    second = run(counted)
    assert executed == []
    assert second["frame"].height == 5
    record = read_record(second.paths, "frame")
    assert record is not None
    assert record.run_id == first.run_id


def test_without_the_cache_everything_runs_and_nothing_is_kept_of_it(run: Runs) -> None:
    @job
    def doubled() -> int:
        return double(1)

    doubled.execute(target=run.target, cache=False)
    assert not (Path(run.target.root) / FILE).exists()
    run(doubled)
    doubled.execute(target=run.target, cache=False)
    assert executed == ["double"] * 3
    assert doubled.run(cache=False) == 2


def test_jobs_without_cached_tasks_open_no_store(run: Runs) -> None:
    @job
    def plain() -> int:
        return number()

    run(plain)
    assert not (Path(run.target.root) / FILE).exists()


def test_an_output_that_is_gone_is_made_again(run: Runs) -> None:
    @job
    def made() -> pl.DataFrame:
        return frame(3)

    first = run(made)
    record = read_record(first.paths, "frame")
    assert record is not None
    assert record.stored is not None
    Path(record.stored.files[0].path).unlink()
    second = run(made)
    assert why(second) == {"frame": f"the output of run {first.run_id} is gone"}
    Path(second.paths.record("frame")).unlink()
    assert why(run(made)) == {"frame": f"the output of run {second.run_id} is gone"}
    assert executed == ["frame"] * 3


def test_a_failed_task_is_not_kept_and_a_later_attempt_is(run: Runs) -> None:
    @job
    def doubled() -> int:
        return double.options(retries=Retry(1, delay=0))(1)

    broken.add("double")
    assert run(doubled).status == "failed"
    broken.clear()
    assert why(run(doubled)) == {"double": "no earlier run"}
    assert run(doubled).outcomes["double"].reason


def test_events_tell_what_the_cache_did(run: Runs) -> None:
    first = run(daily)
    run.events.clear()
    run(daily)
    told = [event for event in run.events if event.key == "double"]
    assert [(event.kind, event.reason) for event in told] == [("ended", f"cached, from run {first.run_id}")]
    run.events.clear()
    run(daily, {"value": 7})
    assert [event.cache for event in run.events if event.key == "double"] == ["", "input number changed"]


@pytest.mark.parametrize(
    ("io", "said"),
    [
        (MemoryIo(), "MemoryIo keeps its output in this process only"),
        (lambda root: NoteFile(f"{root}/note"), "NoteFile does not say in which files it keeps it"),
    ],
)
def test_what_cannot_be_told_is_not_taken_and_said(run: Runs, io: Any, said: str) -> None:  # noqa: ANN401  a manager, or what makes one
    manager = io(run.target.root) if callable(io) else io

    @job
    def made() -> int:
        return double(1)

    for _ in range(2):
        Path(run.target.root).mkdir(exist_ok=True)
        assert why(run(made, io=manager)) == {"double": said}
    assert executed == ["double", "double"]


def test_an_input_that_cannot_be_told_is_named(run: Runs) -> None:
    @job
    def made() -> int:
        return double(number.options(io=MemoryIo())())

    assert why(run(made)) == {"double": "input number: MemoryIo keeps it in this process only"}


def test_a_file_for_others_is_written_again_when_it_was_changed(run: Runs) -> None:
    place = Path(run.target.root) / "numbers.json"

    @job
    def made(value: int) -> int:
        return double.options(io=FileIo("numbers.json"))(value)

    first = run(made, {"value": 1})
    assert run(made, {"value": 1}).outcomes["double"].reason == f"cached, from run {first.run_id}"
    run(made, {"value": 2})
    third = run(made, {"value": 1})
    assert why(third) == {"double": f"{place} has been written since run {first.run_id}"}
    assert json.loads(place.read_text(encoding="utf-8")) == 2


def test_another_manager_makes_another_output(run: Runs) -> None:
    def made(io: IoManager) -> Job[[], int]:
        @job(name="daily")
        def body() -> int:
            return double.options(io=io)(1)

        return body

    run(made(FileIo("a.json")))
    assert why(run(made(FileIo("b.json"))))["double"].startswith("io manager changed")
    assert (Path(run.target.root) / "b.json").exists()


def test_task_values_belong_to_their_run_and_so_does_the_task(run: Runs) -> None:
    @task(cache=True)
    def tells() -> int:
        set_task_value("rows", 5)
        return 1

    @job
    def told() -> int:
        return tells()

    for _ in range(2):
        assert why(run(told)) == {"tells": "it sets task values"}


def test_a_variable_of_the_function_around_it_is_told(run: Runs) -> None:
    def made(step: object) -> Job[[], int]:
        @job(name="daily")
        def body() -> int:
            @task(cache=True)
            def add() -> int:
                executed.append("add")
                return step if isinstance(step, int) else 0

            return add()

        return body

    run(made(1))
    assert run(made(1)).value == 1
    other = run(made(2))
    assert (other.value, why(other)) == (2, {"add": "variable step changed"})
    assert why(run(made(object()))) == {"add": "its variable 'step' is an object"}


def test_a_helper_that_a_decorator_captured_counts_with_what_it_captured(run: Runs) -> None:
    def scaled(by: int) -> Callable[[], int]:
        def inner() -> int:
            return by

        return inner

    def made(by: int) -> Job[[], int]:
        helper = scaled(by)

        @job(name="daily")
        def body() -> int:
            @task(cache=True)
            def use() -> int:
                return helper()

            return use()

        return body

    assert (run(made(1)).value, run(made(2)).value, run(made(1)).value) == (1, 2, 1)


def test_enums_are_told(run: Runs) -> None:
    @task(cache=True)
    def named(kind: Kind) -> str:
        return kind.value

    @job
    def told(kind: Kind = Kind.NEW) -> str:
        return named(kind)

    assert [run(told, {"kind": each}).value for each in ("NEW", "OLD", "NEW")] == ["new", "old", "new"]


def test_a_task_in_a_process_of_its_own_is_taken_and_reads_what_was_taken(run: Runs) -> None:
    @job
    def added(more: int = 1) -> int:
        first = tasks.add.named("first").options(cache=True, timeout=60)(tasks.number())
        return tasks.add.named("second").options(timeout=60)(first, more)

    run(added)
    again = run(added, {"more": 5})
    assert again.outcomes["first"].reason.startswith("cached, from run")
    assert again.status == "success"


def test_rules_judge_a_cached_task_as_a_success(run: Runs) -> None:
    @job
    def judged() -> None:
        double(1)
        number.after(double.named("again")(1)).options(run_if="one_failed")()

    run(judged)
    assert run(judged).states == {"double": "success", "again": "success", "number": "excluded"}


def test_a_target_with_other_values_is_another_one(run: Runs) -> None:
    run(daily)
    run.target = replace(run.target, catalog="other")
    assert why(run(daily)) == {"double": "the target's catalog: c → other"}


def test_a_task_that_takes_a_bucket_runs(run: Runs) -> None:
    place = Bucket("{root}/numbers.json")

    @task(cache=True)
    def save(value: int, destination: Bucket) -> int:
        destination.write(pl.DataFrame({"value": [value]}))
        return value

    @job
    def saved() -> int:
        return save(1, place)

    for _ in range(2):
        assert why(run(saved)) == {"save": "argument destination is a bucket, whose files others may change"}


@task
def listed(count: int) -> list[int]:
    return list(range(count))


@task(cache=True)
def total(values: list[int]) -> int:
    executed.append("total")
    return sum(values)


@job
def summed(count: int = 3, times: int = 2) -> int:
    return total(double.map(listed(count), times=times))


def test_a_repeated_task_is_taken_as_a_whole(run: Runs) -> None:
    first, second = run(summed), run(summed)
    taken = f"cached, from run {first.run_id}"
    assert why(second) == {"double": taken, "total": taken}
    assert (second.value, second["double"]) == (6, [0, 2, 4])
    assert executed.count("double") == 3
    other = run(summed, {"count": 4})
    assert (other.value, other.outcomes["double"].cache) == (12, "input listed changed")
    assert run(summed, {"times": 3}).outcomes["double"].cache == "parameter times: 2 → 3"


def test_one_whose_elements_are_not_as_they_were_runs(run: Runs) -> None:
    first = run(summed)
    record = Path(first.paths.record("double.1"))
    record.write_text(record.read_text(encoding="utf-8").replace('"value":2', '"value":5'), encoding="utf-8")
    assert run(summed).outcomes["double"].cache == f"the output of run {first.run_id} is gone"
    record.unlink()
    later = run(summed, {"count": 3})
    assert (later.value, executed.count("double")) == (6, 6)


def test_a_list_without_elements_is_nothing_to_keep(run: Runs) -> None:
    for _ in range(2):
        assert run(summed, {"count": 0}).value == 0


def test_a_task_behind_branches_is_taken_from_a_run_that_went_the_same_way(run: Runs) -> None:
    @job(name="daily")
    def branching(value: int = 1) -> int:
        found = double.named("high")(value, 3) if value > 1 else double.named("low")(value, 3)
        return double.named("last")(found)

    first = run(branching)
    assert ran(first) == ["last", "low"]
    again = run(branching)
    assert ran(again) == []
    assert why(again)["last"] == f"cached, from run {first.run_id}"
    other = run(branching, {"value": 2})
    assert (ran(other), other.value) == (["high", "last"], 12)
