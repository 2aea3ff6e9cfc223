"""What a deploy would do: the plan of the Databricks CLI, read and judged.

The form is that of its direct engine: `bundle/deployplan/plan.go` in https://github.com/databricks/cli.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lakewright.emulator.bundle import BundleReferenceError, BundleValues, bundle_values
from lakewright.errors.deploying import CliFailedError, MissingGrantError, PlanFormatError
from lakewright.project.bundle import configuration
from lakewright.project.bundle_cli import DENIED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lakewright.errors.base import LakewrightError
    from lakewright.project.bundle_cli import BundleCli
    from lakewright.project.records import Record
    from lakewright.project.repository import PipelineFolder

FORMAT: Final = "lakewright-plan/1"
_PLAN_VERSION: Final = 2
_UNCHANGED: Final = frozenset(["", "skip"])
_CHANGED: Final = frozenset(["update", "update_id", "resize", "create"])
_LOST: Final = frozenset(["delete", "recreate"])
_PREFIX: Final = "resources."


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field that differs: what the last deploy wrote, what is there now, and what would be."""

    path: str
    old: object = None
    remote: object = None
    new: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a deploy would do with one resource.

    Attributes:
        resource: as in `jobs.daily`.
        action: in the CLI's words: skip, create, update, update_id, resize, recreate, delete.
        changes: the fields that differ.
        is_gone: whether it is not there any more, so that only the record of it is deleted.
    """

    resource: str
    action: str
    changes: tuple[FieldChange, ...] = ()
    is_gone: bool = False

    @property
    def is_change(self) -> bool:
        """Whether anything would be done."""
        return self.action not in _UNCHANGED

    @property
    def is_loss(self) -> bool:
        """Whether something that is there would be deleted, with its runs, or with its data."""
        return self.action in _LOST and not self.is_gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a deploy would do with each resource of a bundle.

    Attributes:
        text: as the CLI wrote it, which it can carry out.
        is_first: whether the CLI has seen no deploy before.
    """

    actions: tuple[Action, ...]
    text: str = field(default="", repr=False)
    is_first: bool = False

    @property
    def changes(self) -> tuple[Action, ...]:
        """The actions that do something."""
        return tuple(action for action in self.actions if action.is_change)

    @property
    def losses(self) -> tuple[Action, ...]:
        """The actions that delete something."""
        return tuple(action for action in self.actions if action.is_loss)

    @property
    def jobs(self) -> tuple[str, ...]:
        """The keys of the jobs that are there after the deploy."""
        kept = (action.resource for action in self.actions if action.action != "delete")
        return tuple(name.removeprefix("jobs.") for name in kept if name.startswith("jobs.") and name.count(".") == 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelinePlan:
    """The plan of one pipeline, or why there is none.

    Attributes:
        recorded: the last deploy that is known of; None where none is.
    """

    pipeline: str
    recorded: Record | None = None
    plan: Plan | None = None
    error: LakewrightError | None = None

    def as_json(self) -> dict[str, object]:
        """What programs are told of it."""
        actions = self.plan.actions if self.plan else ()
        recorded = {"revision": self.recorded.revision, "digest": self.recorded.digest} if self.recorded else None
        return {
            "pipeline": self.pipeline,
            "recorded": recorded,
            "actions": [_action_json(action) for action in actions],
            "error": str(self.error) if self.error else None,
        }


def report(target: str, plans: tuple[PipelinePlan, ...]) -> dict[str, object]:
    """The plans of several pipelines, for programs."""
    return {"format": FORMAT, "target": target, "pipelines": [plan.as_json() for plan in plans]}


def _action_json(action: Action) -> dict[str, object]:
    changes = [{"field": each.path, "old": each.remote, "new": each.new} for each in action.changes]
    return {"resource": action.resource, "action": action.action, **({"changes": changes} if changes else {})}


def read_plan(text: str) -> Plan:
    """The plan that `databricks bundle plan --output json` has printed.

    Raises:
        PlanFormatError: it is none, or of a version that this release does not read.
    """
    try:
        content = json.loads(text)
        entries: Mapping[str, Mapping[str, Any]] = content.get("plan", {})
        actions = tuple(_action(name, entry) for name, entry in sorted(entries.items()))
    except (ValueError, AttributeError, TypeError) as error:
        raise PlanFormatError(f"this is no plan of the Databricks CLI: {text.strip()[:80] or 'nothing'!r}") from error
    _check_version(content)
    for action in actions:
        if action.action not in _UNCHANGED | _CHANGED | _LOST:
            raise _unknown(f"'{action.action}' of {action.resource}", content)
    return Plan(actions=actions, text=text, is_first=not content.get("lineage"))


def _check_version(content: Mapping[str, Any]) -> None:
    if content.get("plan_version") != _PLAN_VERSION:
        raise _unknown(f"plan version {content.get('plan_version')}", content)


def _unknown(what: str, content: Mapping[str, Any]) -> PlanFormatError:
    cli = content.get("cli_version", "of unknown version")
    return PlanFormatError(
        f"the plan has {what}, which this release of lakewright does not know; it comes from the Databricks CLI {cli}",
        hint="Use the CLI of the version that `lakewright doctor` names.",
    )


def _action(name: str, entry: Mapping[str, Any]) -> Action:
    return Action(
        resource=name.removeprefix(_PREFIX),
        action=entry.get("action", ""),
        changes=tuple(_field_changes(entry.get("changes") or {})),
        is_gone=bool(entry.get("gone") or entry.get("state_only")),
    )


def _field_changes(changes: Mapping[str, Mapping[str, Any]]) -> Iterator[FieldChange]:
    for path, change in sorted(changes.items()):
        if change.get("action") not in _UNCHANGED:
            yield FieldChange(path=path, old=change.get("old"), remote=change.get("remote"), new=change.get("new"))


def plan_pipeline(cli: BundleCli, folder: PipelineFolder, target: str, *, recorded: Record | None) -> Plan:
    """What a deploy of a pipeline would do; nothing is changed.

    Args:
        cli: asked for the plan.
        folder: the pipeline's.
        target: one of `targets.yml`.
        recorded: the last deploy that is known of.

    Raises:
        CliFailedError: the CLI fails.
        MissingGrantError: it may not see what is deployed.
        PlanFormatError: its answer is of an unknown form.
    """
    try:
        plan = read_plan(cli.answer(folder.path, "plan", "--output", "json", target=target))
    except CliFailedError as error:
        if DENIED.search(error.said):
            reason = next((line for line in error.said.splitlines() if DENIED.search(line)), "")
            raise MissingGrantError(folder.name, target, root=root_path(folder.path, target), why=reason) from error
        raise
    if recorded and plan.is_first and plan.changes and not _is_own_copy(folder.path, target):
        why = (
            f"it was deployed from {recorded.revision[:9]}, and yet everything would be created: that deploy is hidden"
        )
        raise MissingGrantError(folder.name, target, root=root_path(folder.path, target), why=why)
    return plan


def _is_own_copy(folder: Path, target: str) -> bool:
    """Whether everybody deploys a copy of their own: then nobody sees what others have deployed."""
    mode: str | None = configuration(folder, target)["bundle"]["mode"]
    return mode == "development"


def root_path(folder: Path, target: str) -> str:
    """The workspace folder that a pipeline is deployed into, as far as it can be told without the workspace."""
    settings = configuration(folder, target)
    try:
        return str(BundleValues(bundle_values(settings)).fill("${workspace.root_path}"))
    except BundleReferenceError:
        return str(settings["workspace"].get("root_path") or "the bundle's root path (set workspace.root_path)")
