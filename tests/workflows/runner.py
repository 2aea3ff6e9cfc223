"""Runs a workflow of a repository for an event, as GitHub would, on this machine."""

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any, Final

from tests.workflows.concurrency import Turn
from tests.workflows.contexts import github_context, scope
from tests.workflows.evaluation import Function, Known, Scope, Value
from tests.workflows.expressions import ExpressionError
from tests.workflows.hub import Event, Hub
from tests.workflows.jobs import Setting, check_inputs, concurrency, permissions, run_combinations
from tests.workflows.machine import Machine
from tests.workflows.results import JobRun, Result, WorkflowRun, worst
from tests.workflows.rules import OWN_WORKFLOWS, Workflow
from tests.workflows.steps import WorkflowError

KEYS: Final = frozenset(["concurrency", "defaults", "env", "jobs", "name", "on", "permissions"])
CALLING_KEYS: Final = frozenset(["concurrency", "if", "name", "needs", "permissions", "uses", "with"])


def run_workflow(hub: Hub, machine: Machine, event: Event, *, file: str) -> WorkflowRun:
    """What becomes of a workflow when an event sets it off.

    Raises:
        WorkflowError: the event does not set it off, or GitHub would refuse the workflow.
    """
    workflow = _read(hub, event, file)
    settings = _trigger(workflow, event)
    run = next(hub.numbers)
    github = github_context(hub, event, workflow=workflow.document["name"], run=run)
    turn = Turn(who=str(run))
    setting = Setting(
        hub=hub,
        turn=turn,
        machine=machine,
        event=event,
        run=run,
        github=github,
        inputs=_inputs(workflow, event, settings),
        **_shared(workflow, scope("env", {"github": github, "vars": hub.variables})),
    )
    group = concurrency(workflow.document.get("concurrency"), scope("concurrency", setting.contexts()))
    with hub.groups.turn(group, turn) as begins:
        jobs = tuple(job for _, runs in _jobs(setting, workflow, "") for job in runs) if begins else ()
    result: Result = "cancelled" if turn.is_cancelled else worst([job.result for job in jobs])
    return WorkflowRun(file=file, result=result, jobs=jobs, concurrency=group)


def _read(hub: Hub, event: Event, file: str) -> Workflow:
    """The workflow as it is in the commit of the event."""
    workflow = Workflow.parse(hub.git("show", f"{event.sha}:.github/workflows/{file}"))
    if unknown := workflow.document.keys() - KEYS:
        raise WorkflowError(f"{file} has the unknown keys {sorted(unknown)}")
    return workflow


def _trigger(workflow: Workflow, event: Event) -> Mapping[str, Any] | None:
    """The settings of the trigger that an event meets."""
    triggers = workflow.document["on"]
    if event.name not in triggers:
        raise WorkflowError(f"'{event.name}' does not set off '{workflow.document['name']}'")
    settings = triggers[event.name] if isinstance(triggers, Mapping) else None
    if not settings:
        return None
    if event.name == "schedule":
        if event.payload["schedule"] not in [each["cron"] for each in settings]:
            raise WorkflowError(f"there is no schedule '{event.payload['schedule']}'")
        return None
    if branches := settings.get("branches"):
        ref = event.payload["pull_request"]["base"]["ref"] if "pull_request" in event.payload else event.ref
        if ref.removeprefix("refs/heads/") not in branches:
            raise WorkflowError(f"a push to '{ref}' does not set off '{workflow.document['name']}'")
    found: Mapping[str, Any] = settings
    return found


def _inputs(workflow: Workflow, event: Event, settings: Mapping[str, Any] | None) -> dict[str, Value]:
    """What was typed in; null, but known, where the workflow was set off otherwise."""
    triggers = workflow.document["on"]
    by_hand = triggers.get("workflow_dispatch") if isinstance(triggers, Mapping) else None
    unasked = dict.fromkeys((by_hand or {}).get("inputs", {}))
    return {**unasked, **check_inputs((settings or {}).get("inputs", {}), event.inputs)}


def _shared(workflow: Workflow, scope: Scope) -> dict[str, Any]:
    document = workflow.document
    return {
        "environment": {name: scope.text(value) for name, value in document.get("env", {}).items()},
        "shell": document.get("defaults", {}).get("run", {}).get("shell", ""),
    }


def _jobs(setting: Setting, workflow: Workflow, prefix: str) -> Iterator[tuple[str, tuple[JobRun, ...]]]:
    """Each job with its runs, those that others need first."""
    needs = {key: _needs(job) for key, job in workflow.jobs.items()}
    ended: dict[str, Known] = {}
    for key in TopologicalSorter(needs).static_order():
        runs = _run_job(setting, workflow.jobs[key], f"{prefix}{key}", needs=needs, ended=ended)
        own = [run for run in runs if run.path == f"{prefix}{key}"]
        outputs = {name: text for run in own for name, text in run.outputs.items() if text}
        declared = dict.fromkeys(workflow.jobs[key].get("outputs", {}), "")
        ended[key] = Known({"result": worst([run.result for run in runs]), "outputs": Known({**declared, **outputs})})
        yield key, runs


def _needs(job: Mapping[str, Any]) -> tuple[str, ...]:
    written = job.get("needs", ())
    return (written,) if isinstance(written, str) else tuple(written)


def _run_job(
    setting: Setting,
    job: Mapping[str, Any],
    path: str,
    *,
    needs: Mapping[str, tuple[str, ...]],
    ended: Mapping[str, Known],
) -> tuple[JobRun, ...]:
    key = path.rpartition(" / ")[2]
    visible = Known({need: ended[need] for need in needs[key]})

    def holds(*, is_cancelled: bool) -> bool:
        status = _status(key, needs, ended, is_cancelled=is_cancelled)
        found = scope("job.if", setting.contexts(needs=visible), status=status)
        return found.holds(job.get("if", "success()"))

    try:
        is_cancelled = setting.turn.is_cancelled
        if not holds(is_cancelled=is_cancelled):
            why = "its run was cancelled" if is_cancelled else "its condition does not hold"
            return (JobRun(path=path, result="cancelled" if is_cancelled else "skipped", why=why),)
        if "uses" in job:
            return tuple(_call(setting, job, path, needs=visible))
        return tuple(run_combinations(setting, path, job, needs=visible, survives=holds(is_cancelled=True)))
    except (ExpressionError, WorkflowError) as error:
        raise WorkflowError(f"job '{path}': {error}") from error


def _status(
    key: str, needs: Mapping[str, tuple[str, ...]], ended: Mapping[str, Known], *, is_cancelled: bool
) -> Mapping[str, Function]:
    """The functions that ask about the jobs above: one that was skipped keeps even those far below from success."""
    above: set[str] = set()
    open_ones = list(needs[key])
    while open_ones:
        each = open_ones.pop()
        above.add(each)
        open_ones.extend(needs[each])
    results: set[Result] = {ended[each]["result"] for each in above}
    return {
        "always": lambda: True,
        "cancelled": lambda: is_cancelled,
        "failure": lambda: "failure" in results,
        "success": lambda: results <= {"success"} and not is_cancelled,
    }


def _call(setting: Setting, job: Mapping[str, Any], path: str, *, needs: Known) -> Iterator[JobRun]:
    """Run the jobs of a workflow of this repository that a job calls."""
    if unknown := job.keys() - CALLING_KEYS:
        raise WorkflowError(f"a job that calls a workflow has the keys {sorted(unknown)}")
    if not job["uses"].startswith(OWN_WORKFLOWS):
        raise WorkflowError(f"nothing is known of the workflow '{job['uses']}'")
    workflow = _read(setting.hub, setting.event, job["uses"].removeprefix(OWN_WORKFLOWS))
    if "workflow_call" not in workflow.document["on"]:
        raise WorkflowError(f"'{job['uses']}' cannot be called")
    declared = (workflow.document["on"]["workflow_call"] or {}).get("inputs", {})
    given = scope("job.with", setting.contexts(needs=needs))
    values: dict[str, Value] = {name: given.interpolate(text) for name, text in job.get("with", {}).items()}
    inner = Setting(
        hub=setting.hub,
        turn=setting.turn,
        machine=setting.machine,
        event=setting.event,
        run=setting.run,
        github=setting.github,
        inputs=check_inputs(declared, values),
        ceiling=permissions(setting, job),
        **_shared(workflow, scope("env", {"github": setting.github})),
    )
    for _, runs in _jobs(inner, workflow, f"{path} / "):
        yield from runs
