"""`targets.yml`: read for what our commands need, judged where a deployment would fail; the rest is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lakewright.errors.base import Location
from lakewright.errors.project import ProjectError, UsageError
from lakewright.io.local import PROJECT_FILE
from lakewright.model.diagnostics import Finding
from lakewright.text.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from lakewright.model.diagnostics import Severity

PLACEHOLDER: Final = "CHANGE-ME"
# Databricks' bundle schema; what is no near miss of these may be newer than this release, and is left alone.
_KNOWN_OF_TARGET: Final = frozenset(
    [
        "artifacts",
        "bundle",
        "cluster_id",
        "compute_id",
        "default",
        "git",
        "mode",
        "permissions",
        "presets",
        "resources",
        "run_as",
        "sync",
        "variables",
        "workspace",
    ]
)
_KNOWN_OF_WORKSPACE: Final = frozenset(
    [
        "account_id",
        "artifact_path",
        "auth_type",
        "azure_client_id",
        "azure_environment",
        "azure_login_app_id",
        "azure_tenant_id",
        "azure_use_msi",
        "azure_workspace_resource_id",
        "client_id",
        "file_path",
        "google_service_account",
        "host",
        "profile",
        "resource_path",
        "root_path",
        "state_path",
        "workspace_id",
    ]
)
NEEDED_VARIABLES: Final = ("catalog", "schema", "volume", "data")


class Variable(BaseModel):
    """A bundle variable; without a default every target must give it a value."""

    model_config = ConfigDict(extra="allow")

    default: Any = None


class Workspace(BaseModel):
    """Where a target lies."""

    model_config = ConfigDict(extra="allow")

    host: str | None = None
    profile: str | None = None
    root_path: str | None = None


class Target(BaseModel):
    """One environment."""

    model_config = ConfigDict(extra="allow")

    mode: Literal["development", "production"] | None = None
    default: bool = False
    workspace: Workspace = Field(default_factory=Workspace)
    run_as: dict[str, str] | None = None
    variables: dict[str, Any] = Field(default_factory=dict)

    @property
    def is_development(self) -> bool:
        """Whether it is somebody's own copy."""
        return self.mode == "development"


class Targets(BaseModel):
    """The whole file; the order of `targets` is the order of promotion."""

    model_config = ConfigDict(extra="allow")

    variables: dict[str, Variable | None] = Field(default_factory=dict)
    workspace: Workspace = Field(default_factory=Workspace)
    targets: dict[str, Target] = Field(min_length=1)

    def target(self, name: str) -> Target:
        """One target.

        Raises:
            UsageError: there is none of this name.
        """
        if name not in self.targets:
            raise UsageError(f"{PROJECT_FILE} has no target '{name}'{did_you_mean(name, self.targets)}")
        return self.targets[name]


def read_targets(root: Path) -> tuple[Targets, Mapping[str, int]]:
    """The targets of a repository, and the line of each key (`targets.prod.workspace.host`).

    Raises:
        ProjectError: the file is missing, no YAML, or not of Databricks' form; the error names file, line and key.
    """
    file = root / PROJECT_FILE
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ProjectError(f"there is no {PROJECT_FILE} in {root}") from error
    try:
        lines = dict(_lines(yaml.compose(text, yaml.SafeLoader)))
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ProjectError(f"this is not YAML: {error.problem}", location=Location(PROJECT_FILE, line)) from error
    try:
        return Targets.model_validate(content or {}), lines
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ProjectError(f"{key}: {first['msg']}", location=Location(PROJECT_FILE, _line(lines, key))) from error


def deployable_target(root: Path, name: str) -> Target:
    """A target that a deployment can go to.

    Raises:
        UsageError: there is none of this name.
        ProjectError: the file is missing or wrong, or says nothing that would work about this target.
    """
    targets, lines = read_targets(root)
    target = targets.target(name)
    wrong = [found for found in findings(targets, lines, names=[name]) if found.severity == "error"]
    if wrong:
        first, *others = wrong
        hint = "\n".join(filter(None, (first.hint, *map(str, others))))
        raise ProjectError(first.message, location=first.location, hint=hint)
    return target


def findings(
    targets: Targets, lines: Mapping[str, int], *, names: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """What would keep a deployment from working, at its line; of all targets, or of these."""

    def finding(code: str, key: str, message: str, *, hint: str = "", severity: Severity = "error") -> Finding:
        place = Location(PROJECT_FILE, _line(lines, key))
        return Finding(code=code, message=message, severity=severity, location=place, hint=hint)

    def of_target(name: str, target: Target) -> Iterator[Finding]:
        key = f"targets.{name}"
        for misspelt, meant in _misspelt(key, target):
            yield finding("unknown-key", misspelt, f"Databricks does not know {misspelt}{meant}", severity="warning")
        if not any((target.workspace.host, target.workspace.profile, targets.workspace.host)):
            message = f"{key} has no workspace.host"
            yield finding("missing-host", key, message, hint="Say which workspace it is: workspace: {host: https://…}.")
        if PLACEHOLDER in (target.workspace.host or ""):
            message = f'{key}.workspace.host is still the placeholder "{target.workspace.host}"'
            yield finding(
                "placeholder-host", f"{key}.workspace.host", message, hint="Put the workspace's address there."
            )
        if target.mode == "production" and not (target.workspace.root_path or target.run_as):
            message = f"{key} is in production mode and has neither workspace.root_path nor run_as"
            yield finding(
                "production-root",
                key,
                message,
                hint="Each principal would deploy a copy of its own; give it a root_path.",
            )
        for variable in missing_variables(targets, target):
            message = f"{key}.variables has no value for '{variable}', and the variable has no default"
            yield finding("missing-variable", f"{key}.variables", message)

    undeclared = [name for name in NEEDED_VARIABLES if name not in targets.variables]
    return (
        *(
            finding("missing-variable", "variables", f"variables does not declare '{name}', which every job needs")
            for name in undeclared
        ),
        *(
            found
            for name, target in targets.targets.items()
            if names is None or name in names
            for found in of_target(name, target)
        ),
    )


def _misspelt(key: str, target: Target) -> Iterator[tuple[str, str]]:
    """Keys of a target that are near misses of Databricks' own, and what was probably meant."""
    given = (
        (key, target.model_extra, _KNOWN_OF_TARGET),
        (f"{key}.workspace", target.workspace.model_extra, _KNOWN_OF_WORKSPACE),
    )
    for above, extra, known in given:
        for name in extra or ():
            meant = "" if name in known else did_you_mean(name, known)
            if "did you mean" in meant:
                yield f"{above}.{name}", meant


def missing_variables(targets: Targets, target: Target) -> list[str]:
    """Variables that have neither a default nor a value in the target."""
    open_ones = [name for name, variable in targets.variables.items() if variable is None or variable.default is None]
    return [name for name in open_ones if name not in target.variables]


def _line(lines: Mapping[str, int], key: str) -> int:
    """The line of a key, or of the nearest key above it."""
    while key and key not in lines:
        key = key.rpartition(".")[0]
    return lines.get(key, 1)


def _lines(node: yaml.Node | None, prefix: str = "") -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = f"{prefix}{key.value}"
            yield name, key.start_mark.line + 1
            yield from _lines(value, f"{name}.")
