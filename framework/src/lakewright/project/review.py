"""The comment on a pull request: what a reviewer has to know on one screen, what is lost first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from lakewright.model.names import resource_key
from lakewright.project.diff_forms import content, fenced, heading, unaffected
from lakewright.project.diff_rows import rows
from lakewright.project.review_plans import plan_rows, plan_table
from lakewright.text.durations import seconds
from lakewright.text.markdown import code, escaped
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lakewright.project.diff import PipelineDiff
    from lakewright.project.review_reports import LocalRun, PlannedPipeline, PlanReport, Reports

MARKER: Final = "<!-- lakewright: what this pull request changes -->"
# GitHub refuses a longer one: "Body is too long (maximum is 65536 characters)".
LIMIT: Final = 65_536
# "Job summaries … 1MiB": GitHub, Workflow commands, Adding a job summary. Others write to it too.
SUMMARY_LIMIT: Final = 500_000
_DONE: Final = {"create": "+ {} created", "delete": "− {} deleted", "recreate": "− {} recreated"}
_NOTHING: Final = frozenset({"skip", ""})
_LOST: Final = frozenset({"delete", "recreate"})
_MOST_NAMES: Final = 12
# More pipelines than these are folded, but what is lost or has failed stays open.
_MOST_OPEN: Final = 3
_LONG: Final = "**{} changed.** Each opens with a click; what is lost or has failed stands open, first."
_CALM: Final = 4
_NOTHING_AFFECTED: Final = "No pipeline is affected."


class Detail(NamedTuple):
    """How much of each pipeline is told.

    Attributes:
        rows: of its table, at most.
        sections: pipelines that are told of by more than their name, at most.
    """

    has_pictures: bool
    rows: int
    sections: int


# What fits is taken: first the pictures go, then rows, then whole sections.
_DETAILS: Final = (
    Detail(has_pictures=True, rows=60, sections=1000),
    Detail(has_pictures=False, rows=60, sections=1000),
    Detail(has_pictures=False, rows=10, sections=200),
    Detail(has_pictures=False, rows=3, sections=60),
    Detail(has_pictures=False, rows=0, sections=20),
)


def is_worth_a_comment(reports: Reports) -> bool:
    """Whether there is anything to say to a pull request that has no comment yet."""
    return bool((reports.diff and reports.diff.pipelines) or _problems(reports.plans) or reports.unread)


def comment(reports: Reports, *, run_url: str = "", limit: int = LIMIT) -> str:
    """The comment in Markdown, of as much as fits.

    Args:
        reports: what it is made of.
        run_url: where the workflow's run is seen.
        limit: characters, at most.
    """
    bodies = (_body(reports, detail, run_url=run_url) for detail in _DETAILS)
    fitting = next((body for body in bodies if len(body) <= limit), None)
    return fitting if fitting is not None else _shortest(reports, run_url)


def _body(reports: Reports, detail: Detail, *, run_url: str) -> str:
    pipelines = sorted(reports.diff.pipelines, key=lambda each: _order(each, reports)) if reports.diff else []
    told = [each for each in pipelines if _is_told(each, reports)]
    is_folded = len(told) > _MOST_OPEN
    parts = [_LONG.format(plural(len(told), "pipeline"))] if is_folded else []
    parts += [
        _section(each, reports, detail, run_url=run_url, is_folded=is_folded and _order(each, reports)[0] == _CALM)
        for each in told[: detail.sections]
    ]
    parts += _in_short(told[detail.sections :], "Changed too, {}: {}")
    parts += _in_short([each for each in pipelines if each not in told], "Affected, with definitions as before, {}: {}")
    if not parts:
        parts = [_NOTHING_AFFECTED]
    parts += [*_other_plans(reports, {each.pipeline for each in pipelines})]
    parts += [unaffected(reports.diff)] if reports.diff and reports.diff.unaffected else []
    parts += [f"Not understood: {', '.join(map(code, reports.unread[:_MOST_NAMES]))}."] if reports.unread else []
    parts += [_footer(detail, run_url)]
    return "\n\n".join([MARKER, *filter(None, (part.strip("\n") for part in parts))]) + "\n"


def _order(pipeline: PipelineDiff, reports: Reports) -> tuple[int, str]:
    """Removed ones first, then those that cannot be made, that lose something, that have failed."""
    order = (
        pipeline.change == "removed",
        bool(pipeline.error or pipeline.error_before),
        any(row.is_loud for row in rows(pipeline)),
        _problems(reports.plans, pipeline.pipeline) or _failed(pipeline, reports.runs),
    )
    return order.index(True) if any(order) else _CALM, pipeline.pipeline


def _is_told(pipeline: PipelineDiff, reports: Reports) -> bool:
    """Whether there is more to tell of a pipeline than that it is affected."""
    has_news = pipeline.change != "same" or bool(pipeline.error_before or pipeline.wheels)
    has_news = has_news or bool(plan_rows(reports.plans, pipeline.pipeline))
    return bool(has_news or _problems(reports.plans, pipeline.pipeline) or _failed(pipeline, reports.runs))


def _section(pipeline: PipelineDiff, reports: Reports, detail: Detail, *, run_url: str, is_folded: bool) -> str:
    title = heading(pipeline, _single_target(reports))
    lines = [*content(pipeline, with_picture=detail.has_pictures, most_rows=detail.rows)]
    lines += [""] if lines and lines[-1] else []
    if pipeline.change == "same":
        # Otherwise the same fields stand in the table of definitions.
        lines += plan_table(plan_rows(reports.plans, pipeline.pipeline), detail.rows)
    for report in reports.plans:
        for planned in report.pipelines:
            if planned.pipeline == pipeline.pipeline:
                lines += _loud(report.target, planned)
    lines.append("&emsp;".join(_plans_and_runs(pipeline, reports, run_url)))
    body = "\n".join(lines).strip("\n")
    if is_folded:
        return f"<details><summary><b>{title}</b></summary>\n\n{body}\n\n</details>"
    return f"### {title}\n\n{body}"


def _plans_and_runs(pipeline: PipelineDiff, reports: Reports, run_url: str) -> Iterator[str]:
    plans = [text for report in reports.plans if (text := _planned(report, pipeline.pipeline))]
    if plans:
        yield f"plan: {' · '.join(plans)}"
    runs = [_run(run) for run in reports.runs if _is_of(run, pipeline)]
    # What a workflow keeps, such as the report of a run, stands below this anchor of its page.
    kept = [f"[report]({run_url}#artifacts)"] if run_url else []
    if runs:
        yield f"local run: {' · '.join([*runs, *kept])}"


def _single_target(reports: Reports) -> str | None:
    targets = {report.target for report in reports.plans}
    return next(iter(targets)) if len(targets) == 1 else (reports.diff.target if reports.diff else None)


def _planned(report: PlanReport, pipeline: str) -> str:
    """What a plan comes to, in few words; empty where there is none."""
    planned = [each for each in report.pipelines if each.pipeline == pipeline]
    if not planned:
        return ""
    if any(each.error for each in planned):
        return f"{escaped(report.target)} ✘"
    counts = Counter(action.action for each in planned for action in each.actions if action.action not in _NOTHING)
    updated = sum(count for action, count in counts.items() if action not in _DONE)
    told = [text.format(counts[action]) for action, text in _DONE.items() if counts[action]]
    told += [f"~ {updated} updated"] if updated else []
    return f"{escaped(report.target)} {', '.join(told) or 'no change'}"


def _loud(target: str, planned: PlannedPipeline) -> Iterator[str]:
    """What must not be overlooked in a plan: an error, and what would be deleted."""
    if planned.error:
        yield f"**The plan for {escaped(target)} failed**"
        yield from fenced(planned.error)
    lost = [action for action in planned.actions if action.action in _LOST]
    if lost:
        names = ", ".join(f"{code(action.resource)} ({escaped(action.action)})" for action in lost[:_MOST_NAMES])
        more = f" and {len(lost) - _MOST_NAMES:,} more" if len(lost) > _MOST_NAMES else ""
        yield "> [!CAUTION]"
        yield f"> A deploy to **{escaped(target)}** deletes {names}{more}, with what has run there."
        yield ""


def _problems(plans: Iterable[PlanReport], pipeline: str | None = None) -> bool:
    """Whether a plan failed or deletes something."""
    planned = (each for report in plans for each in report.pipelines if pipeline in {None, each.pipeline})
    return any(each.error or any(action.action in _LOST for action in each.actions) for each in planned)


def _other_plans(reports: Reports, told: set[str]) -> Iterator[str]:
    """What is loud in plans of pipelines that no difference is told of."""
    for report in reports.plans:
        for planned in report.pipelines:
            if planned.pipeline not in told and (lines := [*_loud(report.target, planned)]):
                yield "\n".join([f"### {escaped(planned.pipeline)} → {escaped(report.target)}", "", *lines])


def _is_of(run: LocalRun, pipeline: PipelineDiff) -> bool:
    return resource_key(run.job) in {job.job for job in pipeline.jobs}


def _failed(pipeline: PipelineDiff, runs: Iterable[LocalRun]) -> bool:
    return any(run.status != "success" for run in runs if _is_of(run, pipeline))


def _run(run: LocalRun) -> str:
    if run.status != "success":
        return f"**✘ {code(run.job)} {escaped(run.status)}**"
    return f"✔ {code(run.job)} {plural(run.tasks, 'task')}, {seconds(run.seconds)}"


def _in_short(pipelines: Iterable[PipelineDiff], text: str) -> list[str]:
    names = [each.pipeline for each in pipelines]
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    shown = ", ".join(code(name) for name in names[:_MOST_NAMES])
    return [f"{text.format(plural(len(names), 'pipeline'), shown)}{more}."] if names else []


def _footer(detail: Detail, run_url: str) -> str:
    where = f"[the run]({run_url})" if run_url else "the run of the workflow"
    cut = "" if detail == _DETAILS[0] else f"This is cut to what GitHub takes; all of it is in the summary of {where}."
    return cut or (f"<sub>[run of the workflow]({run_url})</sub>" if run_url else "")


def _shortest(reports: Reports, run_url: str) -> str:
    """What fits always."""
    pipelines = reports.diff.pipelines if reports.diff else ()
    told = f"{plural(len(pipelines), 'pipeline')} changed: too much to be told here."
    return "\n\n".join([MARKER, told, _footer(_DETAILS[-1], run_url)]) + "\n"
