"""Tasks that start another job as a whole: what the platform could not do."""

from __future__ import annotations

from lakewright.model import graph
from lakewright.model.binding import Constant, ParameterValue
from lakewright.model.diagnostics import Finding
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lakewright.model.job import JobDefinition
    from lakewright.model.task import Task


def unstartable(jobs: Sequence[JobDefinition]) -> Iterator[Finding]:
    """What is wrong with the tasks of jobs that start other jobs.

    Args:
        jobs: all that are deployed together.
    """
    known = {job.name: job for job in jobs}
    following = {job.name: [name for name in _started(job) if name in known] for job in jobs}
    for job in jobs:
        if job.name in graph.reach([job.name], following):
            message = f"job '{job.name}' starts itself, by jobs that it starts: it would never end"
            yield Finding(code="started-job", message=message, location=job.location)
        for task in job.dag.tasks:
            if task.settings.starts:
                for message, hint in _problems(task, known):
                    place = task.location or job.location
                    yield Finding(code="started-job", message=message, location=place, hint=hint)


def _started(job: JobDefinition) -> Iterator[str]:
    return (task.settings.starts for task in job.dag.tasks if task.settings.starts)


def _problems(task: Task, known: Mapping[str, JobDefinition]) -> Iterator[tuple[str, str]]:
    name = task.settings.starts
    subject = f"task '{task.key}' starts job '{name}'"
    started = known.get(name)
    if started is None:
        hint = "A job starts those of its own pipeline folder; a bundle knows no others."
        yield f"{subject}, which is not deployed with it{did_you_mean(name, known)}", hint
        return
    given = {argument.name for argument in task.arguments}
    for argument in task.arguments:
        if not isinstance(argument.binding, (Constant, ParameterValue)):
            hint = f"Call it, as in {name}(…): its tasks become part of this job, and may take any output."
            yield f"{subject} with '{argument.name}', which is known only while the job runs", hint
    for parameter in started.dag.parameters:
        if parameter.default is None and parameter.name not in given:
            yield f"{subject} without a value for its parameter '{parameter.name}'", "Give it in the call."
    if task.loop is not None:
        yield f"{subject} for each element of a list", "Loop over a list of constants, or call the job itself."
