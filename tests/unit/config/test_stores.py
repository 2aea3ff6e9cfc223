import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from lakewright import Provider
from lakewright.config import AwsConfig, AzureConfig, AzureStorageConfig, GcpConfig, GcsConfig, LocalConfig, S3Config
from lakewright.config.base import ProviderConfig
from lakewright.config.stores import StoreConfig
from lakewright.errors.authoring import SettingError
from tests import s3

AWS = Provider(config=AwsConfig(region="eu-west-1"))
EVERY = [
    (AwsConfig(region="eu-west-1"), S3Config(endpoint="http://127.0.0.1:1", region="eu-west-2", anonymous=True)),
    (
        AzureConfig(storage_account="lake"),
        AzureStorageConfig(account="other", endpoint="http://127.0.0.1:1", anonymous=True),
    ),
    (GcpConfig(project="lake"), GcsConfig(endpoint="http://127.0.0.1:1", anonymous=True)),
]


def client() -> Path:
    """The compiled part of polars, which speaks to stores."""
    return next(path for path in Path(pl.__file__).parents[1].glob("_polars_runtime*/*.so"))


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a store with the bucket `lake`."""
    with s3.server("lake") as address:
        yield address


def test_a_store_is_found_by_its_configuration_alone(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ALLOW_HTTP", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    rows = pl.DataFrame({"a": [1, 2]})
    bucket = AWS.bucket("lake", "rows.parquet", config=S3Config(endpoint=store))
    bucket.write(rows)
    assert bucket.scan().collect().equals(rows)


def test_what_is_said_more_closely_goes_before() -> None:
    config = S3Config(region="eu-west-2", anonymous=True)
    options = AWS.bucket("lake", "a.csv", config=config, options={"aws_skip_signature": "false"}).options
    assert options == {"aws_region": "eu-west-2", "aws_skip_signature": "false"}


@pytest.mark.parametrize(("cloud", "config"), EVERY, ids=lambda each: type(each).__name__)
def test_each_cloud_takes_its_own_store_and_no_other(cloud: ProviderConfig, config: StoreConfig) -> None:
    assert Provider(config=cloud).bucket("lake", "a.csv", config=config).options.items() >= config.options().items()
    with pytest.raises(SettingError, match=r"S3Config\(…\), AzureStorageConfig\(…\) or GcsConfig"):
        Provider(config=LocalConfig()).bucket("lake", "a.csv", config=config)


@pytest.mark.parametrize(("cloud", "config"), EVERY, ids=lambda each: type(each).__name__)
def test_every_option_is_one_that_the_client_knows(cloud: ProviderConfig, config: StoreConfig) -> None:
    content = client().read_bytes()
    unknown = [name for name in {**cloud.options(), **config.options()} if not re.search(name.encode(), content)]
    assert unknown == []


def test_what_cannot_be_is_an_error_at_its_line() -> None:
    with pytest.raises(SettingError, match="begins with https:// or http://"):
        S3Config(endpoint="lake:9000")
    with pytest.raises(SettingError, match="AzureStorageConfig"):
        AzureStorageConfig(account="")
