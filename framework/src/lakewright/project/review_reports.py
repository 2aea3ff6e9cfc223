"""What the commands of a pull request have left for its comment: reports in a folder, each told by its `format`.

They may have been made from a pull request by anybody, so nothing of them is taken that is not of its form.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import JsonValue, TypeAdapter, ValidationError

from lakewright.errors.project import UsageError
from lakewright.project import diff, plan
from lakewright.project.diff import DiffReport, PipelineDiff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LARGEST: Final = 20_000_000
_EVENTS: Final = "*.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedField:
    """A field that a deploy would set: what is there, and what would be."""

    field: str
    old: JsonValue = None
    new: JsonValue = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAction:
    """What a deploy would do with a resource, in the words of the Databricks CLI."""

    resource: str
    action: str
    changes: tuple[PlannedField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPipeline:
    """What a deploy of a pipeline would do, or why that is not known."""

    pipeline: str
    actions: tuple[PlannedAction, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReport:
    """`lakewright-plan/1`: what a deploy to one target would do."""

    target: str
    pipelines: tuple[PlannedPipeline, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRun:
    """How a job has run on the machine of the workflow, from its events."""

    job: str
    status: str
    tasks: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """All that a comment is made of.

    Attributes:
        unread: files that are no report of a known form.
    """

    diff: DiffReport | None = None
    plans: tuple[PlanReport, ...] = ()
    runs: tuple[LocalRun, ...] = ()
    unread: tuple[str, ...] = ()


def read_reports(folder: Path) -> Reports:
    """The reports of a folder and those below it.

    Raises:
        UsageError: there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}", hint="Give --reports the folder that the reports are in.")
    diffs: list[DiffReport] = []
    plans: list[PlanReport] = []
    unread: list[str] = []
    for file in sorted(folder.rglob("*.json")):
        found = _report(file)
        if isinstance(found, DiffReport):
            diffs.append(found)
        elif isinstance(found, PlanReport):
            plans.append(found)
        else:
            unread.append(file.relative_to(folder).as_posix())
    runs = tuple(run for file in sorted(folder.rglob(_EVENTS)) for run in _runs(file))
    return Reports(diff=_together(diffs), plans=_by_target(plans), runs=runs, unread=tuple(unread))


def _report(file: Path) -> DiffReport | PlanReport | None:
    """A report; None for what is none."""
    content = _text(file)
    try:
        form = json.loads(content).get("format")
        if form == diff.FORMAT:
            return TypeAdapter(DiffReport).validate_json(content)
        return TypeAdapter(PlanReport).validate_json(content) if form == plan.FORMAT else None
    except (ValueError, AttributeError, RecursionError, ValidationError):
        return None


def _text(file: Path) -> str:
    """What a file holds; nothing for a link, or for more than any report is."""
    if file.is_symlink() or file.stat().st_size > _LARGEST:
        return ""
    return file.read_text(encoding="utf-8", errors="replace")


def _together(diffs: Iterable[DiffReport]) -> DiffReport | None:
    """One report of several, as the jobs of a matrix leave them: a pipeline's own report is the one that counts."""
    every = tuple(diffs)
    if not every:
        return None
    pipelines: dict[str, PipelineDiff] = {each.pipeline: each for report in every for each in report.pipelines}
    others = {name for report in every for name in report.unaffected} - pipelines.keys()
    first = every[0]
    return DiffReport(
        base=first.base,
        commit=first.commit,
        target=first.target,
        pipelines=tuple(pipelines[name] for name in sorted(pipelines)),
        unaffected=tuple(sorted(others)),
    )


def _by_target(plans: Iterable[PlanReport]) -> tuple[PlanReport, ...]:
    """One report for each target, in the order in which they come."""
    found: dict[str, tuple[PlannedPipeline, ...]] = {}
    for report in plans:
        found[report.target] = (*found.get(report.target, ()), *report.pipelines)
    return tuple(PlanReport(target=target, pipelines=pipelines) for target, pipelines in found.items())


def _runs(file: Path) -> Iterator[LocalRun]:
    """The runs that have ended, by the events of `lakewright run --events`."""
    sizes: dict[object, int] = {}
    for line in _text(file).splitlines():
        event = _event(line)
        if event.get("event") == "run_started" and isinstance(event.get("tasks"), list):
            sizes[event.get("run")] = len(event["tasks"])
        if event.get("event") == "run_ended" and isinstance(event.get("seconds"), (int, float)):
            yield LocalRun(
                job=str(event.get("job", "")),
                status=str(event.get("status", "")),
                tasks=sizes.get(event.get("run"), 0),
                seconds=event["seconds"],
            )


def _event(line: str) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}
