"""What each command of the recording `databricks` does."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.recording.bundles import Bundle, RefusedError, merged, read_bundle
from tests.recording.flags import Parsed
from tests.recording.workspace import ASKED_FOR, PLAN_VERSION, Workspace, applied, job_id, plan


@dataclass(frozen=True)
class Told:
    """How the executable is to behave, and where bundles are deployed to."""

    settings: Mapping[str, Any]
    workspace: Workspace

    @property
    def version(self) -> str:
        return str(self.settings["version"])


def execute(told: Told, parsed: Parsed) -> int:
    """Carry out one call; the exit code.

    Raises:
        RefusedError: it fails as the real one would.
    """
    if parsed.command == ("version",):
        _say(f"Databricks CLI v{told.version}")
        return 0
    verb = parsed.command[1]
    target = _target(parsed)
    for rule in told.settings.get("failures", []):
        if rule["verb"] == verb and rule["target"] in {"", target} and rule["pipeline"] in {"", Path.cwd().name}:
            sys.stderr.write(rule["says"])
            return int(rule["code"])
    _check_version(told)
    _VERBS[verb](told, parsed, read_bundle(Path.cwd(), target, builds=not parsed.has("--plan")))
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _target(parsed: Parsed) -> str:
    """The target that is named, or the one that is marked as default."""
    named = parsed.value("--target")
    targets = merged(Path.cwd())["targets"]
    default = next((name for name, each in targets.items() if each.get("default")), next(iter(targets)))
    if (named or default) not in targets:
        message = f"{named}: no such target. Available targets: {', '.join(sorted(targets))}"
        raise RefusedError(message)
    return named or default


def _check_version(told: Told) -> None:
    wanted = merged(Path.cwd())["bundle"].get("databricks_cli_version")
    if wanted and wanted.removeprefix("==").strip() != told.version:
        message = f"Databricks CLI version constraint not satisfied. Required: {wanted}, current: {told.version}"
        raise RefusedError(message)


def _planned(told: Told, parsed: Parsed, bundle: Bundle) -> dict[str, Any]:
    deployed = told.workspace.read(bundle.host, bundle.root)
    content = plan(dict(bundle.resources), deployed, version=told.version)
    chosen = {f"resources.{name if '.' in name else f'jobs.{name}'}" for name in parsed.values("--select")}
    if missing := chosen - content["plan"].keys():
        message = f"no such resource: {', '.join(sorted(missing))}"
        raise RefusedError(message)
    if chosen:
        entries = {key: entry for key, entry in content["plan"].items() if key in chosen}
        content = {**content, "plan": entries, "not_selected": len(content["plan"]) - len(entries)}
    return content


def _plan(told: Told, parsed: Parsed, bundle: Bundle) -> None:
    content = told.settings.get("plan") or _planned(told, parsed, bundle)
    if parsed.value("--output") == "json":
        _say(content if isinstance(content, str) else json.dumps(content, indent=2))
        return
    entries = {key.removeprefix("resources."): entry["action"] for key, entry in content["plan"].items()}
    for key, action in entries.items():
        if action != "skip":
            _say(f"{action} {key}")
    _say(f"\nPlan: {_counted(content)}")


def _counted(content: Mapping[str, Any], *, done: bool = False) -> str:
    actions = [entry["action"] for entry in content["plan"].values()]
    words = ("created", "changed", "deleted") if done else ("to add", "to change", "to delete")
    kinds = (("create", "recreate"), ("update",), ("delete", "recreate"))
    numbers = (sum(map(actions.count, each)) for each in kinds)
    told = ", ".join(f"{number} {word}" for number, word in zip(numbers, words, strict=True))
    return f"{told}, {actions.count('skip')} unchanged"


def _read_plan(told: Told, file: Path, bundle: Bundle) -> dict[str, Any]:
    """A plan that was saved: it must be of this version, and of the state as it is."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if content.get("plan_version") != PLAN_VERSION:
        message = f"plan version mismatch: plan has version {content.get('plan_version')}"
        raise RefusedError(message)
    deployed = told.workspace.read(bundle.host, bundle.root)
    serial = deployed.serial if deployed else 0
    if content.get("serial", 0) != serial:
        message = (
            f"plan serial {content.get('serial', 0)} does not match state serial {serial}; the state has been modified "
            "since the plan was created. Please run 'bundle plan' again"
        )
        raise RefusedError(message)
    return content


def _deploy(told: Told, parsed: Parsed, bundle: Bundle) -> None:
    saved = parsed.value("--plan")
    content = _read_plan(told, Path(saved), bundle) if saved else _planned(told, parsed, bundle)
    destructive = [
        key
        for key, entry in content["plan"].items()
        if entry["action"] in {"delete", "recreate"} and key.split(".")[1] in ASKED_FOR
    ]
    if destructive and not parsed.has("--auto-approve"):
        message = (
            "the deployment requires destructive actions, but the current console does not support prompting.\n"
            "To proceed, use --auto-approve after reviewing the plan above."
        )
        raise RefusedError(message)
    before = told.workspace.read(bundle.host, bundle.root)
    told.workspace.write(bundle.host, bundle.root, applied(content, before.state if before else {}))
    _say(f"Uploading bundle files to {bundle.root}/files...")
    _say(f"Resources: {_counted(content, done=True)}")


def _destroy(told: Told, parsed: Parsed, bundle: Bundle) -> None:
    if not parsed.has("--auto-approve"):
        message = "please specify --auto-approve to skip interactive confirmation checks for non tty consoles"
        raise RefusedError(message)
    deployed = told.workspace.read(bundle.host, bundle.root)
    if deployed is None:
        _say("No active deployment found to destroy!")
        return
    _say("The following resources will be deleted:")
    for key in deployed.state:
        _say(f"  delete resources.{key}")
    told.workspace.remove(bundle.host, bundle.root)
    _say(f"\nDestroy: {len(deployed.state)} deleted")


def _run(told: Told, parsed: Parsed, bundle: Bundle) -> None:
    if not parsed.words:
        message = "expected a KEY of the resource to run"
        raise RefusedError(message)
    key = parsed.words[0]
    deployed = told.workspace.read(bundle.host, bundle.root)
    if deployed is None or f"jobs.{key}" not in deployed.remote:
        message = "resource not found or not yet deployed. Did you forget to run 'databricks bundle deploy'?"
        raise RefusedError(message)
    _say(f'Run URL: {bundle.host}/jobs/1/runs/1\n\n"{key}" RUNNING\n"{key}" TERMINATED SUCCESS')


def _summary(told: Told, parsed: Parsed, bundle: Bundle) -> None:
    deployed = told.workspace.read(bundle.host, bundle.root)
    jobs = {key.removeprefix("jobs."): each for key, each in bundle.resources.items() if key.startswith("jobs.")}
    known = deployed.remote if deployed else {}
    if parsed.value("--output") == "json":
        summary = {key: {**job, **(_place(bundle, key) if f"jobs.{key}" in known else {})} for key, job in jobs.items()}
        _say(json.dumps({"bundle": {"target": bundle.target}, "resources": {"jobs": summary}}, indent=2))
        return
    _say(f"Name: {bundle.values.fill('${bundle.name}')}\nTarget: {bundle.target}")


def _place(bundle: Bundle, key: str) -> dict[str, str]:
    return {"id": str(job_id(key)), "url": f"{bundle.host}/jobs/{job_id(key)}"}


def _validate(told: Told, parsed: Parsed, bundle: Bundle) -> None:
    warnings = told.settings.get("warnings", [])
    for warning in warnings:
        _say(f"Warning: {warning}")
    _say(f"Name: {bundle.values.fill('${bundle.name}')}\nTarget: {bundle.target}\n\nValidation OK!")
    if warnings and parsed.has("--strict"):
        message = f"{len(warnings)} warning was found. Warnings are not allowed in strict mode"
        raise RefusedError(message)


_VERBS: Final[Mapping[str, Callable[[Told, Parsed, Bundle], None]]] = {
    "deploy": _deploy,
    "destroy": _destroy,
    "plan": _plan,
    "run": _run,
    "summary": _summary,
    "validate": _validate,
}
