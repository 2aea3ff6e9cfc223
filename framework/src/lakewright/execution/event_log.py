"""What happens in a run as JSON lines, for programs that watch it."""

from __future__ import annotations

import json
from datetime import datetime, timezone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO

    from lakewright.execution.events import TaskEvent
    from lakewright.execution.plan import RunPlan
    from lakewright.execution.result import RunResult


def _utc() -> datetime:
    return datetime.now(timezone.utc)


class EventLog:
    """Writes one JSON object a line, and each as soon as it happens.

    Every line has `at` (ISO 8601, UTC), `event`, `job` and `run`. `event` is `run_started` (with `parameters` and
    `tasks`), the kind of a `TaskEvent` (with its fields that say something), or `run_ended` (with `status`,
    `leaf_status` and `seconds`).

    Args:
        file: where to.
        planned: the run.
        now: the time of the day.
    """

    def __init__(self, file: TextIO, planned: RunPlan, *, now: Callable[[], datetime] = _utc) -> None:
        self._file = file
        self._planned = planned
        self._now = now

    def start(self) -> None:
        """Tell that the run begins, or begins again."""
        parameters = dict(self._planned.parameter_texts)
        self._write("run_started", parameters=parameters, tasks=list(self._planned.dag.nodes))

    def listen(self, event: TaskEvent) -> None:
        """Tell what happened to a task."""
        self._write(
            event.kind,
            task=event.key or None,
            attempt=None if event.reason else event.attempt,
            state=event.state.value,
            seconds=None if event.reason or event.kind == "started" else round(event.seconds, 6),
            wait=event.wait if event.kind == "retrying" else None,
            rows=event.rows,
            error=f"{type(event.error).__name__}: {event.error}" if event.error else None,
            reason=event.reason or None,
        )

    def end(self, result: RunResult[Any]) -> None:
        """Tell how the run ended."""
        self._write("run_ended", status=result.status, leaf_status=result.leaf_status, seconds=round(result.seconds, 6))

    def _write(self, event: str, **fields: object) -> None:
        told = {name: value for name, value in fields.items() if value is not None}
        paths = self._planned.paths
        line = {"at": self._now().isoformat(), "event": event, "job": paths.job, "run": paths.run_id, **told}
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
