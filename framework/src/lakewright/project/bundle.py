"""A pipeline's definitions as the Databricks CLI gets them: its configuration for a target, and the two build phases.

The contract is the CLI's own: it merges the bundle's files for one target into one JSON object and runs
`python -m databricks.bundles.build` twice in the bundle's folder.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from lakewright.errors.project import ProjectError
from lakewright.io.local import PIPELINE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PHASES: Final = ("load_resources", "apply_mutators")


@dataclass(frozen=True, kw_only=True)
class Built:
    """What the two phases gave: the configuration as text, the diagnostics and the locations, line by line."""

    configuration: str
    diagnostics: tuple[Mapping[str, Any], ...]
    locations: tuple[Mapping[str, Any], ...]

    @property
    def jobs(self) -> Mapping[str, Any]:
        """The job definitions by their key in the bundle."""
        resources: Mapping[str, Any] = json.loads(self.configuration).get("resources", {})
        jobs: Mapping[str, Any] = resources.get("jobs", {})
        return jobs


def configuration(folder: Path, target: str) -> dict[str, Any]:
    """The bundle's configuration for a target, as the CLI merges it from `databricks.yml` and what that includes.

    Raises:
        ProjectError: a file is missing or no YAML.
    """
    bundle = _yaml(folder / PIPELINE_FILE)
    for name in bundle.get("include", ()):
        bundle.update(_yaml(folder / name))
    chosen = bundle["targets"][target]
    declared = bundle.get("variables") or {}
    values = {name: {"value": (variable or {}).get("default")} for name, variable in declared.items()}
    values.update({name: {"value": value} for name, value in (chosen.get("variables") or {}).items()})
    return {
        "bundle": {**bundle["bundle"], "target": target, "mode": chosen.get("mode")},
        "python": bundle.get("python", {}),
        "variables": values,
        "workspace": {**(bundle.get("workspace") or {}), **(chosen.get("workspace") or {})},
        "artifacts": bundle.get("artifacts", {}),
    }


def _yaml(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ProjectError(f"{file} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise ProjectError(f"{file} is not a bundle's file: it holds no mapping")
    return content


def build(
    python: Path, folder: Path, target: str, *, scratch: Path, environment: Mapping[str, str] | None = None
) -> Built:
    """What both phases give, run as the CLI runs them.

    Args:
        python: the interpreter of the environment that the pipeline is installed in.
        folder: the pipeline's.
        target: one of `targets.yml`.
        scratch: an own folder for the files that the phases exchange.
        environment: variables of the two processes; by default this one's.

    Raises:
        ProjectError: a phase fails; the error holds its diagnostics.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    current = scratch / "input.json"
    current.write_text(json.dumps(configuration(folder, target)), encoding="utf-8")
    diagnostics: list[Mapping[str, Any]] = []
    locations: list[Mapping[str, Any]] = []
    for phase in PHASES:
        places = {name: scratch / f"{phase}-{name}" for name in ("output", "diagnostics", "locations")}
        options = (f"--phase={phase}", f"--input={current}", *(f"--{name}={path}" for name, path in places.items()))
        command = (str(python), "-m", "databricks.bundles.build", *options)
        ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
        said = tuple(_lines(places["diagnostics"]))
        if ended.returncode:
            raise ProjectError(f"'{folder.name}' does not build for '{target}':\n{_told(said) or ended.stderr}")
        diagnostics += said
        locations += _lines(places["locations"])
        current = places["output"]
    text = current.read_text(encoding="utf-8")
    return Built(configuration=text, diagnostics=tuple(diagnostics), locations=tuple(locations))


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    if path.exists():
        yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)


def _told(diagnostics: tuple[Mapping[str, Any], ...]) -> str:
    """The errors among diagnostics, each once, with its place and the way out."""
    texts = (_text(each) for each in diagnostics if each["severity"] == "error")
    return "\n".join(dict.fromkeys(texts))


def _text(diagnostic: Mapping[str, Any]) -> str:
    place = diagnostic.get("location")
    where = f"{place['file']}:{place['line']}: " if place else ""
    detail = (diagnostic.get("detail") or "").splitlines()
    return "\n".join((f"  {where}{diagnostic['summary']}", *(f"    {line}" for line in detail)))
