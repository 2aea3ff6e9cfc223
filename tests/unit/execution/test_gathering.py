from dataclasses import replace
from pathlib import Path

from lakewright.execution.gathering import apart, gathered, list_length, record_of
from lakewright.io.commit import write_record
from lakewright.io.paths import RunPaths
from lakewright.model.binding import Argument, Item, Output
from lakewright.model.dag import Dag
from lakewright.model.loop import Loop
from lakewright.model.record import CommitRecord, Stored
from lakewright.model.reference import Reference
from lakewright.model.task import Task

LIST = Output("days")
LOAD = Task(key="days", function=Reference("flights.tasks", "days"))
EACH = replace(LOAD, key="clean", arguments=(Argument("day", Item("days")),), loop=Loop(LIST))
DAG = Dag(name="daily", tasks=(LOAD, EACH))


def record(task: str, value: object, *, attempt: int = 1, at: float = 0.0) -> CommitRecord:
    stored = None if value is None else Stored(format="json", value=value)
    return CommitRecord("daily", "r1", task, attempt, stored, at)


def paths_in(folder: Path, *records: CommitRecord) -> RunPaths:
    paths = RunPaths(str(folder), "daily", "r1")
    for each in records:
        write_record(paths, each)
    return paths


def test_elements_are_one_list_and_come_apart_again(tmp_path: Path) -> None:
    records = [record("clean.0", 1, at=1.0), record("clean.1", None, attempt=3, at=5.0), record("clean.2", 3)]
    one = gathered("clean", records, paths_in(tmp_path))
    assert (one.task, one.attempt, one.finished_at) == ("clean", 3, 5.0)
    assert [each._replace(finished_at=0.0, attempt=1) for each in apart(one, DAG)] == [
        record("clean.0", 1),
        record("clean.1", None),
        record("clean.2", 3),
    ]


def test_a_task_that_runs_once_is_its_own_record() -> None:
    alone = record("days", [1, 2])
    assert list(apart(alone, DAG)) == [alone]


def test_a_repeated_task_has_a_record_only_if_each_element_has_one(tmp_path: Path) -> None:
    paths = paths_in(tmp_path, record("days", ["a", "b"]), record("clean.0", 1))
    assert list_length(paths, DAG, "clean") == 2
    assert record_of(paths, DAG, "clean") is None
    write_record(paths, record("clean.1", 2))
    found = record_of(paths, DAG, "clean")
    assert found is not None
    assert found.stored is not None
    assert [part.value for _, part in found.stored.parts] == [1, 2]


def test_a_list_without_elements_is_a_list(tmp_path: Path) -> None:
    found = record_of(paths_in(tmp_path, record("days", [])), DAG, "clean")
    assert found is not None
    assert found.stored == Stored(format="list")


def test_of_a_list_that_nobody_has_written_nothing_is_known(tmp_path: Path) -> None:
    paths = paths_in(tmp_path)
    assert (list_length(paths, DAG, "clean"), record_of(paths, DAG, "clean")) == (None, None)
