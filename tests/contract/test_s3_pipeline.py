"""Buckets in S3 are read and written by whatever process a task runs in; only the environment knows how."""

from collections.abc import Iterator
from typing import Final, Literal

import polars as pl
import pytest

from tests import s3
from tests.contract.s3_pipeline import databricks_exec, lambda_exec, local_exec, ml_pipeline, output, raw_data

FRAME: Final = pl.DataFrame({"id": [1, 2, 3], "value": [0.5, None, 2.0]})


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with s3.server("data-lake") as found:
        yield found


@pytest.fixture(autouse=True)
def environment(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3.environment(address).items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_pipeline_runs_between_two_objects(
    executor: Literal["threads", "processes"], tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(str(tmp_path))
    raw_data.write(FRAME)
    result = ml_pipeline.run(mode="local", executor=executor)
    wanted = pl.DataFrame({"id": [1, 3], "value": [0.5, 2.0], "prediction": [0.85, 0.85]})
    assert result.collect().equals(wanted)
    assert output.scan().collect().equals(wanted)


def test_an_analysis_needs_no_store() -> None:
    analysis = ml_pipeline.run(mode="analyze")
    assert list(analysis.dag.nodes) == ["extract", "clean", "ml_predict", "save"]
    assert ("extract", "clean") in analysis.dag.edges
    assert [*analysis.executors.values()] == [local_exec, lambda_exec, databricks_exec, local_exec]
    assert [*analysis.data_sources] == [raw_data]
    assert [*analysis.data_sinks] == [output]
