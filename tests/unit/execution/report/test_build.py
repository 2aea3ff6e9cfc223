"""From a real run to its view."""

import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lakewright import Retry, existing_cluster, job, job_cluster, serverless, task
from lakewright.execution.report.build import build
from lakewright.execution.report.page import render
from lakewright.execution.report.view import InputView, ResultView, RunView, TaskView
from lakewright.pipelines.job import Job
from tests.unit.execution.report.remembered import remembered


@task(retries=Retry(1, delay=0.01))
def load(month: int) -> pl.DataFrame:
    """Flights of a month."""
    return pl.DataFrame({"month": [month] * 3})


@task
def check(flights: pl.DataFrame) -> int:
    sys.stdout.write("\x1b[1mbold\x1b[0m\n")
    if flights.height == 3:
        message = "\x1b[31mthree\x1b[0m flights"
        raise ValueError(message)
    return flights.height


@task(compute=existing_cluster("0123"))
def report(flights: pl.DataFrame, limit: int) -> int:
    return flights.height + limit


@task(run_if="all_done", compute=job_cluster("16.4.x-scala2.12", "m6id.xlarge"))
def tidy() -> None:
    return None


@job(compute=serverless("2"))
def daily(month: int = 1) -> int:
    """Every day."""
    flights = load(month)
    value = report.after(check(flights))(flights, 2)
    tidy.after(value)()
    return value


def viewed(chosen: Job[..., Any], folder: Path) -> RunView:
    return build(chosen.definition, remembered(chosen, folder))


def by_key(run: RunView) -> dict[str, TaskView]:
    return {task.key: task for task in run.tasks}


def test_a_run_tells_how_it_ended(tmp_path: Path) -> None:
    run = viewed(daily, tmp_path)
    assert (run.job, run.run_id, run.status, run.leaf_status) == ("daily", "r1", "failed", "success")
    assert (run.description, run.parameters, run.revision) == ("Every day.", (("month", "1"),), "abc")
    assert run.started.endswith("+00:00")
    assert run.folder == "runs/daily/r1"
    assert run.result == (ResultView(upstream="report"),)
    assert run.critical_path == ("load", "check")
    assert {task.key: task.state for task in run.tasks} == {
        "load": "success",
        "check": "failed",
        "report": "upstream_failed",
        "tidy": "success",
    }


def test_a_task_tells_what_it_took_and_gave(tmp_path: Path) -> None:
    load_view = by_key(viewed(daily, tmp_path))["load"]
    assert load_view.description == "Flights of a month."
    assert load_view.inputs == (InputView(argument="month", text="1 (parameter month)"),)
    assert load_view.downstream == ("check", "report")
    assert load_view.compute == "serverless, environment 2"
    assert Path(__file__).name in load_view.location
    assert load_view.output
    assert load_view.output.rows == 3
    assert load_view.output.sample
    assert load_view.output.sample.rows == (("1",),) * 3


def test_a_failed_task_tells_why(tmp_path: Path) -> None:
    tasks = by_key(viewed(daily, tmp_path))
    (attempt,) = tasks["check"].attempts
    assert attempt.error
    assert (attempt.error.type, attempt.error.message) == ("ValueError", "three flights")
    assert "raise ValueError(message)" in attempt.error.traceback
    assert attempt.log == "bold\n"
    assert tasks["report"].reason == "upstream failed: check"
    assert tasks["report"].inputs[0].upstream == "load"
    assert tasks["report"].waits == ("check",)
    assert tasks["report"].compute == "existing cluster 0123"
    assert tasks["tidy"].compute == "job cluster main: 16.4.x-scala2.12 on m6id.xlarge"


def test_a_task_waits_for_the_last_of_its_upstreams_even_where_that_did_not_run(tmp_path: Path) -> None:
    tasks = by_key(viewed(daily, tmp_path))
    checked = tasks["check"].attempts[0]
    wait = tasks["tidy"].wait
    assert wait
    assert wait.upstream == "report"
    assert wait.ready == pytest.approx(checked.start + checked.seconds)
    assert wait.queued >= 0


def test_a_run_can_be_shown_at_once(tmp_path: Path) -> None:
    html = render(viewed(daily, tmp_path))
    assert "<title>daily · failed · r1</title>" in html
    assert len(html) < 800_000


@task
def months() -> list[int]:
    return [1, 2]


@task
def rows(month: int) -> int:
    return month


@task
def total(counts: list[int]) -> int:
    return sum(counts)


@job
def yearly() -> int:
    return total([rows(month) for month in months()])


def test_a_report_has_the_edges_that_every_picture_has(tmp_path: Path) -> None:
    run = viewed(yearly, tmp_path)
    assert [(up, each.key) for each in run.tasks for up in each.upstream] == list(yearly.dag.edges)
    assert [(each.key, down) for each in run.tasks for down in each.downstream] == list(yearly.dag.edges)
