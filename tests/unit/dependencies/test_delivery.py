import resource
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lakewright.dependencies.delivery import check_free, checked_run_id, deliver, pack
from lakewright.errors.dependencies import DeliveryError, OutputExistsError, RunIdError


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """A disk that is full after so many bytes, as far as one file can tell."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "a-1-py3-none-any.whl"
    path.write_bytes(b"x" * 100_000)
    return path


def test_the_archive_is_the_same_bytes_in_whatever_order_wheels_come(tmp_path: Path, wheel: Path) -> None:
    other = wheel.with_name("b-1-py3-none-any.whl")
    other.write_bytes(b"y")
    made = []
    for number, wheels in enumerate(([wheel, other], [other, wheel])):
        (tmp_path / str(number)).mkdir()
        made.append(pack(wheels, "{}", tmp_path / str(number)).read_bytes())
    assert made[0] == made[1]


def test_a_volume_that_is_full_keeps_nothing_of_the_run(tmp_path: Path, wheel: Path) -> None:
    archive = pack([wheel], "{}", tmp_path)
    with no_file_larger_than(10_000), pytest.raises(DeliveryError, match="run cannot be written: File too large"):
        deliver(archive, "{}", tmp_path / "volume" / "run")
    assert list((tmp_path / "volume").iterdir()) == []


def test_a_volume_without_room_for_the_manifest_keeps_nothing_either(tmp_path: Path, wheel: Path) -> None:
    archive = pack([wheel], "{}", tmp_path)
    size = archive.stat().st_size
    with no_file_larger_than(size), pytest.raises(DeliveryError):
        deliver(archive, " " * (size + 1), tmp_path / "volume" / "run")
    assert list((tmp_path / "volume").iterdir()) == []


def test_a_folder_is_taken_once(tmp_path: Path, wheel: Path) -> None:
    archive = pack([wheel], "{}", tmp_path)
    deliver(archive, "{}", tmp_path / "volume" / "run")
    with pytest.raises(OutputExistsError):
        deliver(archive, "{}", tmp_path / "volume" / "run")
    with pytest.raises(OutputExistsError):
        check_free(tmp_path / "volume" / "run")
    check_free(tmp_path / "volume" / "other")


def test_memory_does_not_grow_with_the_wheels(tmp_path: Path) -> None:
    wheel = tmp_path / "large-1-py3-none-any.whl"
    with wheel.open("wb") as file:
        file.truncate(256 * 2**20)
    tracemalloc.start()
    try:
        deliver(pack([wheel], "{}", tmp_path), "{}", tmp_path / "volume" / "run")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    with zipfile.ZipFile(tmp_path / "volume" / "run" / "wheelhouse.zip") as archive:
        assert archive.getinfo(wheel.name).file_size == 256 * 2**20
    assert peak < 8 * 2**20


@pytest.mark.parametrize("wrong", ["", ".", "..", "a/b", "a\\b", "a" * 101, "a\n"])
def test_an_id_names_one_folder(wrong: str) -> None:
    with pytest.raises(RunIdError, match="letters, digits"):
        checked_run_id(wrong)
    assert checked_run_id("20261130-1412-7f3a.1") == "20261130-1412-7f3a.1"
