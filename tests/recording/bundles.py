"""A bundle as the CLI reads it: files merged, wheels built, its Python run, references filled in."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lakewright.emulator.bundle import BundleReferenceError, BundleValues, bundle_values
from lakewright.errors.project import ProjectError
from lakewright.project.bundle import build, configuration


class RefusedError(Exception):
    """The call fails; the message goes to standard error."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A bundle, read for one target as the CLI reads it."""

    folder: Path
    target: str
    values: BundleValues
    resources: Mapping[str, Any]

    @property
    def host(self) -> str:
        return str(self.values.fill("${workspace.host}"))

    @property
    def root(self) -> str:
        return str(self.values.fill("${workspace.root_path}"))


def merged(folder: Path) -> dict[str, Any]:
    file = folder / "databricks.yml"
    if not file.is_file():
        message = "unable to locate bundle root: databricks.yml not found"
        raise RefusedError(message)
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    for name in content.get("include", ()):
        content.update(yaml.safe_load((folder / name).read_text(encoding="utf-8")))
    return content


def read_bundle(folder: Path, target: str, *, builds: bool = True) -> Bundle:
    """A bundle for one target: its files merged, its wheels built, its Python run, its references filled in."""
    content = merged(folder)
    settings = configuration(folder, target)
    user = os.environ.get("DATABRICKS_CLIENT_ID", "someone@example.com")
    workspace = {
        "root_path": f"/Workspace/Users/{user}/.bundle/${{bundle.name}}/${{bundle.target}}",
        "file_path": "${workspace.root_path}/files",
        "artifact_path": "${workspace.root_path}/artifacts",
        "state_path": "${workspace.root_path}/state",
        **(content.get("workspace") or {}),
        **settings["workspace"],
    }
    if builds:
        for artifact in (content.get("artifacts") or {}).values():
            subprocess.run(artifact["build"], shell=True, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S602  as the CLI does
    groups: dict[str, Any] = content.get("resources") or {}
    if settings["python"].get("resources"):
        groups = {**groups, **_of_python(folder, target)}
    values = BundleValues(bundle_values({**settings, "workspace": workspace}))
    flat = {f"{group}.{key}": each for group, content in groups.items() for key, each in content.items()}
    return Bundle(folder=folder, target=target, values=values, resources=_filled(flat, values))


def _of_python(folder: Path, target: str) -> dict[str, Any]:
    python = Path(shutil.which("python3") or sys.executable)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            built = json.loads(build(python, folder, target, scratch=Path(scratch)).configuration)
        except ProjectError as error:
            raise RefusedError(error.message) from error
    found: dict[str, Any] = built.get("resources", {})
    return found


def _filled(value: Any, values: BundleValues) -> Any:  # noqa: ANN401  JSON
    if isinstance(value, dict):
        return {key: _filled(part, values) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, values) for part in value]
    if isinstance(value, str) and value.startswith("${resources."):
        return value
    try:
        return values.fill(value)
    except BundleReferenceError as error:
        raise RefusedError(str(error)) from error
