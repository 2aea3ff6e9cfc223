"""Runs that a store remembers, as the evidence of a report."""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from lakewright.execution.history import RUNNING, RunHistory, actual, actual_attempts
from lakewright.execution.report.build import Evidence
from lakewright.execution.report.stored import stored_evidence
from lakewright.execution.resume import repaired
from lakewright.execution.rows import AttemptRow, RunRow
from lakewright.execution.runner import run
from lakewright.execution.store import FILE, RunStore
from lakewright.io.paths import RunPaths
from lakewright.model.target import TargetValues
from lakewright.pipelines.arguments import plan
from lakewright.pipelines.job import Job


def remembered(
    job: Job[..., Any],
    folder: Path,
    *,
    parameters: Mapping[str, object] | None = None,
    now: float = 1_000.0,
    repairs: bool = False,
) -> Evidence:
    """The evidence of run `r1` of a job, below a folder.

    Args:
        job: what runs.
        folder: where it keeps all.
        parameters: of the job.
        now: when it is taken up, in seconds since the epoch.
        repairs: whether it goes on with what the folder holds.
    """
    planned = plan(job.body, parameters or {}, target=TargetValues(root=str(folder)))
    planned = replace(planned, paths=RunPaths(str(folder), job.name, "r1"))
    row = RunRow(
        run_id="r1",
        job=job.name,
        reference="",
        digest=planned.dag.digest,
        dag=planned.dag.to_json(),
        parameters=dict(planned.parameter_texts),
        sources={},
        revision="abc",
        started=1_000.0,
        status=RUNNING,
    )
    with closing(RunStore(folder / FILE)) as store:
        with RunHistory(store, row, planned.paths, now=_clock(now)) as history:
            if repairs:
                planned = repaired(planned, store.attempts(job.name, "r1"))
            history.end(run(replace(planned, listener=history.listen, keeps_logs=True)))
        found, attempts = known(store, job.name, str(folder))
    return replace(stored_evidence(found, attempts, job.dag, root=str(folder)), root=folder)


def _clock(now: float) -> Callable[[], float]:
    zero = time.monotonic()
    return lambda: now + time.monotonic() - zero


def known(store: RunStore, job: str, root: str) -> tuple[RunRow, tuple[AttemptRow, ...]]:
    """What the store has of run `r1`."""
    found = store.run("r1", job)
    assert found
    found = actual(found, root)
    return found, actual_attempts(found, store.attempts(job, "r1"))
