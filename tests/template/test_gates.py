"""A rendered repository passes its own gates, and they find what is wrong."""

import shutil
from itertools import product
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.template.conftest import Rendered
from tests.template.rendering import commit, files, read_questions, render, run

CLOUDS: Final = tuple(read_questions()["cloud"]["choices"].values())
COMPUTES: Final = tuple(read_questions()["compute"]["choices"].values())
RUN_HOOKS: Final = {
    "pre-commit": ("pre-commit", "run", "--all-files", "--color=never"),
    "prek": ("prek", "run", "--all-files", "--color=never"),
    "nox": ("nox", "--session=lint", "--"),
}
FLIGHTS: Final = "pipelines/flights"
SALES: Final = "pipelines/sales"
JOBS: Final = f"{FLIGHTS}/src/flights/jobs.py"
TASKS: Final = f"{FLIGHTS}/src/flights/tasks.py"
PULL_REQUEST: Final = ".github/workflows/pull-request.yml"
# What is planted: the hook that is to find it, the file, what stands there, what is put in its place.
DEFECTS: Final = (
    ("format", TASKS, "LATE: Final = 15", "LATE: Final=15"),
    ("lint", TASKS, "LATE: Final = 15", "import os\n\nLATE: Final = 15"),
    ("types", JOBS, "tasks.load_flights(month)", 'tasks.load_flights("January")'),
    ("types", TASKS, "return left.select(", "return left.lazy().select("),
    ("yaml", "targets.yml", "    default: lakewright", "     default: lakewright"),
    ("workflows", PULL_REQUEST, "persist-credentials: false", "fetch-depth: 1"),
    ("workflows", PULL_REQUEST, "3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "v7"),
    ("secrets", PULL_REQUEST, "\nenv:\n", f"\nenv:\n  DATABRICKS_TOKEN: {'dapi' + '0' * 32}\n"),
    ("lock", "pyproject.toml", '"lakewright[cli]"', '"lakewright[cli,polars]"'),
    ("conflicts", "README.md", "nox -s local", "<<<<<<< before updating\nnox -s local"),
    ("rejects", "pyproject.toml.rej", "", "a hunk"),
)


def nox(repo: Path, session: str, *arguments: str, code: int = 0) -> str:
    return run("nox", "--session", session, "--", *arguments, cwd=repo, code=code)


@pytest.fixture(scope="module")
def repo(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of the default answers as a user has it: synced, locked, committed. Leave it as it was."""
    destination = render(source, tmp_path_factory.mktemp("default") / "repo", {})
    run("uv", "sync", "--all-packages", "--quiet", cwd=destination)
    commit(destination)
    return destination


@pytest.mark.parametrize(("compute", "cloud"), [*product(COMPUTES, CLOUDS)])
def test_a_fresh_copy_passes_its_lint_types_and_tests(
    source: Path, tmp_path: Path, *, compute: str, cloud: str
) -> None:
    repo = render(source, tmp_path / "repo", {"compute": compute, "cloud": cloud, "pipeline": "web_sales"})
    commit(repo)
    before = files(repo)
    lint = nox(repo, "lint")
    assert (lint.count("Passed"), lint.count("Skipped")) == (8, 1)
    assert " passed" in nox(repo, "tests")
    assert {name: content for name, content in files(repo).items() if name in before} == before


def test_the_example_runs_on_this_machine(source: Path, tmp_path: Path) -> None:
    repo = render(source, tmp_path / "repo", {})
    output = nox(repo, "local", "flights", "-p", "min_flights=1000")
    assert "ExpressJet Airlines Inc." in output
    assert "26,483" in output
    assert list(repo.glob(".lakewright/runs/delays/*"))


@pytest.mark.parametrize("runner", RUN_HOOKS)
def test_the_hooks_are_green_in_a_fresh_copy(repo: Path, runner: str) -> None:
    output = run(*RUN_HOOKS[runner], cwd=repo)
    assert output.count("Passed") == 8
    assert run("git", "status", "--porcelain", cwd=repo) == ""


@pytest.mark.parametrize(
    ("runner", "hook", "name", "sound", "defect"),
    # A session of nox begins by bringing the lock file up to date.
    [(runner, *defect) for runner in RUN_HOOKS for defect in DEFECTS if (runner, defect[0]) != ("nox", "lock")],
)
def test_a_planted_defect_is_found(repo: Path, *, runner: str, hook: str, name: str, sound: str, defect: str) -> None:
    path = repo / name
    before = path.read_text(encoding="utf-8") if path.exists() else None
    lock = (repo / "uv.lock").read_bytes()
    assert sound in (before or "")
    path.write_text((before or "").replace(sound, defect, 1) or defect, encoding="utf-8")
    run("git", "add", "--all", cwd=repo)
    try:
        output = run(*RUN_HOOKS[runner], hook, cwd=repo, code=1)
        assert "Failed" in output
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
        (repo / "uv.lock").write_bytes(lock)
        run("git", "add", "--all", cwd=repo)


def test_lint_without_git_says_what_to_do(rendered: Rendered) -> None:
    assert "`git init && git add --all` first" in nox(rendered({}), "lint", code=1)


def test_pipelines_live_side_by_side(repo: Path, tmp_path: Path) -> None:
    two = tmp_path / "two"
    shutil.copytree(repo, two, symlinks=True, ignore=shutil.ignore_patterns(".venv"))
    nox(two, "new", "sales")
    assert [path.name for path in sorted(two.glob("pipelines/*/tests/test_jobs.py"))] == 2 * ["test_jobs.py"]
    assert (two / SALES / "databricks.yml").read_text(encoding="utf-8") == (
        (two / FLIGHTS / "databricks.yml").read_text(encoding="utf-8").replace("flights", "sales")
    )
    commit(two)
    nox(two, "lint")
    assert " passed" in nox(two, "tests")
    output = nox(two, "local")
    assert "flights.jobs:delays" in output
    assert "sales.jobs" in output


def test_a_deploy_builds_wheels_of_its_own_only_where_there_is_no_wheelhouse(repo: Path) -> None:
    folder = repo / "pipelines" / "flights"
    build = yaml.safe_load((folder / "databricks.yml").read_text(encoding="utf-8"))["artifacts"]["wheels"]["build"]
    (folder / "dist").mkdir()
    (folder / "dist" / "flights-0.0.1-py3-none-any.whl").touch()
    run("sh", "-c", build, cwd=folder)
    local = {path.name: path.stat().st_mtime_ns for path in (folder / "dist").glob("*.whl")}
    assert set(local) == {"flights-0.1.0-py3-none-any.whl", "lakewright-0.1.0-py3-none-any.whl"}

    assert "wheelhouse" in nox(repo, "wheels")
    run("sh", "-c", build, cwd=folder)
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "dist").glob("*.whl")} == local
    assert run("git", "status", "--porcelain", cwd=repo) == ""
    nox(repo, "lint")
    shutil.rmtree(folder / "wheelhouse")
