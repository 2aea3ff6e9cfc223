"""Jobs run below a folder of the test."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from lakewright.execution.result import RunResult
from lakewright.io.base import IoManager
from lakewright.model.target import TargetValues
from lakewright.pipelines.job import Job

if TYPE_CHECKING:
    from lakewright.execution.events import TaskEvent

R = TypeVar("R")
Executor: TypeAlias = Literal["serial", "threads", "processes"]


class Runs:
    """Runs jobs with a root of their own, and keeps the events of all runs."""

    def __init__(self, folder: Path) -> None:
        self.target = TargetValues(name="test", root=str(folder), data=str(folder / "data"), catalog="c", schema="s")
        self.events: list[TaskEvent] = []

    def __call__(
        self,
        job: Job[..., R],
        params: Mapping[str, object] | None = None,
        *,
        io: IoManager | None = None,
        executor: Executor = "threads",
        max_workers: int = 4,
        run_id: str | None = None,
    ) -> RunResult[R]:
        """The result of a run."""
        return job.execute(
            params=params,
            target=self.target,
            io=io,
            executor=executor,
            max_workers=max_workers,
            listener=self.events.append,
            run_id=run_id,
        )

    def told(self, *names: str) -> list[tuple[Any, ...]]:
        """Some attributes of each event."""
        return [tuple(getattr(event, name) for name in names) for event in self.events]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped by init does not."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return False
        if state in "ZX":
            return False
        time.sleep(0.02)
    return True
