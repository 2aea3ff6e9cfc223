"""The report of a run that the store remembers."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.errors.running import StoreError
from lakewright.execution.history import actual, actual_attempts
from lakewright.execution.report.build import build
from lakewright.execution.report.page import render
from lakewright.execution.report.stored import stored_dag, stored_evidence
from lakewright.execution.store import FILE, RunStore
from lakewright.io.files import put
from lakewright.model.job import JobDefinition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.execution.report.view import RunView
    from lakewright.io.paths import RunPaths
    from lakewright.model.record import CommitRecord


def write_report(file: str, view: RunView) -> None:
    """Write the page of a run."""
    put(file, render(view).encode())


def run_view(
    paths: RunPaths, *, definition: JobDefinition | None = None, records: Mapping[str, CommitRecord] | None = None
) -> RunView:
    """What became of a run, also of one that another process has run, or left behind.

    Args:
        paths: of the run.
        definition: of its job; without it, the view shows what the store kept of it.
        records: commit records that are known already.

    Raises:
        StoreError: the store cannot be used, or does not know the run.
    """
    with closing(RunStore(Path(paths.root) / FILE)) as store:
        found = store.run(paths.run_id, paths.job)
        if found is None:
            raise StoreError(f"the run store does not know run '{paths.run_id}' of job '{paths.job}'")
        run = actual(found, paths.root)
        attempts = actual_attempts(run, store.attempts(run.job, run.run_id))
    job = definition or JobDefinition(name=run.job, dag=stored_dag(run))
    view = build(job, stored_evidence(run, attempts, job.dag, root=paths.root, records=records))
    # What the tasks ran on is no part of what the store keeps.
    return view if definition else replace(view, tasks=tuple(replace(task, compute="") for task in view.tasks))
