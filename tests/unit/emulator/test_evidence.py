"""What an isolated run tells a report."""

from datetime import datetime, timezone
from pathlib import Path

import pytest

from lakewright.emulator.evidence import Recorder
from lakewright.emulator.outcomes import Attempt, IsolatedResult, Outcome
from lakewright.execution.events import TaskEvent
from lakewright.execution.report.build import Evidence
from lakewright.io.paths import RunPaths
from lakewright.model.states import State

LOG = """loading
Traceback (most recent call last):
  File "{file}", line 31, in clean
    flights.with_columns(x)
polars.exceptions.ColumnNotFoundError: "dep_tiem" not found: sorry
"""


def heard(folder: Path, outcomes: dict[str, Outcome], *events: tuple[float, TaskEvent]) -> Evidence:
    """The evidence of a run whose events came at these moments."""
    ticks = iter([100.0, *(100.0 + moment for moment, _ in events)])
    moment = datetime(2026, 11, 20, tzinfo=timezone.utc)
    recorder = Recorder(root=folder, clock=lambda: next(ticks), now=lambda: moment)
    for _, event in events:
        recorder.listen(event)
    paths = RunPaths(str(folder), "daily", "r1")
    result = IsolatedResult(job="daily", paths=paths, outcomes=outcomes, leaves=tuple(outcomes), seconds=9.0)
    return recorder.evidence(result, outcomes, parameters={"month": "1"}, target="dev")


def started(key: str, attempt: int = 1) -> TaskEvent:
    return TaskEvent(kind="started", key=key, state=State.RUNNING, attempt=attempt)


def test_attempts_stand_where_they_were_in_time_with_their_logs(tmp_path: Path) -> None:
    log = tmp_path / "1.log"
    log.write_text(LOG.format(file=tmp_path / "tasks.py"), encoding="utf-8")
    reason = 'ColumnNotFoundError: "dep_tiem" not found: sorry (exit code 1)'
    first = Attempt(number=1, state=State.FAILED, seconds=0.4, exit_code=1, log=str(log), reason=reason)
    second = Attempt(number=2, state=State.SUCCESS, seconds=0.25)
    found = heard(
        tmp_path,
        {"a": Outcome(state=State.SUCCESS, attempts=(first, second))},
        (0.1, started("a")),
        (0.5, TaskEvent(kind="retrying", key="a", state=State.FAILED, wait=1.0)),
        (1.5, started("a", 2)),
        (1.75, TaskEvent(kind="ended", key="a", state=State.SUCCESS, attempt=2)),
    )
    views = found.tasks["a"].attempts
    assert [(each.number, each.state) for each in views] == [(1, "failed"), (2, "success")]
    assert [each.start for each in views] == pytest.approx([0.1, 1.5])
    assert views[0].error
    assert (views[0].error.type, views[0].error.message) == (
        "ColumnNotFoundError",
        '"dep_tiem" not found: sorry (exit code 1)',
    )
    assert views[0].error.traceback == "tasks.py:31  in clean\n    flights.with_columns(x)"
    assert views[0].log.startswith("loading\n")
    assert (found.target, found.seconds, found.started.year) == ("dev", 9.0, 2026)


def test_a_task_that_did_not_run_says_why(tmp_path: Path) -> None:
    outcome = Outcome(state=State.UPSTREAM_FAILED, reason="upstream failed: a")
    ended = TaskEvent(kind="ended", key="b", state=State.UPSTREAM_FAILED, reason=outcome.reason)
    found = heard(tmp_path, {"b": outcome}, (1.0, ended)).tasks["b"]
    assert (found.attempts, found.reason) == ((), "upstream failed: a")


def test_a_for_each_fails_as_its_first_failed_iteration_and_has_the_logs_of_all(tmp_path: Path) -> None:
    paths = RunPaths(str(tmp_path), "daily", "r1")
    for number, text in enumerate(("fine\n", LOG.format(file=tmp_path / "tasks.py"))):
        file = Path(paths.log(f"a.{number}", 1))
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    good = Attempt(number=1, state=State.SUCCESS, log=paths.log("a.0", 1))
    reason = 'ColumnNotFoundError: "dep_tiem" not found: sorry (exit code 1)'
    bad = Attempt(number=1, state=State.FAILED, log=paths.log("a.1", 1), reason=reason)
    iterations = tuple(Outcome(state=each.state, attempts=(each,), reason=each.reason) for each in (good, bad))
    outcome = Outcome(state=State.FAILED, reason="1 of 2 iterations failed: 1", iterations=iterations)
    failed = TaskEvent(kind="ended", key="a", state=State.FAILED)
    (view,) = heard(tmp_path, {"a": outcome}, (1.0, started("a")), (3.0, failed)).tasks["a"].attempts
    assert [view.start, view.seconds] == pytest.approx([1.0, 2.0])
    assert view.log.startswith("── a.0\nfine\n── a.1\nloading\n")
    assert view.error
    assert view.error.type == "ColumnNotFoundError"
    assert view.error.message.endswith("\n1 of 2 iterations failed: 1")
    assert view.error.traceback.startswith("tasks.py:31  in clean")


def test_a_condition_tells_what_it_compared(tmp_path: Path) -> None:
    outcome = Outcome(state=State.SUCCESS, taken="true", reason='"1" == "1" is true')
    ended = TaskEvent(kind="ended", key="a", state=State.SUCCESS, reason=outcome.reason)
    (view,) = heard(tmp_path, {"a": outcome}, (1.0, started("a")), (1.0, ended)).tasks["a"].attempts
    assert (view.state, view.log, view.error) == ("success", '"1" == "1" is true\n', None)


def test_a_for_each_that_has_no_list_says_so(tmp_path: Path) -> None:
    outcome = Outcome(state=State.FAILED, reason="the inputs are no list")
    failed = TaskEvent(kind="ended", key="a", state=State.FAILED)
    (view,) = heard(tmp_path, {"a": outcome}, (1.0, started("a")), (1.0, failed)).tasks["a"].attempts
    assert view.error
    assert view.error.message == "the inputs are no list"
