"""The machine that jobs run on: one after the other, each in a clean folder with a clean environment."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

# What tells a process that it runs in CI or for somebody: nothing of it reaches a job.
FOREIGN: Final = (
    "ACTIONS_",
    "CI",
    "DATABRICKS_",
    "GH_",
    "GITHUB_",
    "GIT_",
    "LAKEWRIGHT_",
    "NOX",
    "RUNNER_",
    "VIRTUAL_",
)
SYSTEM: Final = ("/usr/local/bin", "/usr/bin", "/bin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A runner.

    Attributes:
        folder: where it keeps what jobs need: their work, their home, their tools.
        databricks: the folder of the program that stands in for the Databricks CLI, once an action has set it up.
        environment: further variables that every process sees, as the tests' caches.
        assumed: commands that are not run, by pattern, with the exit code that is taken instead: what other tests run.
        meanwhile: what happens elsewhere while a command runs, by pattern; once.
    """

    folder: Path
    databricks: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    assumed: Mapping[str, int] = field(default_factory=dict)
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)

    @property
    def workspace(self) -> Path:
        """Where jobs work. It has one path for all, as on GitHub."""
        return self.folder / "work"

    @property
    def kept(self) -> Path:
        """The Python environment of the last job, which the next takes over: what a cache does on GitHub."""
        return self.folder / "kept-environment"

    def variables(self) -> dict[str, str]:
        """The environment of a process before any workflow adds to it."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        home = self.folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        return {
            **ours,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "HOME": str(home),
            "MYPY_CACHE_DIR": str(self.folder / "mypy"),
            "PATH": os.pathsep.join(SYSTEM),
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.folder / "temp"),
            "UV_CACHE_DIR": uv_cache(),
            "UV_PYTHON_DOWNLOADS": "never",
            **self.environment,
        }

    def begin(self) -> None:
        """Clear away what the last job left, but for its Python environment."""
        environment = self.workspace / ".venv"
        if environment.is_dir():
            shutil.rmtree(self.kept, ignore_errors=True)
            environment.rename(self.kept)
        for folder in (self.workspace, self.folder / "temp"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)

    def tools(self, *names: str) -> Path:
        """A folder that holds programs of the environment that runs the tests, and no others."""
        folder = self.folder / "-".join(["tools", *names])
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            if not (folder / name).exists():
                (folder / name).symlink_to(Path(sys.executable).with_name(name))
        return folder


def uv_cache() -> str:
    """Where uv keeps what it has downloaded, whatever a job's home is."""
    return (
        os.environ.get("UV_CACHE_DIR")
        or subprocess.run(["uv", "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()
    )
