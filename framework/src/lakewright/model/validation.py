"""What the platform would refuse, found before anything is deployed; all findings at once.

Source of the limits: Databricks' resource limits and Jobs API reference, as of November 2026.
"""

from __future__ import annotations

import json
from typing import Final

from lakewright.model import names
from lakewright.model.alerts import silent_alerts, skipped_cleanups
from lakewright.model.compute import PYTHON_OF_ENVIRONMENT, PYTHON_OF_RUNTIME, JobCluster, Serverless
from lakewright.model.diagnostics import Finding
from lakewright.model.loop import inner_key
from lakewright.model.started import unstartable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lakewright.model.alerts import Silence
    from lakewright.model.job import JobDefinition
    from lakewright.model.task import Task

MAX_TASKS: Final = 1000
MAX_TAGS: Final = 25
MAX_DESCRIPTION: Final = 27_700
MAX_CONCURRENT_RUNS: Final = 1000
MAX_RUN_PARAMETER_BYTES: Final = 10_000
COMPUTE_FIELDS: Final = ("existing_cluster_id", "new_cluster", "job_cluster_key", "environment_key")
_LISTED: Final = 3
TRIGGER_FIELDS: Final = ("schedule", "trigger", "continuous")


def validate_all(jobs: Sequence[JobDefinition]) -> tuple[Finding, ...]:
    """Findings of each job, names that two jobs share, and what is wrong where one starts another."""
    return (*(finding for job in jobs for finding in validate(job)), *_duplicate_names(jobs), *unstartable(jobs))


def validate(job: JobDefinition) -> tuple[Finding, ...]:
    """Everything about one job that the platform would refuse, and what it would take but nobody can mean."""
    checks = (
        _names,
        _size,
        _settings,
        _parameters,
        _triggers,
        _computes,
        _resources,
        _runtimes,
        _clusters,
        _functions,
        _alerts,
        _cleanups,
    )
    return tuple(finding for check in checks for finding in check(job))


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that must stop a deployment."""
    return tuple(finding for finding in findings if finding.severity == "error")


def _duplicate_names(jobs: Sequence[JobDefinition]) -> Iterator[Finding]:
    first: dict[str, JobDefinition] = {}
    for job in jobs:
        key = names.resource_key(job.name)
        known = first.setdefault(key, job)
        if known is not job:
            where = f" (the first is at {known.location})" if known.location else ""
            both = f"jobs '{known.name}' and '{job.name}' are both '{key}' in their bundle"
            called = f"two jobs are called '{job.name}'" if known.name == job.name else both
            yield _finding(job, "duplicate-job", f"{called}{where}")


def _names(job: JobDefinition) -> Iterator[Finding]:
    problem = names.job_name_problem(job.name)
    if problem:
        yield _finding(job, "job-name", f"the name of job '{job.name[:40]}' {problem}")
    for task in job.dag.tasks:
        for key in (task.key, *((inner_key(task.key),) if task.loop else ())):
            problem = names.task_key_problem(key)
            if problem:
                yield _finding(job, "task-key", f"task key '{key}' {problem}", task=task)
                break


def _size(job: JobDefinition) -> Iterator[Finding]:
    count = len(job.dag.tasks)
    if not count:
        hint = "Call at least one @task function in its body."
        yield _finding(job, "no-task", f"job '{job.name}' has no task", hint=hint)
    if count > MAX_TASKS:
        message = f"job '{job.name}' has {count:,} tasks; at most {MAX_TASKS:,} are allowed"
        yield _finding(job, "too-many-tasks", message, hint="Split it into several jobs.")


def _settings(job: JobDefinition) -> Iterator[Finding]:
    settings = job.settings
    if len(settings.tags) > MAX_TAGS:
        message = f"job '{job.name}' has {len(settings.tags)} tags; at most {MAX_TAGS} are allowed"
        yield _finding(job, "too-many-tags", message)
    if len(settings.description) > MAX_DESCRIPTION:
        message = f"the description of job '{job.name}' is longer than {MAX_DESCRIPTION:,} characters"
        yield _finding(job, "description", message)
    if not 1 <= settings.max_concurrent_runs <= MAX_CONCURRENT_RUNS:
        given = f"max_concurrent_runs={settings.max_concurrent_runs} of job '{job.name}'"
        yield _finding(job, "concurrent-runs", f"{given} is not between 1 and {MAX_CONCURRENT_RUNS}")


def _parameters(job: JobDefinition) -> Iterator[Finding]:
    for parameter in job.dag.parameters:
        problem = names.parameter_name_problem(parameter.name)
        if problem:
            yield _finding(job, "parameter-name", f"parameter '{parameter.name}' of job '{job.name}' {problem}")
        if parameter.default is None and job.settings.schedule:
            message = f"job '{job.name}' starts by itself, but parameter '{parameter.name}' has no default"
            yield _finding(job, "parameter-default", message, hint="Give it a default in the signature.")
    size = len(json.dumps({parameter.name: parameter.default or "" for parameter in job.dag.parameters}))
    if size > MAX_RUN_PARAMETER_BYTES:
        message = (
            f"the defaults of job '{job.name}' take {size:,} bytes; at most {MAX_RUN_PARAMETER_BYTES:,} are allowed"
        )
        yield _finding(job, "parameters", message)


def _triggers(job: JobDefinition) -> Iterator[Finding]:
    extra = [field for field in TRIGGER_FIELDS if field in json.loads(job.settings.databricks)]
    if len(extra) + (job.settings.schedule is not None) > 1:
        yield _finding(job, "triggers", f"job '{job.name}' has more than one of {', '.join(TRIGGER_FIELDS)}")


def _computes(job: JobDefinition) -> Iterator[Finding]:
    for task in job.dag.tasks:
        fields = json.loads(task.settings.databricks)
        named = [field for field in COMPUTE_FIELDS if field in fields]
        given = [*(["compute"] if task.settings.compute else []), *named]
        if len(given) > 1:
            message = f"task '{task.key}' names more than one compute: {', '.join(given)}"
            yield _finding(job, "two-computes", message, task=task, hint="Leave all but one out.")
        compute = task.settings.compute or job.settings.compute or Serverless()
        if isinstance(compute, Serverless) and not named and "libraries" in fields:
            hint = "On serverless the wheels belong to the environment; leave `libraries` out."
            message = f"task '{task.key}' has libraries on serverless compute"
            yield _finding(job, "serverless-libraries", message, task=task, hint=hint)


def _resources(job: JobDefinition) -> Iterator[Finding]:
    """Tasks that are bound to what no Databricks job can start."""
    for task in job.dag.tasks:
        if task.settings.resource is not None and task.settings.resource.is_foreign:
            message = f"task '{task.key}' runs on {task.settings.resource}, which a Databricks job cannot start"
            hint = (
                "Bind it to provider.cluster(DatabricksConfig(…)) or to provider.local(), or make it a plain @task.\n"
                "A @pipeline is not deployed, and may use any resource."
            )
            yield _finding(job, "foreign-resource", message, task=task, hint=hint)


def _runtimes(job: JobDefinition) -> Iterator[Finding]:
    """Versions that this release does not know: perhaps newer than it, perhaps misspelt."""
    computes = {task.settings.compute or job.settings.compute: task for task in reversed(job.dag.tasks)}
    for compute, task in reversed(computes.items()):
        if not isinstance(compute, (JobCluster, Serverless)) or compute.python:
            continue
        if isinstance(compute, Serverless):
            what, version, known = "serverless environment version", compute.environment_version, PYTHON_OF_ENVIRONMENT
        else:
            what, version, known = "runtime", compute.spark_version, PYTHON_OF_RUNTIME
        if "${" not in version:
            message = f"this release does not know the {what} '{version}'; it knows {', '.join(known)}"
            location = task.location if task.settings.compute else job.location
            yield Finding(code="unknown-runtime", severity="warning", message=message, location=location)


def _clusters(job: JobDefinition) -> Iterator[Finding]:
    clusters: dict[str, JobCluster] = {}
    for task in job.dag.tasks:
        compute = task.settings.compute or job.settings.compute
        if isinstance(compute, JobCluster) and clusters.setdefault(compute.name, compute) != compute:
            message = f"two different job clusters are called '{compute.name}'"
            yield _finding(job, "cluster-name", message, task=task, hint="Give one of them another name=.")


def _functions(job: JobDefinition) -> Iterator[Finding]:
    """Tasks that their own processes could not find: those defined inside a function that is not their job's body."""
    for task in job.dag.tasks:
        if job.function is not None and task.function.body is not None and not task.function.is_inside(job.function):
            message = f"task '{task.key}' is defined inside the function '{task.function.body}'"
            hint = "Define it at the top of a module, or inside the body of its job: its process looks for it there."
            yield _finding(job, "hidden-task", message, task=task, hint=hint)


def _alerts(job: JobDefinition) -> Iterator[Finding]:
    """Tasks that wait for a failure and keep silent about one: `model.alerts`."""
    for silence in silent_alerts(job.dag):
        task = job.dag.task(silence.alert)
        rule, missed = task.settings.run_if, _listed(silence.failures, "and" if silence.together else "or")
        fails, skipped = "fail" if silence.together else "fails", _listed(silence.skipped, "and")
        does = "does" if len(silence.skipped) == 1 else "do"
        yield Finding(
            code="silent-alert",
            severity="warning",
            message=f"task '{task.key}' (run_if={rule!r}) keeps silent when {missed} {fails}: "
            f"{skipped} {does} not run then, which is no failure to watch",
            location=task.location or job.location,
            hint=_louder(silence, rule),
        )


def _cleanups(job: JobDefinition) -> Iterator[Finding]:
    """Tasks that are to run in any case and do not: `model.alerts`."""
    for key in skipped_cleanups(job.dag):
        task = job.dag.task(key)
        message = f"task '{key}' (run_if='all_done') does not run when nothing fails: all that it waits for is excluded"
        hint = "Let it wait for a task that runs in any case, too: `.after(…)`."
        location = task.location or job.location
        yield Finding(code="skipped-cleanup", severity="warning", message=message, location=location, hint=hint)


def _louder(silence: Silence, rule: str) -> str:
    watched = _listed(silence.failures, "and")
    if rule == "one_failed":
        return f"Let it wait for {watched} too: `.after(…)`."
    return f"Let it wait for {watched} with run_if='one_failed'."


def _listed(keys: Sequence[str], word: str) -> str:
    """Keys in words; of many the first ones.

    >>> _listed(["load"], "or"), _listed(["load", "clean", "join"], "or")
    ("'load'", "'load', 'clean' or 'join'")
    >>> _listed(["a", "b", "c", "d", "e", "f"], "or")
    "'a', 'b', 'c' or 3 more tasks above it"
    """
    shown = [f"'{key}'" for key in keys]
    if len(shown) > _LISTED + 1:
        shown = [*shown[:_LISTED], f"{len(shown) - _LISTED} more tasks above it"]
    return f" {word} ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)


def _finding(job: JobDefinition, code: str, message: str, *, task: Task | None = None, hint: str = "") -> Finding:
    location = (task.location if task else None) or job.location
    return Finding(code=code, message=message, location=location, hint=hint)
