"""A difference as rows, which every form of it shows: what, before, after."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from lakewright.text.names import plural
from lakewright.text.sizes import size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lakewright.model.changes import FieldChange, TaskChange
    from lakewright.project.diff import JobDiff, PipelineDiff, WheelDiff

SIGNS: Final[Mapping[str, str]] = {"added": "+", "removed": "−", "renamed": "→", "changed": "~", "same": "="}
# Of something new, what a reviewer wants to know first.
_OF_NEW_TASK: Final = ("environment_key", "job_cluster_key", "existing_cluster_id", "run_if", "for each of", "retries")
_OF_NEW_JOB: Final = ("schedule.quartz_cron_expression", "schedule.timezone_id", "continuous.pause_status")
_SHOWN_FILES: Final = 3


class Row(NamedTuple):
    """One thing that has changed.

    Attributes:
        sign: `+`, `~`, `→`, `−`.
        name: of the job, or job and task.
        what: has happened, in words of ours.
        field: whose text differs, if it is about one.
        names: that belong to `what`.
        old: text before; empty for none.
        new: text after; empty for none.
        is_loud: whether something is lost.
    """

    sign: str
    name: str
    what: str = ""
    field: str = ""
    names: tuple[str, ...] = ()
    old: str = ""
    new: str = ""
    is_loud: bool = False


def rows(pipeline: PipelineDiff) -> tuple[Row, ...]:
    """All that has changed of the jobs of a pipeline: what is lost comes first."""
    if pipeline.change == "removed":
        return tuple(_left(job) for job in pipeline.jobs)
    found = tuple(row for job in pipeline.jobs for row in _of_job(job))
    return tuple(sorted(found, key=lambda row: not row.is_loud))


def _left(job: JobDiff) -> Row:
    """A job that nothing takes away yet, though its pipeline is gone."""
    return Row(SIGNS["removed"], job.job, f"{plural(job.size, 'task')}, runs on until it is destroyed", is_loud=True)


def counted(pipeline: PipelineDiff) -> str:
    """How much has changed, in few words.

    A job that was only renamed or changed counts once, whatever of it has.
    """
    jobs: Counter[str] = Counter(job.change for job in pipeline.jobs)
    tasks: Counter[str] = Counter(task.change for job in pipeline.jobs for task in job.tasks)
    told = [*_counts(jobs, "job"), *_counts(tasks, "task")]
    return ", ".join(told) if told else "definitions as before"


def _counts(counts: Mapping[str, int], noun: str) -> Iterator[str]:
    for change in ("removed", "added", "renamed", "changed"):
        if counts.get(change):
            # The sign of a new name is an arrow, and in a title that leads to a target.
            sign = "" if change == "renamed" else f"{SIGNS[change]} "
            yield f"{sign}{plural(counts[change], noun)} {change}"


def _of_job(job: JobDiff) -> Iterator[Row]:
    sign, size = SIGNS[job.change], plural(job.size, "task")
    if job.change == "removed":
        yield Row(sign, job.job, f"removed with its {size}, its runs and its schedule", is_loud=True)
    elif job.change == "added":
        yield Row(sign, job.job, f"new, {size}", new=_said(job.fields, _OF_NEW_JOB))
    elif job.change == "renamed":
        yield Row(
            sign,
            job.job,
            "renamed: deleted and created anew, its runs are lost",
            old=job.was,
            new=job.job,
            is_loud=True,
        )
    if job.change in {"changed", "renamed"}:
        yield from (_of_field("~", job.job, field) for field in job.fields if field.field != "name" or not job.was)
        yield from (row for task in job.tasks for row in _of_task(f"{job.job}.{task.task}", task))


def _of_task(name: str, task: TaskChange) -> Iterator[Row]:
    sign = SIGNS[task.change]
    if task.change == "added":
        what = "new, after" if task.after else "new"
        yield Row(sign, name, what, names=task.after, new=_said(task.fields, _OF_NEW_TASK))
        return
    if task.change == "removed":
        yield Row(sign, name, "removed", is_loud=True)
    elif task.change == "renamed":
        yield Row(sign, name, "renamed", old=task.was, new=task.task)
    yield from (_of_field("~", name, field) for field in task.fields)


def _of_field(sign: str, name: str, field: FieldChange) -> Row:
    return Row(sign, name, field=field.field, old=field.old or "", new=field.new or "")


def _said(fields: Iterable[FieldChange], names: Iterable[str]) -> str:
    """What a few fields say, if they do."""
    texts = {field.field: field.new for field in fields}
    told = ((name, texts.get(name)) for name in names)
    return ", ".join(f"retries {text}" if name == "retries" else str(text) for name, text in told if text)


class Wheel(NamedTuple):
    """A package that has another version.

    Attributes:
        sign: `+`, `~`, `−`.
        text: its name, and the version that there was and is.
        size: of its wheel; empty where it is not known.
    """

    sign: str
    text: str
    size: str


def wheels(pipeline: PipelineDiff) -> tuple[Wheel, ...]:
    """The packages that have another version."""
    return tuple(_wheel(each) for each in pipeline.wheels)


def _wheel(wheel: WheelDiff) -> Wheel:
    sign = "+" if wheel.old is None else "−" if wheel.new is None else "~"
    versions = " → ".join(filter(None, (wheel.old, wheel.new)))
    sizes = [size(each) for each in (wheel.old_size, wheel.new_size) if each is not None]
    return Wheel(sign, f"{wheel.name} {versions}", " → ".join(dict.fromkeys(sizes)))


def wheels_in_all(pipeline: PipelineDiff) -> str:
    """What all wheels come to, in words; empty where that is not known, or as it was."""
    now, before = pipeline.wheels_now, pipeline.wheels_before
    return f"{size(now)} in all, {size(before)} before" if now and before and size(now) != size(before) else ""


def files(pipeline: PipelineDiff) -> tuple[tuple[str, ...], int]:
    """The first of the files that have changed, and how many there are besides."""
    return pipeline.files[:_SHOWN_FILES], max(0, len(pipeline.files) - _SHOWN_FILES)
