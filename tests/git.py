"""Git for tests: with a name of its own, and nothing of whoever runs them."""

import os
import subprocess
from pathlib import Path

from tests.unit.project.repos import write

_ENVIRONMENT = {
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_AUTHOR_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    environment = {**os.environ, **_ENVIRONMENT}
    command = ["git", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commit(folder: Path, files: dict[str, str] | None = None, *, message: str = "change") -> str:
    """The commit of all that has changed in a folder, files that are written first included; `git init` if need be."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    write(folder, files or {})
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")
