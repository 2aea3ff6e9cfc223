"""What this repository can do; `nox -l` lists it. Needs `python3 -m pip install nox uv`, nothing else."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import nox

try:
    from uv import find_uv_bin
except ImportError:

    def find_uv_bin() -> str:
        """The uv on the path: it did not come as a Python package."""
        return "uv"


nox.needs_version = ">=2025.2.9"
# uv keeps the one environment of the workspace, .venv; nox makes none.
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "tests", "local"]

ROOT: Final = Path(__file__).resolve().parent
# The Python at hand runs everything, and an environment that nox itself runs in is left alone.
ENVIRONMENT: Final[Mapping[str, str | None]] = {
    "UV_PROJECT_ENVIRONMENT": ".venv",
    "UV_PYTHON": sys.executable,
    "UV_PYTHON_DOWNLOADS": "never",
    "VIRTUAL_ENV": None,
}


@nox.session
def local(session: nox.Session) -> None:
    """Run every job on this machine, or `-- REF -p KEY=VALUE`, as in `-- flights`; `-- --help` tells all options."""
    # An isolated run executes what would be deployed, and needs what generates it.
    groups = ["--group=deploy"] if "--isolated" in session.posargs else []
    uv(session, "sync", "--all-packages", "--no-default-groups", "--inexact", *groups)
    run(session, "lakewright", "run", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests, or `-- PATH`; takes pytest's options."""
    sync(session)
    run(session, "pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check every file that git knows with the hooks of .pre-commit-config.yaml, or with `-- HOOK`."""
    if not (ROOT / ".git").exists():
        session.error("The hooks check what git knows: `git init && git add --all` first.")
    sync(session)
    run(session, "prek", "run", "--all-files", "--show-diff-on-failure", *session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of each package on its own, as several have modules of one name; or of those in `-- FOLDER`."""
    sync(session)
    for folder in packages(*session.posargs):
        run(session, "mypy", folder)


@nox.session
def new(session: nox.Session) -> None:
    """Add a pipeline: `-- NAME`."""
    sync(session)
    run(session, "lakewright", "new", *session.posargs)
    sync(session)


@nox.session
def wheels(session: nox.Session) -> None:
    """Build the wheelhouse of every pipeline, or of `-- NAME`; a deploy takes it as it is."""
    sync(session)
    run(session, "lakewright", "wheelhouse", "build", *session.posargs)


def sync(session: nox.Session) -> None:
    """Bring the environment up to date, with every package and every tool."""
    uv(session, "sync", "--all-packages")


def run(session: nox.Session, *command: str) -> None:
    """Run a command of the environment as it stands."""
    uv(session, "run", "--no-sync", *command)


def uv(session: nox.Session, *arguments: str) -> None:
    """Run uv; what Ctrl-C interrupts says how it ended, however long that takes."""
    session.run(find_uv_bin(), *arguments, env=ENVIRONMENT, interrupt_timeout=None)


def packages(*folders: str) -> list[str]:
    """The folders with code of this repository: pipelines, shared libraries, the repository's own tests; or some."""
    found = [*ROOT.glob("pipelines/*/pyproject.toml"), *ROOT.glob("shared/*/pyproject.toml"), ROOT / "tests/*"]
    every = sorted(path.parent.relative_to(ROOT) for path in found)
    wanted = [(ROOT / folder).resolve().relative_to(ROOT) for folder in folders] or [Path()]
    return [path.as_posix() for path in every if any(path.is_relative_to(each) for each in wanted)]
