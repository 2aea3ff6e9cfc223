"""What the Databricks CLI does with a pipeline's folder, done by hand: the two build phases, and starting tasks.

The contract is the CLI's own: it merges the bundle's files for one target into one JSON object, runs
`python -m databricks.bundles.build` twice in the bundle's folder, and hands a task's parameters to the entry point
with every reference filled in.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

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
        jobs: Mapping[str, Any] = json.loads(self.configuration)["resources"]["jobs"]
        return jobs


def configuration(folder: Path, target: str) -> dict[str, Any]:
    """The bundle's configuration for a target, as the CLI merges it from databricks.yml and what it includes."""
    bundle: dict[str, Any] = yaml.safe_load((folder / "databricks.yml").read_text(encoding="utf-8"))
    for name in bundle["include"]:
        bundle.update(yaml.safe_load((folder / name).read_text(encoding="utf-8")))
    chosen = bundle["targets"][target]
    values = {name: {"value": (declared or {}).get("default")} for name, declared in bundle["variables"].items()}
    values.update({name: {"value": value} for name, value in chosen.get("variables", {}).items()})
    return {
        "bundle": {**bundle["bundle"], "target": target, "mode": chosen["mode"]},
        "python": bundle["python"],
        "variables": values,
        "workspace": chosen["workspace"],
        "artifacts": bundle["artifacts"],
    }


def build(python: Path, folder: Path, target: str, *, scratch: Path) -> Built:
    """Run both phases as the CLI runs them; each must exit with 0."""
    scratch.mkdir(parents=True, exist_ok=True)
    current = scratch / "input.json"
    current.write_text(json.dumps(configuration(folder, target)), encoding="utf-8")
    diagnostics: list[Mapping[str, Any]] = []
    locations: list[Mapping[str, Any]] = []
    for phase in PHASES:
        places = {name: scratch / f"{phase}-{name}" for name in ("output", "diagnostics", "locations")}
        options = [f"--{name}={path}" for name, path in places.items()]
        command = [str(python), "-m", "databricks.bundles.build", f"--phase={phase}", f"--input={current}", *options]
        result = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
        said = places["diagnostics"].read_text(encoding="utf-8") if places["diagnostics"].exists() else ""
        assert result.returncode == 0, f"{phase}: {result.stderr}\n{said}"
        diagnostics += _lines(places["diagnostics"])
        locations += _lines(places["locations"])
        current = places["output"]
    return Built(
        configuration=current.read_text(encoding="utf-8"),
        diagnostics=tuple(diagnostics),
        locations=tuple(locations),
    )


def _lines(path: Path) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def start_order(job: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The tasks of a job, each after those it depends on."""
    waiting = {task["task_key"]: task for task in job["tasks"]}
    ordered: list[Mapping[str, Any]] = []
    while waiting:
        ready = [
            task
            for task in waiting.values()
            if not any(parent["task_key"] in waiting for parent in task.get("depends_on", []))
        ]
        assert ready, f"these wait for each other: {sorted(waiting)}"
        ordered += ready
        for task in ready:
            del waiting[task["task_key"]]
    return ordered


def start(entry_point: Path, argv: Sequence[str], references: Mapping[str, str], *, cwd: Path) -> None:
    """Start a task's entry point in a process of its own, every reference in its argv filled in as text."""
    filled = [_filled(element, references) for element in argv]
    # The JSON element must come through the substitution as it was.
    assert filled[1] == argv[1]
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd)}
    command = [str(entry_point), *filled]
    result = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, f"{argv[1]}\n{result.stdout}\n{result.stderr}"


def _filled(text: str, references: Mapping[str, str]) -> str:
    for reference, value in references.items():
        text = text.replace(reference, value)
    return text
