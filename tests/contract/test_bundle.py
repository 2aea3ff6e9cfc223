"""A rendered repository, built for each target as the Databricks CLI builds it, and run task by task from that."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal

from lakewright.databricks.expressions import ROOT
from lakewright.emulator.bundle import bundle_values
from lakewright.emulator.plan import plan
from lakewright.emulator.run import run as run_isolated
from lakewright.io.commit import read_record
from lakewright.io.paths import RunPaths
from lakewright.model.record import CommitRecord
from lakewright.project.bundle import Built, build
from tests.template.rendering import render, run, snapshot

TARGETS: Final = ("dev", "staging", "prod")
ANSWERS: Final = ("serverless", "job_cluster")
RUN: Final = "4711"


@pytest.fixture(scope="module")
def repos(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A synced repository for each kind of compute."""
    source = snapshot(tmp_path_factory.mktemp("source"))
    made = {}
    for compute in ANSWERS:
        repo = render(source, tmp_path_factory.mktemp(compute) / "repo", {"compute": compute})
        run("uv", "sync", "--all-packages", "--no-default-groups", "--group=deploy", "--quiet", cwd=repo)
        made[compute] = repo
    return made


def built(repo: Path, target: str, scratch: Path) -> Built:
    return build(repo / ".venv" / "bin" / "python3", repo / "pipelines" / "flights", target, scratch=scratch)


@pytest.mark.parametrize("compute", ANSWERS)
@pytest.mark.parametrize("target", TARGETS)
def test_both_phases_succeed_and_warn_of_unpinned_wheels_in_production_only(
    repos: Mapping[str, Path], tmp_path: Path, *, compute: str, target: str
) -> None:
    result = built(repos[compute], target, tmp_path)
    assert [each["severity"] for each in result.diagnostics] == ([] if target == "dev" else ["warning"])
    assert all("has no wheelhouse" in each["summary"] for each in result.diagnostics)
    assert result.jobs.keys() == {"delays"}


@pytest.mark.parametrize("compute", ANSWERS)
def test_a_second_generation_is_byte_equal(repos: Mapping[str, Path], tmp_path: Path, *, compute: str) -> None:
    first = built(repos[compute], "prod", tmp_path / "first")
    assert built(repos[compute], "prod", tmp_path / "second") == first


def test_each_job_is_located_in_the_file_that_a_user_edits(repos: Mapping[str, Path], tmp_path: Path) -> None:
    locations = built(repos["serverless"], "dev", tmp_path).locations
    location = next(each for each in locations if each["path"] == "resources.jobs.delays")
    folder = repos["serverless"] / "pipelines" / "flights"
    lines = (folder / location["file"]).read_text(encoding="utf-8").splitlines()
    assert lines[location["line"] - 1].startswith("@job")


@pytest.mark.parametrize("compute", ANSWERS)
def test_each_task_names_exactly_one_compute_and_its_wheels(
    repos: Mapping[str, Path], tmp_path: Path, *, compute: str
) -> None:
    job = built(repos[compute], "prod", tmp_path).jobs["delays"]
    for task in job["tasks"]:
        named = {"environment_key", "job_cluster_key", "existing_cluster_id", "new_cluster"} & task.keys()
        assert named == ({"environment_key"} if compute == "serverless" else {"job_cluster_key"})
        assert ("libraries" in task) == (compute == "job_cluster")
    wheels = (
        [environment["spec"]["dependencies"] for environment in job["environments"]]
        if compute == "serverless"
        else [[library["whl"] for library in task["libraries"]] for task in job["tasks"]]
    )
    assert all(paths == ["./dist/*.whl"] for paths in wheels)


@pytest.fixture(scope="module")
def installed(repos: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the bundle's wheels and what they depend on, installed without an index."""
    repo = repos["serverless"]
    folder = repo / "pipelines" / "flights"
    bundle = yaml.safe_load((folder / "databricks.yml").read_text(encoding="utf-8"))
    run("sh", "-c", bundle["artifacts"]["wheels"]["build"], cwd=folder)
    wheels = [str(path) for path in sorted((folder / "dist").glob("*.whl"))]
    place = tmp_path_factory.mktemp("cluster")
    pins = place / "pins.txt"
    export = ("--package=flights", "--no-emit-workspace", "--no-hashes", "--quiet", f"--output-file={pins}")
    run("uv", "export", *export, cwd=repo)
    download = ("--dest", str(place / "wheels"), "--only-binary=:all:", "--quiet", "--requirement", str(pins))
    run(sys.executable, "-m", "pip", "download", *download, cwd=place)
    run("uv", "venv", "--quiet", str(place / "venv"), cwd=place)
    offline = ("--no-index", f"--find-links={place / 'wheels'}", f"--python={place / 'venv'}", "--quiet")
    run("uv", "pip", "install", *offline, *wheels, cwd=place)
    return place / "venv" / "bin" / "lakewright-run"


def test_the_definition_run_task_by_task_gives_what_a_run_in_one_process_gives(
    repos: Mapping[str, Path], installed: Path, tmp_path: Path
) -> None:
    repo = repos["serverless"]
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


def test_an_isolated_run_gives_what_a_run_in_one_process_gives(repos: Mapping[str, Path], tmp_path: Path) -> None:
    repo = repos["job_cluster"]
    _, here = run_flights(repo)
    said, apart = run_flights(repo, "--isolated")
    assert "not emulated: " in said
    assert_same_outputs(here, apart, built(repo, "dev", tmp_path).jobs["delays"])


def run_flights(repo: Path, *options: str) -> tuple[str, RunPaths]:
    """What a run of the example says, and where it keeps what."""
    root = repo / ".lakewright"
    folder = root / "runs" / "delays"
    before = set(folder.iterdir()) if folder.exists() else set()
    said = run("uv", "run", "--no-sync", "lakewright", "run", "flights", *options, cwd=repo)
    (made,) = set(folder.iterdir()) - before
    return said, RunPaths(str(root), "delays", made.name)


def assert_same_outputs(one: RunPaths, other: RunPaths, job: Mapping[str, Any]) -> None:
    """Two runs have committed equal values for each task."""
    for task in job["tasks"]:
        assert_same_value(record(one, task["task_key"]), record(other, task["task_key"]))


def record(paths: RunPaths, key: str) -> CommitRecord:
    found = read_record(paths, key)
    assert found is not None, f"{key} has no record in {paths.folder}"
    return found


def assert_same_value(one: CommitRecord, other: CommitRecord) -> None:
    """Two records stand for equal values: of equal form, files and all."""
    if one.stored is None or other.stored is None:
        assert one.stored == other.stored
        return
    assert (one.stored.format, one.stored.value, one.stored.schema) == (
        other.stored.format,
        other.stored.value,
        other.stored.schema,
    )
    for mine, its in zip(one.stored.all_files, other.stored.all_files, strict=True):
        assert_frame_equal(pl.read_parquet(mine.path), pl.read_parquet(its.path))


def test_the_command_prints_what_the_bundle_gets(repos: Mapping[str, Path], tmp_path: Path) -> None:
    repo = repos["serverless"]
    printed = run("uv", "run", "--no-sync", "lakewright", "jobs", "flights", "--target=prod", cwd=repo)
    deployed: Mapping[str, Any] = built(repo, "prod", tmp_path).jobs["delays"]
    assert json.loads(printed).keys() <= deployed.keys()
    assert json.loads(printed)["tasks"][0]["python_wheel_task"] == deployed["tasks"][0]["python_wheel_task"]
