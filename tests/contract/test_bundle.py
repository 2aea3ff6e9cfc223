"""A rendered repository, built for each target as the Databricks CLI builds it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.contract.rendered import ANSWERS, TARGETS, assert_same_outputs, built, run_flights, synced
from tests.template.rendering import run


@pytest.fixture(scope="module")
def repos(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A synced repository for each kind of compute."""
    return {compute: synced(tmp_path_factory.mktemp(compute), compute) for compute in ANSWERS}


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


def test_an_isolated_run_gives_what_a_run_in_one_process_gives(repos: Mapping[str, Path], tmp_path: Path) -> None:
    repo = repos["job_cluster"]
    _, here = run_flights(repo)
    said, apart = run_flights(repo, "--isolated")
    assert "not emulated: " in said
    assert_same_outputs(here, apart, built(repo, "dev", tmp_path).jobs["delays"])


def test_the_command_prints_what_the_bundle_gets(repos: Mapping[str, Path], tmp_path: Path) -> None:
    repo = repos["serverless"]
    printed = run("uv", "run", "--no-sync", "lakewright", "jobs", "flights", "--target=prod", cwd=repo)
    deployed: Mapping[str, Any] = built(repo, "prod", tmp_path).jobs["delays"]
    assert json.loads(printed).keys() <= deployed.keys()
    assert json.loads(printed)["tasks"][0]["python_wheel_task"] == deployed["tasks"][0]["python_wheel_task"]
