"""Events as JSON lines: each line says what there is to say, in order."""

import json
from dataclasses import replace
from datetime import datetime, timezone
from io import StringIO
from typing import Any, Final

from lakewright import Retry, context, job, task
from lakewright.execution.event_log import EventLog
from lakewright.execution.runner import run as run_plan
from lakewright.pipelines.arguments import plan
from tests.unit.execution import tasks
from tests.unit.execution.runs import Runs

NOON: Final = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


@task(retries=Retry(1, delay=0.01))
def flaky(month: int) -> int:
    if context().attempt == 1:
        message = "gone"
        raise ConnectionError(message)
    return month


@job
def daily(month: int = 1) -> None:
    tasks.see(tasks.fail.after(flaky(month))())


def lines(run: Runs) -> list[dict[str, Any]]:
    """What a run of the job writes."""
    file = StringIO()
    planned = plan(daily.body, {}, target=run.target, run_id="r1", max_workers=1)
    log = EventLog(file, planned, now=lambda: NOON)
    log.start()
    log.end(run_plan(replace(planned, listener=log.listen)))
    return [json.loads(line) for line in file.getvalue().splitlines()]


def test_every_line_says_when_and_of_which_run(run: Runs) -> None:
    head = {"at": "2026-11-20T12:00:00+00:00", "job": "daily", "run": "r1"}
    assert all(line.items() >= head.items() for line in lines(run))


def test_lines_come_in_order_and_hold_what_there_is_to_say(run: Runs) -> None:
    told = [{name: line[name] for name in line if name not in {"at", "job", "run", "seconds"}} for line in lines(run)]
    assert told == [
        {"event": "run_started", "parameters": {"month": "1"}, "tasks": ["flaky", "fail", "see"]},
        {"event": "started", "task": "flaky", "attempt": 1, "state": "running"},
        {
            "event": "retrying",
            "task": "flaky",
            "attempt": 1,
            "state": "failed",
            "wait": 0.01,
            "error": "ConnectionError: gone",
        },
        {"event": "started", "task": "flaky", "attempt": 2, "state": "running"},
        {"event": "ended", "task": "flaky", "attempt": 2, "state": "success"},
        {"event": "started", "task": "fail", "attempt": 1, "state": "running"},
        {"event": "ended", "task": "fail", "attempt": 1, "state": "failed", "error": "ValueError: no file today"},
        {"event": "ended", "task": "see", "state": "upstream_failed", "reason": "upstream failed: fail"},
        {"event": "run_ended", "status": "failed", "leaf_status": "failed"},
    ]


def test_what_took_time_says_how_long(run: Runs) -> None:
    timed = [(line["event"], line.get("task")) for line in lines(run) if "seconds" in line]
    assert timed == [("retrying", "flaky"), ("ended", "flaky"), ("ended", "fail"), ("run_ended", None)]
