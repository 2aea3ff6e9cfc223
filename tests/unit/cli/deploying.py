"""A repository that can be deployed: in git, with a `databricks` that records, and a GitHub of its own."""

import subprocess
from pathlib import Path
from typing import Final

from tests.unit.project.repos import TARGETS, write

BUNDLE: Final = """
bundle: {{name: {name}, databricks_cli_version: "== 1.22.1"}}
include: [../../targets.yml]
resources:
  jobs:
    daily: {{name: "{name} of ${{bundle.target}}", max_concurrent_runs: 1}}
"""


def bundle(name: str, **replaced: str) -> dict[str, str]:
    """The file of a pipeline's bundle: one job, as YAML, so that no Python need be run for it."""
    text = BUNDLE.format(name=name)
    for old, new in replaced.items():
        text = text.replace(old, new)
    return {f"pipelines/{name}/databricks.yml": text}


def git(root: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *settings, *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(root: Path, files: dict[str, str] | None = None) -> str:
    """Write files and commit everything; the revision."""
    write(root, files or {})
    git(root, "add", "--all")
    git(root, "commit", "--allow-empty", "--message", "change")
    return git(root, "rev-parse", "HEAD")


def repository(root: Path, *names: str) -> str:
    """A repository with a bundle for each name, committed; the revision."""
    write(root, {"targets.yml": TARGETS, ".gitignore": "cli/\nwheelhouse/\n"})
    git(root, "init")
    return commit(root, {file: text for name in names for file, text in bundle(name).items()})
