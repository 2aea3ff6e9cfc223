import fcntl
import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from lakewright.dependencies.cache import cached, copy, default_cache, keep

CONTENT = b"a wheel"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def made(tmp_path: Path, content: bytes = CONTENT) -> Path:
    file = tmp_path / "rows.whl"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"LAKEWRIGHT_CACHE": "/own", "XDG_CACHE_HOME": "/cache"}, Path("/own")),
        ({"XDG_CACHE_HOME": "/cache"}, Path("/cache/lakewright/wheels")),
        ({}, Path.home() / ".cache" / "lakewright" / "wheels"),
    ],
)
def test_the_cache_is_where_the_variables_say(environment: dict[str, str], place: Path) -> None:
    assert default_cache(environment) == place


def test_a_file_that_was_kept_is_found_by_its_hash_and_name_and_cannot_be_written(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    kept = keep(cache, DIGEST, made(tmp_path))
    assert cached(cache, DIGEST, "rows.whl") == kept
    assert kept.stat().st_mode & 0o222 == 0
    assert not (tmp_path / "rows.whl").exists()
    assert cached(cache, DIGEST, "other.whl") is None
    assert cached(cache, "0" * 64, "rows.whl") is None


def test_a_file_that_is_not_what_its_hash_says_is_removed(tmp_path: Path) -> None:
    kept = keep(tmp_path / "cache", DIGEST, made(tmp_path, b"something else"))
    assert cached(tmp_path / "cache", DIGEST, "rows.whl") is None
    assert not kept.exists()


def test_of_two_that_keep_one_file_the_last_takes_its_place_whole(tmp_path: Path) -> None:
    first = keep(tmp_path / "cache", DIGEST, made(tmp_path))
    assert keep(tmp_path / "cache", DIGEST, made(tmp_path)) == first
    assert first.read_bytes() == CONTENT


def test_a_copy_that_is_edited_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    file = made(tmp_path)
    copied = copy(file, tmp_path / "out")
    assert copied.read_bytes() == CONTENT
    with copied.open("r+b") as edited:
        edited.write(b"!")
    assert file.read_bytes() == CONTENT


def test_a_file_of_which_nobody_may_write_is_copied_to_one_that_its_owner_can_replace(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    kept = keep(tmp_path / "cache", DIGEST, made(tmp_path))
    assert copy(kept, tmp_path / "out").stat().st_mode & 0o600 == 0o600


def test_a_file_system_that_shares_blocks_is_asked_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def clone(target: BinaryIO, request: int, source: int) -> None:
        asked.append(request)
        target.write(os.pread(source, 100, 0))

    monkeypatch.setattr(fcntl, "ioctl", clone)
    (tmp_path / "out").mkdir()
    assert copy(made(tmp_path), tmp_path / "out").read_bytes() == CONTENT
    assert asked == [0x40049409]
