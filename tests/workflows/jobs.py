"""One job of a workflow: its condition, its matrix, its rights, and the steps of each combination."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.workflows.concurrency import Turn
from tests.workflows.contexts import scope, variables
from tests.workflows.evaluation import Known, Scope, Value, to_text
from tests.workflows.hub import READ, Environment, Event, Hub
from tests.workflows.machine import Machine
from tests.workflows.results import JobRun, Result
from tests.workflows.steps import Work, WorkflowError, run_step

KEYS: Final = frozenset(
    [
        *("concurrency", "defaults", "env", "environment", "if", "name", "needs", "outputs", "permissions", "runs-on"),
        *("steps", "strategy", "timeout-minutes"),
    ]
)
# "A matrix will generate a maximum of 256 jobs per workflow run": GitHub, Running variations of jobs in a workflow.
MOST_JOBS: Final = 256
STRATEGY: Final = frozenset(["fail-fast", "matrix", "max-parallel"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all jobs of a workflow share.

    Attributes:
        environment: the `env:` of the workflow.
        turn: the run, which may be cancelled.
        ceiling: the permissions of a job that called this workflow; none of its jobs may have more.
    """

    hub: Hub
    turn: Turn
    machine: Machine
    event: Event
    run: int
    github: Known
    inputs: Mapping[str, Value]
    environment: Mapping[str, str]
    shell: str
    ceiling: Mapping[str, str] | None = None

    def contexts(self, **more: Value) -> dict[str, Value]:
        """What expressions outside of steps can see."""
        return {"github": self.github, "inputs": Known(self.inputs), "vars": dict(self.hub.variables), **more}


def combinations(job: Mapping[str, Any], scope: Scope) -> list[dict[str, Value]]:
    """The combinations of a job's matrix; one that is empty where there is none."""
    strategy = job.get("strategy", {})
    if unknown := strategy.keys() - STRATEGY:
        raise WorkflowError(f"nothing is known of the keys {sorted(unknown)} of a strategy")
    matrix = strategy.get("matrix", {})
    axes = scope.interpolate(matrix) if isinstance(matrix, str) else dict(matrix)
    if {"exclude", "include"} & axes.keys():
        raise WorkflowError("nothing is known here of include and exclude")
    values = {name: scope.interpolate(axis) if isinstance(axis, str) else list(axis) for name, axis in axes.items()}
    for name, axis in values.items():
        if not isinstance(axis, list) or not axis:
            raise WorkflowError(f"Matrix vector '{name}' does not contain any values")
    found = [dict(zip(values, each, strict=True)) for each in itertools.product(*values.values())]
    if len(found) > MOST_JOBS:
        raise WorkflowError(f"The strategy produced {len(found)} jobs, more than {MOST_JOBS}")
    return found


def permissions(setting: Setting, job: Mapping[str, Any]) -> dict[str, str]:
    """What the token of a job may do.

    Raises:
        WorkflowError: the job states nothing, or wants more than the job that called its workflow has.
    """
    wanted = job.get("permissions")
    if not isinstance(wanted, Mapping):
        raise WorkflowError("a job states no permissions of its own")
    if setting.event.is_untrusted:
        return {name: READ for name in wanted if name != "id-token"}
    for name, level in wanted.items():
        if setting.ceiling is not None and setting.ceiling.get(name) not in {level, "write"}:
            raise WorkflowError(f"a called workflow wants {name}: {level}, and who calls it has not")
    return dict(wanted)


def run_combinations(
    setting: Setting, path: str, job: Mapping[str, Any], *, needs: Known, survives: bool
) -> Iterator[JobRun]:
    """Run a job for each combination of its matrix; after a failure the rest is cancelled, unless told otherwise."""
    if unknown := job.keys() - KEYS:
        raise WorkflowError(f"job '{path}' has the unknown keys {sorted(unknown)}")
    each = combinations(job, scope("job.strategy", setting.contexts(needs=needs)))
    stops = job.get("strategy", {}).get("fail-fast", "true") == "true"
    failed = False
    for matrix in each:
        if failed and stops:
            yield JobRun(path=path, result="cancelled", matrix=matrix, why="another combination failed")
            continue
        turn = Turn(who=f"{setting.run} {path}", above=setting.turn, survives=survives)
        ended = run_one(setting, path, job, contexts=setting.contexts(needs=needs, matrix=Known(matrix)), turn=turn)
        failed |= ended.result == "failure"
        yield replace(ended, matrix=matrix)


def run_one(setting: Setting, path: str, job: Mapping[str, Any], *, contexts: dict[str, Value], turn: Turn) -> JobRun:
    """Run the steps of a job, if its environment lets it, once it is its turn."""
    grants = permissions(setting, job)
    name = _environment_name(job, scope("job.environment", contexts))
    begun = JobRun(
        path=path,
        result="failure",
        permissions=grants,
        environment=name,
        concurrency=concurrency(job.get("concurrency"), scope("job.concurrency", contexts)),
    )
    environment = _visible(setting, name)
    if refusal := _refusal(setting, name, environment):
        return replace(begun, why=refusal)
    contexts = {**contexts, "vars": {**setting.hub.variables, **environment.vars}}
    with setting.hub.groups.turn(begun.concurrency, turn) as begins:
        if not begins:
            return replace(begun, result="cancelled", why="it was cancelled before its turn")
        setting.machine.begin()
        return _work(_begin(setting, job, begun, contexts=contexts, turn=turn), job, begun)


def _work(work: Work, job: Mapping[str, Any], begun: JobRun) -> JobRun:
    steps = tuple(run_step(work, step) for step in job["steps"])
    outputs = {name: work.scope("job.outputs").text(text) for name, text in job.get("outputs", {}).items()}
    ended: Result = "cancelled" if work.turn.is_cancelled else "failure" if work.failed else "success"
    return replace(begun, result=ended, steps=steps, outputs=outputs, summary=work.summary)


def _begin(setting: Setting, job: Mapping[str, Any], begun: JobRun, *, contexts: dict[str, Value], turn: Turn) -> Work:
    grants = begun.permissions
    token = setting.hub.token(grants)
    github = Known({**setting.github, "token": token, "workspace": str(setting.machine.workspace)})
    contexts = {**contexts, "github": github, "secrets": {"GITHUB_TOKEN": token}, "steps": Known()}
    contexts |= {"runner": Known({"os": "Linux", "temp": str(setting.machine.folder / "temp")})}
    given = scope("job.env", contexts)
    own = {name: given.text(text) for name, text in job.get("env", {}).items()}
    facts = {name: value for name, value in variables(github).items() if name != "GITHUB_TOKEN"}
    return Work(
        hub=setting.hub,
        machine=setting.machine,
        event=setting.event,
        run=setting.run,
        grants=grants,
        contexts=contexts,
        shell=job.get("defaults", {}).get("run", {}).get("shell", setting.shell),
        environment={**facts, **identity(setting, grants, environment=begun.environment), **setting.environment, **own},
        turn=turn,
    )


def identity(setting: Setting, grants: Mapping[str, str], *, environment: str | None) -> dict[str, str]:
    """Where a job gets a token that says who it is: nowhere, unless it may."""
    if grants.get("id-token") != "write":
        return {}
    request = f"id-{next(setting.hub.secrets)}"
    place = f"environment:{environment}" if environment else f"ref:{setting.event.ref}"
    setting.hub.identities[request] = f"repo:{setting.hub.name}:{place}"
    return {"ACTIONS_ID_TOKEN_REQUEST_TOKEN": request, "ACTIONS_ID_TOKEN_REQUEST_URL": setting.hub.identity_url}


def concurrency(written: Any, scope: Scope) -> dict[str, Value] | None:  # noqa: ANN401  a text or a mapping
    """The group that a job or a workflow joins, and what it does with who is there."""
    if written is None:
        return None
    settings = {"group": written} if isinstance(written, str) else dict(written)
    if unknown := settings.keys() - {"cancel-in-progress", "group", "queue"}:
        raise WorkflowError(f"nothing is known of the keys {sorted(unknown)} of concurrency")
    cancels = scope.interpolate(settings.get("cancel-in-progress", "false")) in {"true", True}
    queue = settings.get("queue", "single")
    if queue not in {"single", "max"} or (cancels and queue == "max"):
        raise WorkflowError(f"the queue '{queue}' is none, or cannot be had with cancel-in-progress")
    return {"group": scope.text(settings["group"]), "cancel-in-progress": cancels, "queue": queue}


def _environment_name(job: Mapping[str, Any], scope: Scope) -> str | None:
    written = job.get("environment")
    if written is None:
        return None
    name = scope.text(written["name"] if isinstance(written, Mapping) else written)
    if not name:
        raise WorkflowError(f"the environment '{written}' comes to nothing")
    return name


def _visible(setting: Setting, name: str | None) -> Environment:
    """The environment of a job; a stranger's run sees nothing of it."""
    found = setting.hub.environments.get(name or "", Environment())
    return replace(found, vars={}) if setting.event.is_untrusted else found


def _refusal(setting: Setting, name: str | None, environment: Environment) -> str:
    """Why an environment keeps a job from running; empty when it does not."""
    branch = setting.event.ref.removeprefix("refs/heads/")
    if environment.branches is not None and branch not in environment.branches:
        return f"Branch '{branch}' is not allowed to deploy to {name} due to environment protection rules."
    return "" if environment.approved else f"The deployment to {name} was rejected."


def check_inputs(declared: Mapping[str, Any], given: Mapping[str, Value]) -> dict[str, Value]:
    """The inputs of a called or dispatched workflow, defaults included.

    Raises:
        WorkflowError: one is unknown, missing or of another type than declared.
    """
    if unknown := given.keys() - declared.keys():
        raise WorkflowError(f"the workflow knows no inputs {sorted(unknown)}")
    return {name: _input(name, declaration, given) for name, declaration in declared.items()}


def _input(name: str, declaration: Mapping[str, Any], given: Mapping[str, Value]) -> Value:
    kind, value = declaration.get("type", "string"), given.get(name, declaration.get("default"))
    if name not in given and declaration.get("required") == "true":
        raise WorkflowError(f"the input '{name}' is missing")
    if kind == "boolean":
        if to_text(value) not in {"", "true", "false"}:
            raise WorkflowError(f"the input '{name}' is {value!r}, and no boolean")
        return to_text(value) == "true"
    if kind == "choice" and value not in declaration["options"]:
        raise WorkflowError(f"the input '{name}' is {value!r}, and none of {declaration['options']}")
    return to_text(value)
