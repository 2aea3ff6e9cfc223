"""What a recorder hears."""

import pytest

from lakewright.execution.events import TaskEvent
from lakewright.execution.report.live import Recorder
from lakewright.model.states import State


def test_attempts_stand_where_they_were_in_time() -> None:
    ticks = iter([100.0, 100.5, 102.0])
    recorder = Recorder(clock=lambda: next(ticks))
    recorder.listen(TaskEvent(kind="started", key="a", state=State.RUNNING))
    error = ValueError("x")
    recorder.listen(TaskEvent(kind="retrying", key="a", state=State.FAILED, seconds=0.4, wait=1.0, error=error))
    recorder.listen(TaskEvent(kind="ended", key="a", state=State.SUCCESS, attempt=2, seconds=0.25))
    recorder.listen(TaskEvent(kind="ended", key="b", state=State.EXCLUDED, reason="excluded: no parent failed"))
    assert [(each.number, each.state) for each in recorder.attempts["a"]] == [(1, "failed"), (2, "success")]
    assert [each.start for each in recorder.attempts["a"]] == pytest.approx([0.1, 1.75])
    assert "b" not in recorder.attempts
