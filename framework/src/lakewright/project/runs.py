"""Runs on this machine that the store remembers."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.execution.history import RunHistory
from lakewright.execution.rows import RunRow
from lakewright.execution.runner import run
from lakewright.execution.store import FILE, RunStore
from lakewright.loading.sources import closure
from lakewright.project.git import revision

if TYPE_CHECKING:
    from lakewright.execution.events import TaskEvent
    from lakewright.execution.plan import RunPlan
    from lakewright.execution.result import RunResult
    from lakewright.project.discovery import FoundJob


def run_remembered(planned: RunPlan, row: RunRow) -> RunResult[object]:
    """Run a plan and keep what happens in the store of its root, and what tasks print in their logs.

    Raises:
        StoreError: the store cannot be used.
        RunError: another process runs it.
    """
    store = RunStore(Path(planned.target.root) / FILE)
    try:
        with RunHistory(store, row, planned.paths) as history:

            def listen(event: TaskEvent) -> None:
                history.listen(event)
                planned.listener(event)

            result = run(replace(planned, listener=listen, keeps_logs=True))
            history.end(result)
            return result
    finally:
        store.close()


def row_of(found: FoundJob, planned: RunPlan) -> RunRow:
    """What the store keeps of a run that starts now: enough to tell later whether it can go on."""
    project = Path(planned.target.root).parent
    modules = {task.function.module for task in planned.dag.tasks} | {found.job.body.function.__module__}
    return RunRow(
        run_id=planned.paths.run_id,
        job=planned.dag.name,
        reference=found.reference,
        digest=planned.dag.digest,
        dag=planned.dag.to_json(),
        parameters=dict(planned.parameter_texts),
        sources=closure(modules, project),
        revision=revision(project),
        started=time.time(),
    )
