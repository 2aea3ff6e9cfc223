"""Views are plain values."""

import json

from lakewright.execution.report.view import AttemptView, TaskView, to_json
from tests.unit.execution.report import samples


def test_a_view_is_json_without_what_says_nothing() -> None:
    task = TaskView(
        key="a",
        state="success",
        upstream=("b",),
        attempts=(AttemptView(number=1, start=0.0, seconds=0.1234567, state="success"),),
    )
    assert json.loads(json.dumps(to_json(task))) == {
        "key": "a",
        "state": "success",
        "upstream": ["b"],
        "attempts": [{"number": 1, "start": 0.0, "seconds": 0.123457, "state": "success"}],
    }


def test_a_task_takes_from_its_first_start_to_its_last_end() -> None:
    failed = next(task for task in samples.broken().tasks if task.state == "failed")
    assert round(failed.seconds, 6) == 0.68
    assert TaskView(key="a", state="excluded").seconds == 0
