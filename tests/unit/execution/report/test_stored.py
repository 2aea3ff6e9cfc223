"""What a store remembers is what a report shows, whatever became of the process that ran."""

import sys
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from lakewright import Retry, context, job, task
from lakewright.execution.history import INTERRUPTED
from lakewright.execution.report.build import build
from lakewright.execution.report.stored import stored_dag, stored_evidence
from lakewright.execution.rows import AttemptRow, RunRow
from lakewright.execution.store import FILE, RunStore
from lakewright.model.dag import Dag
from lakewright.model.states import State
from tests.unit.execution.report.remembered import known, remembered

HOUR: Final = 3600.0


@task(retries=Retry(1, delay=0))
def load(month: int) -> list[int]:
    if context().attempt == 1:
        message = "no file: gone"
        raise ConnectionError(message)
    return [month]


@task
def clean(rows: list[int]) -> list[int]:
    if not (context().root / "mended").exists():
        message = "no rows"
        raise ValueError(message)
    return rows


@task
def tell(_rows: list[int]) -> None: ...


@job
def daily(month: int = 1) -> dict[str, list[int]]:
    rows = clean(load(month))
    tell(rows)
    return {"rows": rows}


def test_each_attempt_has_its_time_its_error_and_the_line_that_raised_it(tmp_path: Path) -> None:
    found = remembered(daily, tmp_path)
    first, second = found.tasks["load"].attempts
    assert (first.number, first.state, second.number, second.state) == (1, "failed", 2, "success")
    assert first.error
    assert (first.error.type, first.error.message) == ("ConnectionError", "no file: gone")
    assert "raise ConnectionError(message)" in first.error.traceback
    assert 0 <= first.start < second.start < found.seconds
    assert found.tasks["tell"].state is State.UPSTREAM_FAILED
    assert found.tasks["tell"].reason == "upstream failed: clean"


def test_the_hours_between_two_processes_of_a_run_do_not_count(tmp_path: Path) -> None:
    remembered(daily, tmp_path)
    (tmp_path / "mended").touch()
    found = remembered(daily, tmp_path, now=1_000 + HOUR, repairs=True)
    before, after = found.tasks["clean"].attempts
    assert (before.number, after.number) == (1, 2)
    assert before.start < after.start < HOUR / 10
    assert found.tasks["load"].attempts[-1].state == "success"
    assert found.tasks["tell"].state is State.SUCCESS
    assert found.seconds < HOUR / 10


def test_what_the_store_keeps_of_a_dag_draws_the_same_picture(tmp_path: Path) -> None:
    remembered(daily, tmp_path)
    with closing(RunStore(tmp_path / FILE)) as store:
        run, attempts = known(store, "daily", str(tmp_path))
    dag = stored_dag(run)
    assert (dag.nodes, dag.edges, dag.data_edges, dag.result) == (
        daily.dag.nodes,
        daily.dag.edges,
        daily.dag.data_edges,
        daily.dag.result,
    )
    assert stored_evidence(run, attempts, dag, root=str(tmp_path)).tasks == (
        stored_evidence(run, attempts, daily.dag, root=str(tmp_path)).tasks
    )


RUN: Final = RunRow("r1", "daily", "daily", "d", "{}", {}, {}, "", 10.0, status=INTERRUPTED)


def attempt(key: str, state: str, *, number: int = 1, began: float = 10.0) -> AttemptRow:
    started = began + 1 if number else None
    return AttemptRow("daily", "r1", key, number, state, started, 2.0 if number else None, began=began)


def test_of_an_interrupted_run_it_is_told_what_was_in_flight_and_what_never_started(tmp_path: Path) -> None:
    dag = Dag.from_edges([("load", "clean"), ("clean", "tell")])
    rows = [attempt("load", "success"), attempt("clean", INTERRUPTED)._replace(seconds=None)]
    found = stored_evidence(RUN, rows, dag, root=str(tmp_path))
    assert found.status == INTERRUPTED
    assert {key: each.state for key, each in found.tasks.items()} == {
        "load": State.SUCCESS,
        "clean": State.CANCELLED,
        "tell": State.PENDING,
    }
    assert "the process of the run" in found.tasks["clean"].reason
    assert found.tasks["clean"].attempts[0].state == "cancelled"


def test_the_latest_process_has_the_last_word(tmp_path: Path) -> None:
    dag = Dag.from_edges([("load", "clean")])
    rows = [
        attempt("load", "success"),
        attempt("load", "failed", number=2, began=20.0),
        attempt("clean", "success"),
        attempt("clean", "upstream_failed", number=0, began=20.0),
    ]
    found = stored_evidence(RUN._replace(status="failed"), rows, dag, root=str(tmp_path))
    assert found.tasks["load"].state is State.FAILED
    assert found.tasks["clean"].state is State.UPSTREAM_FAILED
    assert found.tasks["clean"].attempts == ()
    assert [each.start for each in found.tasks["load"].attempts] == pytest.approx([1.0, 4.0])


def test_a_task_that_was_not_selected_says_so(tmp_path: Path) -> None:
    found = stored_evidence(RUN._replace(status="success"), [], Dag.from_edges([("a", "b")]), root=str(tmp_path))
    assert {(each.state, each.reason) for each in found.tasks.values()} == {(State.EXCLUDED, "not selected")}
    assert build(daily.definition, remembered(daily, tmp_path)).status == "failed"


def test_of_many_long_logs_only_the_ends_are_read(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("x" * 300_000 + "the end", encoding="utf-8")
    rows = [attempt("a", "success")._replace(log=str(log)), attempt("b", "success")]
    found = stored_evidence(RUN._replace(status="success"), rows, Dag.from_edges([("a", "b")]), root=str(tmp_path))
    (view,) = found.tasks["a"].attempts
    assert view.log.endswith("the end")
    assert len(view.log) + view.cut == 300_007
    assert len(view.log) <= 100_000


@task
def names() -> list[str]:
    return ["a", "b", "c"]


@task(retries=Retry(1, delay=0))
def size(name: str) -> int:
    sys.stdout.write(f"size of {name}\n")
    if name == "b":
        message = "no b"
        raise ValueError(message)
    return len(name)


@job
def sizes() -> list[int]:
    return [size(name) for name in names()]


def test_a_repeated_task_shows_what_its_iterations_printed_the_failed_ones_last(tmp_path: Path) -> None:
    found = remembered(sizes, tmp_path).tasks["size"]
    assert found.state is State.FAILED
    (attempt,) = found.attempts
    assert attempt.log.splitlines() == [
        "── size.0",
        "size of a",
        "── size.2",
        "size of c",
        "── size.1",
        "size of b",
        "── size.1, attempt 2",
        "size of b",
    ]
    assert attempt.error
    assert attempt.error.message == "no b"


def test_the_attempts_of_an_iteration_are_kept_by_themselves(tmp_path: Path) -> None:
    remembered(sizes, tmp_path)
    with closing(RunStore(tmp_path / FILE)) as store:
        run, attempts = known(store, "sizes", str(tmp_path))
    assert {(row.key, row.attempt): row.state for row in attempts} == {
        ("names", 1): "success",
        ("size", 1): "failed",
        ("size.0", 1): "success",
        ("size.1", 1): "failed",
        ("size.1", 2): "failed",
        ("size.2", 1): "success",
    }
    dag = stored_dag(run)
    assert (dag.edges, dag.data_edges) == (sizes.dag.edges, sizes.dag.data_edges)
