"""Copies of the template with the example pipeline: built as a bundle, and run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl
from polars.testing import assert_frame_equal

from lakewright.io.commit import read_record
from lakewright.io.paths import RunPaths
from lakewright.model.record import CommitRecord
from lakewright.project.bundle import Built, build
from tests.template.rendering import render, run, snapshot

TARGETS: Final = ("dev", "staging", "prod")
ANSWERS: Final = ("serverless", "job_cluster")


def synced(place: Path, compute: str) -> Path:
    """A copy of the template for a kind of compute, with its environment."""
    repo = render(snapshot(place / "source"), place / "repo", {"compute": compute})
    run("uv", "sync", "--all-packages", "--no-default-groups", "--group=deploy", "--quiet", cwd=repo)
    return repo


def built(repo: Path, target: str, scratch: Path) -> Built:
    """The bundle of the example for a target, as the Databricks CLI builds it."""
    return build(repo / ".venv" / "bin" / "python3", repo / "pipelines" / "flights", target, scratch=scratch)


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
