"""What this repository can do; `nox -l` lists it. Needs `python3 -m pip install nox uv` and git, nothing else."""

import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "imports", "tests"]

ROOT: Final = Path(__file__).parent
BUILD: Final = ROOT / "build"
RENDERED: Final = BUILD / "local"
FLIGHTS: Final = BUILD / "flights" / "flights.parquet"
PACKAGE: Final = ("-e", "framework[cli,delta,deploy,polars,wheelhouse]")
PYPROJECT: Final = nox.project.load_toml(ROOT / "pyproject.toml")

# nox points uv at the session's environment; a repository that is run from a session has its own.
OWN_ENVIRONMENT: Final[Mapping[str, str | None]] = {
    "UV_PROJECT_ENVIRONMENT": None,
    "UV_PYTHON": None,
    "VIRTUAL_ENV": None,
}
# The workspace takes the Python at hand; uv is never to look for another.
THIS_PYTHON: Final = {"UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never"}


@nox.session
def local(session: nox.Session) -> None:
    """Render the template with its default answers and run its example; `--` goes on to `lakewright run`."""
    session.install(*tools("template"))
    render(session, RENDERED)
    session.chdir(RENDERED)
    command = (sys.executable, "-m", "nox", "--session", "local", "--", *session.posargs)
    # Ctrl-C lets the tasks that run end; it is no reason to kill them.
    session.run(*command, env={**OWN_ENVIRONMENT, **THIS_PYTHON}, external=True, interrupt_timeout=None)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the whole suite with coverage, or with `-- PATH…` that part of it without."""
    session.install(*tools("spark"))
    run_pytest(session, *(session.posargs or ("--numprocesses=auto", "--cov", "--cov-report=term")))


@nox.session
def lint(session: nox.Session) -> None:
    """Check every file with the git hooks."""
    session.install(*tools("lint"))
    session.run("pre-commit", "run", "--all-files", "--show-diff-on-failure", *session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """Check all code for the oldest and the newest Python, and the public API as a user's editor sees it."""
    session.install(*PACKAGE, *tools("types"))
    session.run("mypy", "--python-version=3.10")
    session.run("mypy", "--python-version=3.13")
    session.run("pyright")


@nox.session
def imports(session: nox.Session) -> None:
    """Check that imports run down the floors."""
    session.install(*PACKAGE, *tools("imports"))
    session.run("lint-imports")


@nox.session
def template(session: nox.Session) -> None:
    """Test what the template renders to."""
    run_pytest(session, "--numprocesses=auto", "tests/template", *session.posargs)


@nox.session
def workflows(session: nox.Session) -> None:
    """Test the GitHub workflows."""
    run_pytest(session, "tests/workflows", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Run the examples of the documents and follow their links."""
    run_pytest(session, "tests/docs", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """Run the property tests with up to a hundred times as many examples, and kill a run at 1,000 moments."""
    # A test may take many minutes here: that it takes long is no reason to show where it is.
    patient = ("--override-ini=faulthandler_timeout=0", "--hypothesis-profile=soak")
    run_pytest(session, "--numprocesses=auto", "-m", "hypothesis", *patient, *session.posargs)


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Hand broken archives and requirements in for ten minutes, always others; `-- SECONDS` for another time."""
    ends = time.monotonic() + float(session.posargs[0] if session.posargs else 600)
    while time.monotonic() < ends:
        other = ("--hypothesis-profile=fuzz", f"--hypothesis-seed={time.time_ns()}")
        run_pytest(session, "--numprocesses=auto", *other, "tests/dependencies/test_fuzzing.py")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the promises about speed, print them as a table and keep them in build/bench.json."""
    session.install(*PACKAGE, *tools("bench"))
    if not FLIGHTS.exists():
        session.run("python", "scripts/flights_data.py", "--year", "--out", str(FLIGHTS.parent))
    session.run("python", "-m", "tests.benchmarks", "--json", str(BUILD / "bench.json"), *session.posargs)


@nox.session(default=False)
def rivals(session: nox.Session) -> None:
    """Measure the CPU of a task beside Dask, Hamilton, Dagster and Prefect, each in an environment of its own."""
    session.install(*PACKAGE, *tools("bench"))
    session.run("python", "-m", "tests.benchmarks.rivals", *session.posargs)


def tools(group: str) -> tuple[str, ...]:
    """The requirements of a dependency group in pyproject.toml."""
    return nox.project.dependency_groups(PYPROJECT, group)


def run_pytest(session: nox.Session, *arguments: str) -> None:
    """Run pytest with the package and all that its tests need."""
    session.install(*PACKAGE, *tools("test"))
    session.run("pytest", *arguments, env=OWN_ENVIRONMENT)


def render(session: nox.Session, destination: Path) -> None:
    """Render the template as it lies in the work tree, uncommitted changes included, with its default answers.

    copier takes a relative path for another template when it updates, and the latest tag unless told the revision.
    """
    shutil.rmtree(destination, ignore_errors=True)
    session.run("copier", "copy", "--quiet", "--defaults", "--vcs-ref=HEAD", str(ROOT), str(destination))
