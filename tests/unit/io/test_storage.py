from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from lakewright.errors.running import OutputError
from lakewright.io.storage import scan, write
from lakewright.model.storage import FORMATS, Storage
from tests import s3

FRAME: Final = pl.DataFrame({"carrier": ["UA", "AA", None], "delay": [1.5, None, -3.0]})
OTHER: Final = pl.DataFrame({"carrier": ["DL"], "delay": [0.0]})


def kept(storage: Storage) -> pl.DataFrame:
    return scan(storage, storage.uri).collect()


@pytest.mark.parametrize("format_", FORMATS)
def test_a_frame_comes_back_from_a_new_folder(format_: str, tmp_path: Path) -> None:
    storage = Storage(str(tmp_path / "not" / "yet" / "there"), format_)
    write(FRAME, storage, storage.uri)
    assert kept(storage).equals(FRAME)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_second_frame_takes_the_place_of_the_first(format_: str, tmp_path: Path) -> None:
    storage = Storage(str(tmp_path / "place"), format_)
    write(FRAME, storage, storage.uri)
    write(OTHER.lazy(), storage, storage.uri)
    assert kept(storage).equals(OTHER)


def test_what_is_no_frame_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path / "not" / "a.parquet"))
    with pytest.raises(OutputError, match="a bucket takes polars frames, not list"):
        write([1, 2], storage, storage.uri)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    storage = Storage(str(tmp_path / "file" / "a.parquet"))
    with pytest.raises(OutputError, match=f"cannot write {storage.uri}"):
        write(FRAME, storage, storage.uri)


def test_a_json_document_in_an_object_store_is_refused() -> None:
    storage = Storage("s3://lake/a.json")
    with pytest.raises(OutputError, match="'json' is read and written as a whole") as refused:
        scan(storage, storage.uri)
    assert "ndjson" in refused.value.hint


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with s3.server("data-lake") as found:
        yield found


@pytest.mark.parametrize("format_", [each for each in FORMATS if each != "json"])
def test_a_frame_comes_back_from_s3(format_: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3.environment(address).items():
        if name not in {"AWS_ENDPOINT_URL", "AWS_ALLOW_HTTP"}:
            monkeypatch.setenv(name, value)
    options = {"aws_endpoint_url": address, "aws_allow_http": "true"}
    storage = Storage(f"s3://data-lake/exports/{format_}", format_, options)
    write(FRAME, storage, storage.uri)
    write(OTHER, storage, storage.uri)
    assert kept(storage).equals(OTHER)
