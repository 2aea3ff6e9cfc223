"""What is left on the screen when a task has ended."""

import re
from io import StringIO

from rich.console import Console

from lakewright.cli.progress import Progress
from lakewright.errors.running import ProcessFailedError
from lakewright.execution.events import TaskEvent
from lakewright.execution.interrupts import INTERRUPTED
from lakewright.model.dag import Dag
from lakewright.model.states import State

DAG = Dag.from_edges([("load", "clean")])


def said(*events: TaskEvent, terminal: bool = False, dag: Dag = DAG) -> str:
    stream = StringIO()
    with Progress(Console(file=stream, width=120, force_terminal=terminal, color_system=None), dag) as progress:
        for event in events:
            progress.listen(event)
    return stream.getvalue()


def test_an_ended_task_has_one_line_with_rows_and_seconds() -> None:
    started = TaskEvent(kind="started", key="load", state=State.RUNNING)
    ended = TaskEvent(kind="ended", key="load", state=State.SUCCESS, seconds=0.09, rows=27004)
    assert said(started, ended).split() == ["✔", "load", "27,004", "rows", "0.09", "s"]


def test_a_retry_says_why_and_when() -> None:
    event = TaskEvent(kind="retrying", key="load", state=State.FAILED, wait=2.0, error=OSError("gone\nfor good"))
    assert said(event).split() == [
        "↻",
        "load",
        "attempt",
        "1",
        "failed,",
        "again",
        "in",
        "2.0",
        "s",
        "OSError:",
        "gone",
    ]


def test_a_retry_of_a_process_says_what_the_process_said() -> None:
    error = ProcessFailedError("ValueError: no rows (exit code 1)")
    event = TaskEvent(kind="retrying", key="load", state=State.FAILED, wait=2.0, error=error)
    assert said(event).endswith("again in 2.0 s   ValueError: no rows (exit code 1)\n")


def test_a_task_that_did_not_run_says_why() -> None:
    event = TaskEvent(kind="ended", key="clean", state=State.UPSTREAM_FAILED, reason="upstream failed: load")
    assert said(event).split() == ["↯", "clean", "upstream", "failed:", "load"]


def test_on_a_terminal_running_tasks_have_moving_lines() -> None:
    text = said(TaskEvent(kind="started", key="load", state=State.RUNNING), terminal=True)
    assert re.search(r"load +0\.0\d s", text)
    assert re.search(r"clean +waits for load", text)


def test_on_a_terminal_a_task_that_is_tried_again_says_when() -> None:
    event = TaskEvent(kind="retrying", key="load", state=State.FAILED, wait=20.0, error=OSError("gone"))
    assert re.search(r"↻ load +attempt 2 in (20\.0|19\.\d) s", said(event, terminal=True))


def test_of_many_tasks_to_come_the_number_is_told() -> None:
    dag = Dag.from_edges([("load", f"clean_{number}") for number in range(40)])
    text = said(TaskEvent(kind="started", key="load", state=State.RUNNING), terminal=True, dag=dag)
    assert "40 tasks to come" in text


def test_a_run_that_stops_says_what_still_runs() -> None:
    started = TaskEvent(kind="started", key="load", state=State.RUNNING)
    stopping = TaskEvent(kind="stopping", key="", state=State.CANCELLED, reason="cancelled: clean failed")
    assert said(started, stopping) == " ■ cancelled: clean failed; what runs is finished first: load\n"
    interrupted = TaskEvent(kind="stopping", key="", state=State.CANCELLED, reason=INTERRUPTED)
    assert said(started, interrupted).endswith("finished first: load; Ctrl-C again ends it at once\n")


def test_a_hostile_name_stays_text() -> None:
    key = "[bold]load[/bold]"
    event = TaskEvent(kind="started", key=key, state=State.RUNNING)
    assert key in said(event, terminal=True, dag=Dag.from_edges([(key, "b")]))
