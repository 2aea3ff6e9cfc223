"""Spans of runs and attempts, as the SDK of OpenTelemetry exports them."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode, format_span_id, format_trace_id

from lakewright import Retry, context, job, task
from tests.contract import definitions
from tests.unit.execution import tasks, traced_tasks
from tests.unit.execution.runs import Runs

EXPORTER: Final = InMemorySpanExporter()
TRACEPARENT: Final = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture(scope="module", autouse=True)
def _provider() -> Iterator[None]:
    """A process has one provider, once and for all."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(EXPORTER))
    trace.set_tracer_provider(provider)
    yield
    # Shut down as a whole, it would warn of each span that others make.
    EXPORTER.shutdown()


@pytest.fixture(autouse=True)
def _no_spans_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    EXPORTER.clear()
    monkeypatch.delenv("TRACEPARENT", raising=False)


def spans() -> dict[str, list[ReadableSpan]]:
    """The spans that have ended, by name."""
    found: dict[str, list[ReadableSpan]] = {}
    for span in EXPORTER.get_finished_spans():
        found.setdefault(span.name, []).append(span)
    return found


def span(name: str) -> ReadableSpan:
    (found,) = spans()[name]
    return found


def attributes(of: ReadableSpan) -> dict[str, object]:
    return dict(of.attributes or {})


def places(of: ReadableSpan) -> tuple[str, str]:
    """The ids of a span's trace and of itself."""
    here = of.get_span_context()
    assert here
    return format_trace_id(here.trace_id), format_span_id(here.span_id)


def parent(of: ReadableSpan) -> str | None:
    return format_span_id(of.parent.span_id) if of.parent else None


@task(retries=Retry(1, delay=0))
def flaky() -> list[int]:
    if context().attempt == 1:
        message = "gone"
        raise ConnectionError(message)
    return [1, 2]


@job
def daily() -> None:
    tasks.see(tasks.fail.after(flaky())())


def test_a_run_has_a_span_that_says_how_it_ended(run: Runs) -> None:
    run(daily, run_id="r1")
    of_run = span("run daily")
    assert (of_run.parent, of_run.status.status_code) == (None, StatusCode.ERROR)
    assert attributes(of_run) == {
        "lakewright.job": "daily",
        "lakewright.run.id": "r1",
        "lakewright.target": "test",
        "lakewright.run.status": "failed",
        "lakewright.run.leaf_status": "failed",
    }


def test_what_did_not_run_is_an_event_of_the_run(run: Runs) -> None:
    run(daily)
    (event,) = span("run daily").events
    assert (event.name, dict(event.attributes or {})) == (
        "task did not run",
        {
            "lakewright.task.key": "see",
            "lakewright.task.state": "upstream_failed",
            "lakewright.task.reason": "upstream failed: fail",
        },
    )


def test_each_attempt_has_a_span_below_that_of_the_run(run: Runs) -> None:
    run(daily, run_id="r1")
    of_run = span("run daily")
    first, second = spans()["task flaky"]
    assert {parent(each) for each in (first, second, span("task fail"))} == {places(of_run)[1]}
    shared = {"lakewright.job": "daily", "lakewright.run.id": "r1", "lakewright.task.key": "flaky"}
    assert attributes(first) == {
        **shared, "lakewright.task.attempt": 1, "lakewright.task.state": "failed", "error.type": "ConnectionError",
    }  # fmt: skip  # one row
    assert attributes(second) == {**shared, "lakewright.task.attempt": 2, "lakewright.task.state": "success"}


def test_an_error_is_recorded_with_its_traceback(run: Runs) -> None:
    run(daily)
    failed = spans()["task flaky"][0]
    (event,) = failed.events
    told = dict(event.attributes or {})
    assert (event.name, told["exception.type"], told["exception.message"]) == ("exception", "ConnectionError", "gone")
    assert "in flaky" in str(told["exception.stacktrace"])
    assert (failed.status.status_code, failed.status.description) == (StatusCode.ERROR, "ConnectionError: gone")


def test_rows_are_told_where_there_are_rows(run: Runs) -> None:
    import polars as pl

    @task
    def frame() -> pl.DataFrame:
        return pl.DataFrame({"a": [1, 2, 3]})

    @job
    def rows() -> None:
        frame()

    run(rows)
    assert attributes(span("task frame"))["lakewright.task.rows"] == 3


def test_spans_that_a_task_makes_are_below_its_own_whatever_the_thread(run: Runs) -> None:
    @task
    def work(number: int) -> int:
        with trace.get_tracer("of the user").start_as_current_span(f"inner {number}"):
            return number

    @job
    def wide() -> None:
        for number in range(8):
            work.named(f"work-{number}")(number)

    run(wide, max_workers=4)
    for number in range(8):
        assert parent(span(f"inner {number}")) == places(span(f"task work-{number}"))[1]


def test_a_process_goes_on_with_the_trace(run: Runs) -> None:
    @job
    def apart() -> dict[str, str]:
        return traced_tasks.standing.options(timeout=60)()

    found = run(apart).value
    assert (found["trace"], found["span"]) == places(span("task standing"))


def test_processes_that_are_used_again_go_on_with_the_trace_of_each_attempt(run: Runs) -> None:
    @job
    def apart() -> list[dict[str, str]]:
        return [traced_tasks.standing.named(f"standing-{number}")() for number in range(3)]

    for number, found in enumerate(run(apart, executor="processes", max_workers=1).value):
        assert (found["trace"], found["span"]) == places(span(f"task standing-{number}"))


def test_an_error_in_a_process_is_told_as_it_was_raised_there(run: Runs) -> None:
    @job
    def apart() -> None:
        tasks.fail.options(timeout=60)()

    run(apart)
    failed = span("task fail")
    (event,) = failed.events
    told = dict(event.attributes or {})
    assert (told["exception.type"], told["exception.message"]) == ("ValueError", "no file today")
    assert "raise ValueError(message)" in str(told["exception.stacktrace"])
    assert failed.status.description == "ValueError: no file today"


def test_a_task_that_is_ended_says_so(run: Runs) -> None:
    @job
    def slow() -> None:
        tasks.pause.options(timeout=0.5)(60)

    run(slow)
    assert attributes(span("task pause"))["lakewright.task.state"] == "timed_out"


def test_a_run_is_below_the_span_at_hand(run: Runs) -> None:
    with trace.get_tracer("of the user").start_as_current_span("outer"):
        run(daily)
    assert parent(span("run daily")) == places(span("outer"))[1]


def test_a_run_is_below_the_span_that_the_environment_names(run: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACEPARENT", TRACEPARENT)
    run(daily)
    assert (places(span("run daily"))[0], parent(span("run daily"))) == tuple(TRACEPARENT.split("-")[1:3])


def test_a_run_that_ends_by_an_error_of_its_listener_ends_its_span(run: Runs) -> None:
    def listen(_event: object) -> None:
        message = "deaf"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="deaf"):
        daily.execute(target=run.target, listener=listen)
    assert span("run daily").status.description == "RuntimeError: deaf"


def test_an_isolated_run_has_the_same_spans(tmp_path: Path) -> None:
    runs = definitions.Runs(tmp_path)
    runs(
        definitions.wheel("a", "traced"),
        definitions.wheel("b", "step", {"name": "b", "fails": True}, max_retries=1),
        definitions.wheel("c", "step", {"name": "c"}, depends_on=definitions.after("b")),
    )
    of_run = span("run j")
    assert attributes(of_run)["lakewright.run.leaf_status"] == "failed"
    assert [dict(event.attributes or {})["lakewright.task.key"] for event in of_run.events] == ["c"]
    assert [attributes(each)["lakewright.task.attempt"] for each in spans()["task b"]] == [1, 2]
    assert spans()["task b"][0].status.description == "ValueError: b fails (exit code 1)"
    assert {parent(each) for each in (span("task a"), *spans()["task b"])} == {places(of_run)[1]}
    assert str(runs.value("a")).split("-")[1:3] == list(places(span("task a")))


LOADED: Final = """
import sys
from lakewright import job, task{first}

@task
def one() -> int:
    return 1

@job
def daily() -> int:
    return one()

daily.run()
print(*sorted(name for name in sys.modules if name.startswith("opentelemetry")))
"""


def loaded(first: str, folder: Path) -> Sequence[str]:
    """The modules of OpenTelemetry in a process that has run a job."""
    script = folder / "daily.py"
    script.write_text(LOADED.format(first=first), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, str(script)], cwd=folder, env={**os.environ}, capture_output=True, text=True, check=True
    )
    return ended.stdout.split()


def test_a_run_loads_nothing_of_it_where_nobody_has(tmp_path: Path) -> None:
    assert loaded("", tmp_path) == []


def test_where_no_provider_was_set_up_there_are_no_spans_and_no_sdk(tmp_path: Path) -> None:
    found = loaded("\nimport opentelemetry.trace", tmp_path)
    assert "opentelemetry.trace" in found
    assert [name for name in found if name.startswith("opentelemetry.sdk")] == []
