"""A repository that can be deployed: in git, with a `databricks` that records, a workspace and a GitHub of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright.dependencies.contents import Wheelhouse
from lakewright.dependencies.current import set_current
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.wheelhouse import assemble
from tests import files_api, github_api
from tests.databricks_cli import RecordingCli
from tests.files_api import FakeWorkspace
from tests.git import commit
from tests.github_api import FakeGitHub
from tests.unit.project.repos import TARGETS, write
from tests.wheel_files import write_wheel

BUNDLE: Final = """
bundle: {{name: {name}, databricks_cli_version: "== 1.22.1"}}
include: [../../targets.yml]
resources:
  jobs:
    daily: {{name: "{name} of ${{bundle.target}}", max_concurrent_runs: 1}}
"""
CODE: Final = "resources_of_test"
JOBS: Final = """\
from databricks.bundles.core import Bundle, Resources
from package_of_then import JOB


def load_resources(bundle: Bundle) -> Resources:
    found = Resources()
    found.add_job("daily", JOB)
    return found
"""
HOSTS: Final = ("https://dev.example.com", "https://prod.example.com")


def bundle(name: str, replaced: Mapping[str, str] | None = None) -> dict[str, str]:
    """The file of a pipeline's bundle: one job, as YAML, so that no Python need be run for it."""
    text = BUNDLE.format(name=name)
    for old, new in (replaced or {}).items():
        assert old in text
        text = text.replace(old, new)
    return {f"pipelines/{name}/databricks.yml": text}


def bundle_of_code(name: str) -> dict[str, str]:
    """The files of a pipeline whose job comes from Python that needs `package_of_then`, which must be installed."""
    text = f"bundle: {{name: {name}}}\ninclude: [../../targets.yml]\npython: {{resources: ['{CODE}:load_resources']}}\n"
    return {f"pipelines/{name}/databricks.yml": text, f"pipelines/{name}/{CODE}.py": JOBS}


def repository(root: Path, *names: str, targets: str = TARGETS) -> str:
    """A repository with a bundle for each name, committed; the revision."""
    write(root, {"targets.yml": targets, ".gitignore": "cli/\nwheelhouse/\nsummary.md\n"})
    return commit(root, {file: text for name in names for file, text in bundle(name).items()})


@dataclass(frozen=True)
class Site:
    """All that a deploy meets."""

    root: Path
    cli: RecordingCli
    workspace: FakeWorkspace
    github: FakeGitHub

    def wheelhouse(self, name: str, version: str = "1.0") -> Wheelhouse:
        """Build a wheelhouse for a pipeline, which it runs with from now on."""
        folder = self.root / "pipelines" / name
        wheel = write_wheel(self.root / "cli" / "wheels" / version, name, version)
        made = assemble([wheel], folder / "wheelhouse", target=WheelTarget("3.12"))
        set_current(folder, made)
        return made

    def change(self, name: str, **fields: Any) -> str:  # noqa: ANN401  of a job
        """Set fields of a pipeline's job, and commit; the revision."""
        text = "".join(f", {field}: {value}" for field, value in fields.items())
        return commit(self.root, bundle(name, {"max_concurrent_runs: 1": f"max_concurrent_runs: 1{text}"}))

    def deployed(self, resource: str = "jobs.daily") -> list[dict[str, Any]]:
        """What is deployed under a key, wherever."""
        return [found.remote[resource] for found in self.cli.workspace.everything() if resource in found.remote]

    def words(self) -> list[str]:
        """The calls of the CLI but for its version, without the file of a plan."""
        return [call.words.partition(" --plan ")[0] for call in self.cli.calls if call.words != "--version"]

    @property
    def summary(self) -> str:
        return (self.root / "summary.md").read_text(encoding="utf-8")


@contextmanager
def site(root: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> Iterator[Site]:
    """A repository with pipelines, and all that they meet when they are deployed."""
    monkeypatch.delenv("GH_TOKEN", raising=False)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(root / "summary.md"))
    with files_api.server() as workspace, github_api.server() as github:
        targets = TARGETS
        for host in HOSTS:
            targets = targets.replace(host, workspace.url)
        repository(root, *names, targets=targets)
        for name, value in {**workspace.environment, **github.environment}.items():
            monkeypatch.setenv(name, value)
        yield Site(root, RecordingCli.install(root / "cli", monkeypatch), workspace, github)
