"""What is left on the screen when a task has ended."""

from io import StringIO

from rich.console import Console

from lakewright.cli.progress import Progress
from lakewright.execution.events import TaskEvent
from lakewright.model.dag import Dag
from lakewright.model.states import State

DAG = Dag.from_edges([("load", "clean")])


def said(*events: TaskEvent, terminal: bool = False) -> str:
    stream = StringIO()
    with Progress(Console(file=stream, width=120, force_terminal=terminal, color_system=None), DAG) as progress:
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


def test_a_task_that_did_not_run_says_why() -> None:
    event = TaskEvent(kind="ended", key="clean", state=State.UPSTREAM_FAILED, reason="upstream failed: load")
    assert said(event).split() == ["↯", "clean", "upstream", "failed:", "load"]


def test_on_a_terminal_running_tasks_have_moving_lines() -> None:
    text = said(TaskEvent(kind="started", key="load", state=State.RUNNING), terminal=True)
    assert "1 task to come" in text
    assert "load" in text
