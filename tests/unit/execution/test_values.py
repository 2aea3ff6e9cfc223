"""Task values: small JSON values by name, between tasks of one run."""

from pathlib import Path

import pytest

from lakewright import get_dbutils, get_task_value, job, set_task_value, task
from lakewright.errors.running import OutputError, RunError
from tests.unit.execution import tasks
from tests.unit.execution.runs import Runs

VALUES = [None, True, 1, 1.5, "ü", [1, [2]], {"a": {"b": None}}]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_reaches_another_task(run: Runs, value: object) -> None:
    @task
    def publish() -> None:
        set_task_value("found", value)

    @job
    def daily() -> object:
        return tasks.collect.after(publish())("publish")

    assert run(daily).value == value


def test_a_value_reaches_a_process_and_comes_back_from_one(run: Runs) -> None:
    @job
    def daily() -> list[object]:
        here = tasks.publish.named("here")({"n": 1})
        there = tasks.publish.named("there").options(timeout=30)([2])
        return [
            tasks.collect.named("in_process").options(timeout=30).after(here)("here"),
            tasks.collect.named("in_thread").after(there)("there"),
        ]

    assert run(daily).value == [{"n": 1}, [2]]


def test_a_later_value_takes_the_place_of_an_earlier_one(run: Runs) -> None:
    @task
    def publish() -> object:
        set_task_value("found", ["a longer value"])
        set_task_value("found", 1)
        return get_task_value("publish", "found")

    @job
    def daily() -> object:
        return publish()

    assert run(daily).value == 1


def test_values_of_one_run_are_not_seen_in_another(run: Runs) -> None:
    @job
    def one() -> None:
        tasks.publish(1)

    @job(name="one")
    def other() -> object:
        return tasks.collect("publish")

    run(one)
    error = run(other).outcomes["collect"].error
    assert isinstance(error, RunError)
    assert error.message.startswith("task 'publish' has set no value 'found' in run '")
    assert "task.after" in error.hint


def test_the_largest_value_has_48_kib_and_one_byte_more_is_refused() -> None:
    set_task_value("rows", "x" * (48 * 1024 - 2))
    with pytest.raises(
        RunError, match=r"task value 'rows' has 49,153 bytes; at most 49,152 .*\n  Return it from the task"
    ):
        set_task_value("rows", "x" * (48 * 1024 - 1))


def test_bytes_are_counted_as_they_are_written() -> None:
    with pytest.raises(RunError, match="task value 'rows' has"):
        set_task_value("rows", "ü" * (48 * 512))


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ((1, 2), "a tuple"),
        ({1: 2}, "a dict"),
        ({1}, "a set"),
        (b"x", "a bytes"),
        (Path("a"), "a pathlib"),
        (float("nan"), "a float"),
        ([len], "a list"),
    ],
    ids=repr,
)
def test_what_is_no_json_is_refused_by_name(value: object, what: str) -> None:
    with pytest.raises(
        RunError, match=f"task value 'rows' is {what}.* that is not made of JSON's own types\n  Task values"
    ):
        set_task_value("rows", value)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "../a", "ä", "x" * 101, 7])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(RunError, match=r"task value .*: the name "):
        set_task_value(name, 1)
    with pytest.raises(RunError, match=r"task value .*: the name "):
        get_task_value("load", name, default=1)
    with pytest.raises(RunError, match=r"task value .*: the name "):
        get_task_value(name, "rows", default=1)


def test_outside_of_a_run_values_are_checked_and_go_nowhere() -> None:
    set_task_value("rows", 1)
    with pytest.raises(RunError, match="task 'load' has set no value 'rows' outside of a run"):
        get_task_value("load", "rows")
    assert get_task_value("load", "rows", default=None) is None


def test_a_value_that_cannot_be_written_fails_its_task(tmp_path: Path) -> None:
    run = Runs(tmp_path / "root")
    folder = tmp_path / "root" / "runs" / "daily" / "r1"

    @task
    def publish() -> None:
        folder.mkdir(parents=True)
        (folder / "values").touch()
        set_task_value("found", 1)

    @job
    def daily() -> None:
        publish()

    error = run(daily, run_id="r1").outcomes["publish"].error
    assert isinstance(error, OutputError)
    assert f"cannot write {folder}/values/publish.found.json" in error.message


def test_there_is_no_dbutils_here() -> None:
    assert get_dbutils() is None
