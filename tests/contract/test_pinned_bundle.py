"""A rendered repository whose pipeline has a wheelhouse: what is deployed, and that it runs with those wheels alone."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright.databricks.expressions import ROOT
from lakewright.dependencies.contents import Wheelhouse
from lakewright.dependencies.current import current_wheelhouse
from lakewright.emulator.bundle import bundle_values
from lakewright.emulator.plan import plan
from lakewright.emulator.run import run as run_isolated
from lakewright.io.paths import RunPaths
from tests.contract.rendered import ANSWERS, TARGETS, assert_same_outputs, built, run_flights, synced
from tests.template.rendering import run

RUN: Final = "4711"
# The tasks are run by this Python, so the wheels are for it; what the compute says is tested elsewhere.
PYTHON: Final = f"{sys.version_info.major}.{sys.version_info.minor}"


def build_wheels(repo: Path) -> Wheelhouse:
    run("uv", "run", "--no-sync", "lakewright", "wheelhouse", "build", f"--python={PYTHON}", cwd=repo)
    made = current_wheelhouse(repo / "pipelines" / "flights")
    assert made is not None
    return made


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Path, Wheelhouse]]:
    """A synced repository for each kind of compute, and the wheelhouse of its pipeline."""
    repos = [synced(tmp_path_factory.mktemp(compute), compute) for compute in ANSWERS]
    return {compute: (repo, build_wheels(repo)) for compute, repo in zip(ANSWERS, repos, strict=True)}


Pinned = Mapping[str, tuple[Path, Wheelhouse]]


def test_the_same_sources_give_the_same_wheelhouse_in_another_place(pinned: Pinned) -> None:
    framework = {
        name: [wheel for wheel in made.wheels if wheel.name == "lakewright"] for name, (_, made) in pinned.items()
    }
    assert framework["serverless"] == framework["job_cluster"]
    repo, made = pinned["serverless"]
    assert build_wheels(repo) == made


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("compute", ANSWERS)
def test_every_target_is_pinned_without_a_warning_to_one_wheelhouse(
    pinned: Pinned, tmp_path: Path, *, compute: str, target: str
) -> None:
    repo, made = pinned[compute]
    result = built(repo, target, tmp_path)
    assert result.diagnostics == ()
    job: Mapping[str, Any] = result.jobs["delays"]
    place = f"{ROOT}/wheelhouse/flights/{made.digest}"
    if compute == "serverless":
        (environment,) = job["environments"]
        first, *wheels = environment["spec"]["dependencies"]
        assert first == "--no-index"
        assert sorted(wheels) == [f"{place}/wheels/{path.name}" for path in made.files]
        assert not any("libraries" in task for task in job["tasks"])
    else:
        libraries = [task["libraries"] for task in job["tasks"]]
        assert libraries == [[{"requirements": f"{place}/requirements.txt"}]] * len(libraries)
    assert "./dist" not in result.configuration


def test_a_change_is_told_until_the_wheelhouse_is_built_again(pinned: Pinned, tmp_path: Path) -> None:
    repo, made = pinned["job_cluster"]
    file = repo / "pipelines" / "flights" / "src" / "flights" / "tasks.py"
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\n# more\n", encoding="utf-8")
    (said,) = built(repo, "prod", tmp_path / "stale").diagnostics
    assert (said["severity"], "has changed since its wheelhouse was built" in said["summary"]) == ("warning", True)
    assert build_wheels(repo).digest != made.digest
    assert built(repo, "prod", tmp_path / "again").diagnostics == ()
    file.write_text(before, encoding="utf-8")
    assert build_wheels(repo).digest == made.digest


@pytest.fixture(scope="module")
def installed(pinned: Pinned, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worker of a fresh environment that has the wheels of the wheelhouse and nothing else."""
    _, made = pinned["serverless"]
    place = tmp_path_factory.mktemp("cluster")
    run("uv", "venv", "--quiet", str(place / "venv"), cwd=place)
    wanted = ("--requirement", str(made.path / "requirements.txt"))
    run("uv", "pip", "install", "--quiet", f"--python={place / 'venv'}", *wanted, cwd=place)
    return place / "venv" / "bin" / "lakewright-run"


def test_the_definition_run_task_by_task_gives_what_a_run_in_one_process_gives(
    pinned: Pinned, installed: Path, tmp_path: Path
) -> None:
    repo, _ = pinned["serverless"]
    bundle = built(repo, "prod", tmp_path / "build")
    planned = plan(
        bundle.jobs["delays"],
        paths=RunPaths(str(tmp_path / "volume"), "delays", RUN),
        bundle={
            **bundle_values(json.loads(bundle.configuration)),
            "workspace.file_path": str(repo / "pipelines" / "flights"),
        },
        places={ROOT: str(tmp_path / "volume")},
    )
    # Nothing of this environment is felt by processes that have the wheels only.
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    run_isolated(replace(planned, worker=(str(installed),), environment=environment)).raise_for_status()
    _, here = run_flights(repo)
    assert_same_outputs(planned.paths, here, bundle.jobs["delays"])
