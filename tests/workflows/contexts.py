"""Which contexts and functions an expression may use where: GitHub's table of context availability."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.workflows.evaluation import FUNCTIONS, STATUS, Function, Known, Scope, Value
from tests.workflows.hub import Event, Hub

_OF_JOB: Final = frozenset(["github", "inputs", "needs", "vars"])
_OF_MATRIX: Final = _OF_JOB | {"matrix", "strategy"}
_OF_STEP: Final = _OF_MATRIX | {"env", "job", "runner", "secrets", "steps"}
AVAILABLE: Final[Mapping[str, frozenset[str]]] = {
    "concurrency": frozenset(["github", "inputs", "vars"]),
    "env": frozenset(["github", "inputs", "secrets", "vars"]),
    "job.concurrency": _OF_MATRIX,
    "job.env": _OF_MATRIX | {"secrets"},
    "job.environment": _OF_MATRIX,
    "job.if": _OF_JOB,
    "job.name": _OF_MATRIX,
    "job.outputs": _OF_STEP,
    "job.strategy": _OF_JOB,
    "job.with": _OF_MATRIX,
    "step": _OF_STEP,
    "step.if": _OF_STEP - {"secrets"},
    "workflow_call.outputs": frozenset(["github", "inputs", "jobs", "vars"]),
}
_ASKS_STATUS: Final = frozenset(["job.if", "step.if"])
_HASHES: Final = frozenset(["step", "step.if"])


def scope(
    place: str,
    contexts: Mapping[str, Value],
    *,
    status: Mapping[str, Function] | None = None,
    hash_files: Callable[..., str] | None = None,
) -> Scope:
    """What an expression sees at a place, of all that there is."""
    functions = dict(FUNCTIONS)
    if place in _ASKS_STATUS and status is not None:
        assert status.keys() == STATUS
        functions.update(status)
    if place in _HASHES and hash_files is not None:
        functions["hashfiles"] = hash_files
    return Scope(
        contexts={name: value for name, value in contexts.items() if name in AVAILABLE[place]}, functions=functions
    )


def github_context(hub: Hub, event: Event, *, workflow: str, run: int) -> Known:
    """The context `github` of a run, without what belongs to one job."""
    pull_request: Mapping[str, Any] = event.payload.get("pull_request", {})
    return Known(
        {
            "actor": event.actor,
            "api_url": hub.api_url,
            "base_ref": pull_request["base"]["ref"] if pull_request else "",
            "event": event.payload,
            "event_name": event.name,
            "head_ref": pull_request["head"]["ref"] if pull_request else "",
            "ref": event.ref,
            "ref_name": event.ref.split("/", 2)[2],
            "repository": hub.name,
            "repository_owner": hub.name.partition("/")[0],
            "run_attempt": "1",
            "run_id": str(run),
            "run_number": str(run),
            "server_url": "https://github.com",
            "sha": event.sha,
            "triggering_actor": event.actor,
            "workflow": workflow,
        }
    )


def variables(context: Mapping[str, Value]) -> dict[str, str]:
    """The environment variables that say what the context `github` says."""
    return {f"GITHUB_{name.upper()}": value for name, value in context.items() if isinstance(value, str)}
