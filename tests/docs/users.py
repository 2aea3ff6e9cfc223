"""A new user: a fresh clone of this repository, a fresh virtual environment, and a shell."""

import os
import shutil
import subprocess
import venv
from pathlib import Path
from typing import Final

from tests.docs.pages import ROOT

# The template's address in the documents.
ADDRESS: Final = "gh:OWNER/lakewright"
# What the session that runs these tests has set, and a new user has not.
FOREIGN: Final = ("COV_", "COVERAGE_", "NOX_", "PYTEST_", "PYTHONPATH", "UV_P", "VIRTUAL_ENV")


class User:
    """A new user in a shell: an environment with nothing but Python and git."""

    def __init__(self, home: Path) -> None:
        self.clone = home / "lakewright"
        self.place = home
        venv.create(home / "venv", symlinks=True, with_pip=True)
        git = Path(shutil.which("git") or "git").parent
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        self.environment = {
            **kept,
            "GIT_AUTHOR_EMAIL": "user@example.com",
            "GIT_AUTHOR_NAME": "User",
            "GIT_COMMITTER_EMAIL": "user@example.com",
            "GIT_COMMITTER_NAME": "User",
            # Pages that are opened are none to look at.
            "BROWSER": "true",
            "PATH": os.pathsep.join([str(home / "venv" / "bin"), str(git), "/usr/bin", "/bin"]),
        }

    def types(self, command: str, *, code: int = 0) -> str:
        """What the shell answers; the command must end with this code."""
        if command.startswith("cd "):
            self.place /= command.removeprefix("cd ")
            return ""
        line = command.replace(ADDRESS, f"--defaults --vcs-ref=HEAD {self.clone}")
        result = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=self.place,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert result.returncode == code, f"$ {line}\n{result.stdout}"
        return result.stdout


def new_user(home: Path) -> User:
    """A user with a clone of this repository as it lies in the work tree.

    Args:
        home: an empty folder of theirs.
    """
    user = User(home)
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(user.clone)], check=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        copy = user.clone / name
        copy.unlink(missing_ok=True)
        if os.path.lexists(ROOT / name):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy, follow_symlinks=False)
    return user
