"""Buckets of Azure and of Google are read and written as those of S3 are: by clients that speak to a store."""

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl
import pytest

from lakewright import Bucket, Provider, pipeline, task
from lakewright.config import AzureConfig, AzureStorageConfig, GcpConfig, GcsConfig
from tests import azure, gcs

FRAME: Final = pl.DataFrame({"id": [1, 2, 3], "value": [0.5, None, 2.0]})
FILES: Final = {"parquet": "a/rows.parquet", "csv": "a/rows.csv", "ndjson": "a/rows.ndjson", "delta": "table"}

Make = Callable[[str, str], Bucket]


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[Make, dict[str, str]]]:
    with gcs.server("lake") as address:
        provider, store = Provider(config=GcpConfig(project="p")), GcsConfig(endpoint=address)
        yield lambda path, form: provider.bucket("lake", path, format=form, config=store), gcs.environment(address)


@pytest.fixture(scope="module")
def microsoft(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Make, dict[str, str]]]:
    with azure.server("lake", tmp_path_factory.mktemp("azurite")) as address:
        provider = Provider(config=AzureConfig(storage_account=azure.ACCOUNT))
        store = AzureStorageConfig(endpoint=address)
        yield lambda path, form: provider.bucket("lake", path, format=form, config=store), azure.environment()


@pytest.fixture(params=["google", "microsoft"])
def make(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes buckets of a store that runs here."""
    found, environment = request.getfixturevalue(request.param)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    # What credentials there are stands in the environment: no login of this machine is to be asked.
    pl.Config.set_default_credential_provider(None)
    yield found
    pl.Config.set_default_credential_provider("auto")


@pytest.mark.parametrize("form", FILES)
def test_what_is_written_is_read_again(make: Make, form: str) -> None:
    bucket = make(FILES[form], form)
    assert bucket.get_uri().startswith(("gs://lake/", "abfss://lake@"))
    for frame in (FRAME, FRAME.head(1)):
        bucket.write(frame.lazy())
        assert bucket.scan().collect().equals(frame)


def test_a_folder_is_read_as_one(make: Make) -> None:
    for name in ("one", "two"):
        make(f"folder/{name}.parquet", "parquet").write(FRAME)
    assert make("folder/", "parquet").scan().collect().height == 2 * FRAME.height


def test_a_pipeline_runs_between_two_objects(make: Make, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))

    @task
    def clean(source: Bucket) -> pl.LazyFrame:
        return source.scan().filter(pl.col("value").is_not_null())

    @task
    def save(rows: pl.LazyFrame, destination: Bucket) -> None:
        destination.write(rows)

    raw, output = make("raw.parquet", "parquet"), make("output.parquet", "parquet")

    @pipeline
    def between() -> None:
        save(clean(raw), output)

    raw.write(FRAME)
    between.run()
    assert output.scan().collect().equals(FRAME.drop_nulls())
    assert (between.dag.sources, between.dag.sinks) == ((raw,), (output,))
