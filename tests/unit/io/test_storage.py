import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import Request, urlopen

import polars as pl
import pytest

from lakewright.errors.running import OutputError
from lakewright.io.storage import scan, write
from lakewright.model.storage import FORMATS, Storage

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
def s3() -> Iterator[str]:
    """The address of a server that speaks S3, with the bucket `data-lake`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", address.rpartition(":")[2]]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _make_bucket(f"{address}/data-lake")
            yield address
        finally:
            server.terminate()


def _make_bucket(url: str) -> None:
    deadline = time.monotonic() + 60
    while not _has_answered(Request(url, method="PUT")):  # noqa: S310  on this machine
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _has_answered(request: Request) -> bool:
    try:
        with urlopen(request):  # noqa: S310  on this machine
            return True
    except URLError:
        return False


@pytest.mark.parametrize("format_", [each for each in FORMATS if each != "json"])
def test_a_frame_comes_back_from_s3(format_: str, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ACCESS_KEY_ID", "test"), ("SECRET_ACCESS_KEY", "test"), ("REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    options = {"aws_endpoint_url": s3, "aws_allow_http": "true"}
    storage = Storage(f"s3://data-lake/exports/{format_}", format_, options)
    write(FRAME, storage, storage.uri)
    write(OTHER, storage, storage.uri)
    assert kept(storage).equals(OTHER)
