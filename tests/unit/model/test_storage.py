import pytest

from lakewright.errors.authoring import SettingError
from lakewright.model.storage import FORMATS, Storage, resolved
from lakewright.model.target import TargetValues

LAPTOP = TargetValues(name="local", root="/home/me/.lakewright", data="/home/me/data", catalog="c", schema="s")
CLOUD = TargetValues(name="prod", root="/Volumes/main/sales/lakewright", data="/data", catalog="main", schema="sales")


@pytest.mark.parametrize(
    ("uri", "format_"),
    [
        ("s3://lake/a.parquet", "parquet"),
        ("gs://lake/a.csv", "csv"),
        ("abfss://raw@account.dfs.core.windows.net/a.ndjson", "ndjson"),
        ("/Volumes/main/raw/landing/a.JSONL", "ndjson"),
        ("{data}/a.json", "json"),
        ("{root}/folder", "parquet"),
        ("s3://lake-{target}/a.b/c", "parquet"),
    ],
)
def test_a_format_follows_from_the_suffix(uri: str, format_: str) -> None:
    assert Storage(uri).format == format_


def test_a_format_that_is_given_counts() -> None:
    assert [Storage("s3://lake/a.csv", format_).format for format_ in FORMATS] == list(FORMATS)


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("", "is no text, or empty"),
        (7, "is no text, or empty"),
        ("raw/a.csv", "has a relative path"),
        ("s3:///a.csv", "names no bucket"),
        ("ftp://host/a.csv", "lies in 'ftp://', which is no known store"),
        ("dbfs:/tmp/a.csv", "lies in 'dbfs:', which is no known store"),
        ("/Volumes/{katalog}/a", "names a place that no target has: 'katalog'; did you mean 'catalog'?"),
    ],
)
def test_an_address_that_cannot_be_is_refused(uri: str, message: str) -> None:
    with pytest.raises(SettingError, match="bucket") as refused:
        Storage(uri)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "uri", ["s3://AKIA:hunter2@lake/a.csv", "abfss://raw@account.dfs.core.windows.net/a?sv=1&sig=hunter2"]
)
def test_a_secret_in_an_address_is_refused_and_not_repeated(uri: str) -> None:
    with pytest.raises(SettingError, match="secret") as refused:
        Storage(uri)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["aws_secret_access_key", "AWS_ACCESS_KEY_ID", "azure_storage_sas_token", "account-key", "password"]
)
def test_a_secret_option_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(SettingError, match=f"has the option '{name}', which is a secret") as refused:
        Storage("s3://lake/a.csv", options={name: "hunter2"})
    assert "hunter2" not in str(refused.value)
    assert "environment" in refused.value.hint


def test_the_id_of_a_key_that_stays_with_its_service_is_no_secret() -> None:
    options = {"aws_sse_kms_key_id": "alias/lake", "aws_region": "eu-west-1"}
    assert Storage("s3://lake/a.csv", options=options).options == options


@pytest.mark.parametrize("options", [{"aws_region": 1}, ["aws_region"], None])
def test_options_are_text(options: object) -> None:
    with pytest.raises(SettingError, match="no dict of text to text"):
        Storage("s3://lake/a.csv", options=options)  # type: ignore[arg-type]  # what users get wrong


def test_a_format_that_there_is_not_is_refused() -> None:
    with pytest.raises(SettingError, match="has the unknown format 'parkett'; did you mean 'parquet'"):
        Storage("s3://lake/a", "parkett")


def test_storages_are_equal_by_what_they_say() -> None:
    one = Storage("s3://lake/a.csv", options={"aws_region": "x", "aws_allow_http": "true"})
    two = Storage("s3://lake/a.csv", "csv", {"aws_allow_http": "true", "aws_region": "x"})
    assert (one, hash(one)) == (two, hash(two))
    assert one != Storage("s3://lake/a.csv")
    assert one != "s3://lake/a.csv"


def test_what_was_given_can_change_without_changing_the_storage() -> None:
    options = {"aws_region": "x"}
    storage = Storage("s3://lake/a.csv", options=options)
    options["aws_region"] = "y"
    assert storage.options == {"aws_region": "x"}


@pytest.mark.parametrize(
    ("uri", "laptop", "cloud"),
    [
        ("s3://lake-{target}/a.csv", "s3://lake-local/a.csv", "s3://lake-prod/a.csv"),
        ("{data}/a.csv", "/home/me/data/a.csv", "/data/a.csv"),
        ("{root}/a.csv", "/home/me/.lakewright/a.csv", "/Volumes/main/sales/lakewright/a.csv"),
        (
            "/Volumes/{catalog}/{schema}/raw/a.csv",
            "/home/me/.lakewright/volumes/c/s/raw/a.csv",
            "/Volumes/main/sales/raw/a.csv",
        ),
    ],
)
def test_places_of_the_target_are_filled_in(uri: str, laptop: str, cloud: str) -> None:
    assert resolved(uri, LAPTOP) == laptop
    assert resolved(uri, CLOUD) == cloud


@pytest.mark.parametrize(("uri", "stem"), [("s3://lake/raw/a.b.csv", "a"), ("s3://lake/raw/", "raw"), ("/x", "x")])
def test_the_stem_names_the_data(uri: str, stem: str) -> None:
    assert Storage(uri).stem == stem
