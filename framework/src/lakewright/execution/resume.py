"""Going on with a run: what of it is done, what runs again, and whether it would still be the same run."""

from __future__ import annotations

import json
import os
from dataclasses import replace

from lakewright.errors.running import ResumeError
from lakewright.execution.gathering import apart, list_length, record_of
from lakewright.execution.remaking import without_gone_packages
from lakewright.io.commit import remove_record
from lakewright.loading import sources as source_files
from lakewright.model import graph
from lakewright.model.loop import name_of, spans
from lakewright.model.states import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lakewright.execution.plan import RunPlan
    from lakewright.execution.rows import AttemptRow, RunRow
    from lakewright.model.record import CommitRecord
    from lakewright.model.task import Task

_NEW_CODE = "Go on with the present code: --repair. Or start a new run."


def check_same(planned: RunPlan, before: RunRow, sources: Mapping[str, str]) -> None:
    """Raise unless a run would go on as it has begun: with its DAG, its parameters and its code.

    Raises:
        ResumeError: something of it differs; it says what.
    """
    check_parameters(planned, before)
    differences = [*_of_dags(before, planned), *source_files.differences(before.sources, sources)]
    if differences:
        raise ResumeError(before.run_id, job=before.job, differences=differences, hint=_NEW_CODE)


def check_parameters(planned: RunPlan, before: RunRow) -> None:
    """Raise unless the parameters are those that the run has begun with.

    Raises:
        ResumeError: they differ.
    """
    names = {**before.parameters, **planned.parameter_texts}
    differences = [
        f"parameter {name}: was {before.parameters.get(name)!r}, is {planned.parameter_texts.get(name)!r}"
        for name in names
        if before.parameters.get(name) != planned.parameter_texts.get(name)
    ]
    if differences:
        raise ResumeError(before.run_id, job=before.job, differences=differences, hint="Start a new run with them.")


def _of_dags(before: RunRow, planned: RunPlan) -> Iterator[str]:
    if before.digest == planned.dag.digest:
        return
    was, now = json.loads(before.dag), json.loads(planned.dag.to_json())
    old = {task["key"]: task for task in was["tasks"]}
    new = {task["key"]: task for task in now["tasks"]}
    yield from (f"task changed: {key}" for key in old if key in new and old[key] != new[key])
    yield from (f"task gone: {key}" for key in old if key not in new)
    yield from (f"task new: {key}" for key in new if key not in old)
    yield from (f"{part} changed" for part in ("parameters", "result") if was[part] != now[part])
    if list(old) != list(new) and set(old) == set(new):
        yield "order of tasks changed"


def resumed(planned: RunPlan, attempts: Sequence[AttemptRow]) -> RunPlan:
    """The plan with what has a commit record taken over, whether the store knows of it or not."""
    tried = _tried(planned, attempts)
    kept = without_gone_packages(planned, _records(planned))
    return replace(planned, kept={**planned.kept, **kept}, tried=tried)


def repaired(planned: RunPlan, attempts: Sequence[AttemptRow]) -> RunPlan:
    """The plan to run again what failed and all that hangs on it; their records of before are removed."""
    records = _records(planned)
    in_order = sorted(attempts, key=lambda attempt: (attempt.began, attempt.attempt))
    last = {attempt.key: attempt.state for attempt in in_order}
    wanted = [key for key in planned.dag.nodes if key not in planned.left_out | planned.kept.keys()]
    undone = {key for key in wanted if key not in records and not _is_done(planned.dag.task(key), last.get(key))}
    # Tasks of another run lead to nothing new: what comes from them stays as it is.
    again = undone | (graph.reach(undone, {key: planned.dag.downstream(key) for key in wanted}) & set(wanted))
    for key in again & records.keys():
        for each in apart(records[key], planned.dag):
            remove_record(planned.paths, each.task)
    kept = without_gone_packages(planned, {key: record for key, record in records.items() if key not in again})
    return replace(planned, kept={**planned.kept, **kept}, tried=_tried(planned, attempts))


def _is_done(task: Task, last: str | None) -> bool:
    """Whether a task without a record did its part: conditions leave none, and come out again as they did."""
    return last == State.EXCLUDED.value or (bool(task.operator) and last == State.SUCCESS.value)


def _records(planned: RunPlan) -> dict[str, CommitRecord]:
    nodes = [key for key in planned.dag.nodes if key not in planned.left_out]
    found = {key: record_of(planned.paths, planned.dag, key) for key in nodes}
    return {key: record for key, record in found.items() if record is not None}


def _tried(planned: RunPlan, attempts: Sequence[AttemptRow]) -> dict[str, int]:
    """Attempts that were made, by their rows and their folders: none of them is made a second time."""
    tried: dict[str, int] = {}
    for attempt in attempts:
        tried[attempt.key] = max(tried.get(attempt.key, 0), attempt.attempt)
    for key in planned.dag.nodes:
        for name, output in _tried_apart(planned, key).items():
            folder = os.path.dirname(planned.paths.attempt(output, 1))  # noqa: PTH120  text paths, as everywhere in io
            if os.path.isdir(folder):  # noqa: PTH112  as above
                numbers = [int(found) for found in os.listdir(folder) if found.isdigit()]  # noqa: PTH208  as above
                tried[name] = max(tried.get(name, 0), *numbers, 0)
    return tried


def _tried_apart(planned: RunPlan, key: str) -> dict[str, str]:
    """What is tried by itself, a task or an iteration, and an output that each attempt of it has a folder for."""
    if planned.dag.task(key).loop is None:
        return {key: key}
    shared = spans(list_length(planned.paths, planned.dag, key) or 0)
    return {name_of(key, number): name_of(key, span.start) for number, span in enumerate(shared)}
