"""A job with packages of its own that uses Spark."""

import os
from pathlib import Path

import pytest

from lakewright.model.target import TargetValues
from tests.dependencies.fixtures import write_format
from tests.spark.clusters import Cluster, environment
from tests.spark.packed import scoring


def test_a_task_sends_the_packages_of_its_run_to_executors_without_naming_them(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(cluster.folder).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    write_format("pure_python", tmp_path / "data").rename(tmp_path / "data" / "libs.zip")
    here = TargetValues(root=str(tmp_path / "root"), data=str(tmp_path / "data"))
    result = scoring.execute(params={"master": cluster.master}, target=here, run_id="42")
    result.raise_for_status()
    told = result["scored"]
    assert told["way"] == "addPyFile"
    assert str(told["file"]).startswith(f"{here.root}/packages/scoring/42/pyfiles-")
    # What is installed goes before the zip, which Spark puts on the driver's path too.
    assert f"42 in {tmp_path / 'tmp' / f'lakewright-packages-{os.getuid()}'}" in str(told["driver"])
    assert "multiplied (workers)      2/2 OK" in str(told["table"])
    assert str(told["pid"]) not in {each.rpartition(":")[2] for each in told["processes"]}
    assert not list((tmp_path / "root" / "packages" / "scoring").iterdir())
