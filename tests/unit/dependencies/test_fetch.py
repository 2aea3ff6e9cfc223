import os
import socket
import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from lakewright.dependencies.fetch import fetch
from lakewright.dependencies.index import Index
from lakewright.dependencies.lock import Lock, LockedFile
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.resolve import resolve
from lakewright.dependencies.staging import PREFIX
from lakewright.errors.wheels import FetchError, HashMismatchError, OversizedFileError
from tests.wheel_files import PackageIndex, package_index, write_wheel

TARGET = WheelTarget("3.12")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[PackageIndex]:
    write_wheel(tmp_path / "files", "sales", requires=["rows>=1"])
    write_wheel(tmp_path / "files", "rows", "1.5")
    with package_index(tmp_path / "files") as index:
        yield index


def index_of(served: PackageIndex, tmp_path: Path, *, url: str = "", **more: str) -> Index:
    environment = {**os.environ, "UV_CACHE_DIR": str(tmp_path / "uv"), **more}
    return Index(urls=(url or served.url,), environment=environment)


class Shown:
    """Remembers what it is shown."""

    def __init__(self) -> None:
        self.total = (0, 0)
        self.arrived = 0
        self.names: list[str] = []

    def begins(self, *, files: int, size: int) -> None:
        self.total = (files, size)

    def advances(self, size: int) -> None:
        self.arrived += size

    def ends(self, filename: str) -> None:
        self.names.append(filename)


def resolved(served: PackageIndex, tmp_path: Path) -> tuple[Lock, Index]:
    index = index_of(served, tmp_path)
    return resolve(["sales"], TARGET, index=index), index


def left_in(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file() or path.name.startswith(PREFIX)]


def test_files_arrive_with_their_dependencies_and_are_shown(served: PackageIndex, tmp_path: Path) -> None:
    lock, index = resolved(served, tmp_path)
    shown = Shown()
    paths = fetch(lock.files, cache=tmp_path / "cache", index=index, progress=shown)
    assert [path.name for path in paths] == ["rows-1.5-py3-none-any.whl", "sales-1.0-py3-none-any.whl"]
    assert [path.read_bytes() for path in paths] == [(served.files / path.name).read_bytes() for path in paths]
    assert sorted(shown.names) == [path.name for path in paths]
    assert shown.total[0] == 2
    assert shown.arrived == sum(path.stat().st_size for path in paths)


def test_what_the_cache_has_is_not_asked_for_again(served: PackageIndex, tmp_path: Path) -> None:
    lock, index = resolved(served, tmp_path)
    first = fetch(lock.files, cache=tmp_path / "cache", index=index)
    asked = len(served.asked)
    assert fetch(lock.files, cache=tmp_path / "cache", index=index) == first
    assert len(served.asked) == asked


def test_a_cached_file_that_was_changed_is_fetched_again(served: PackageIndex, tmp_path: Path) -> None:
    lock, index = resolved(served, tmp_path)
    first = fetch(lock.files, cache=tmp_path / "cache", index=index)
    assert not first[0].stat().st_mode & stat.S_IWUSR
    first[0].chmod(0o644)
    first[0].write_bytes(b"something else")
    again = fetch(lock.files, cache=tmp_path / "cache", index=index)
    assert again[0].read_bytes() == (served.files / again[0].name).read_bytes()


def test_a_file_with_another_hash_is_refused_and_not_kept(served: PackageIndex, tmp_path: Path) -> None:
    lock, index = resolved(served, tmp_path)
    write_wheel(served.files, "rows", "1.5", files={"rows/__init__.py": "import os"})
    with pytest.raises(HashMismatchError, match=r"rows-1\.5-py3-none-any\.whl of 127\.0\.0\.1 is not the file"):
        fetch([file for file in lock.files if file.package == "rows"], cache=tmp_path / "cache", index=index)
    assert left_in(tmp_path / "cache") == []


@pytest.mark.parametrize("is_told", [True, False])
def test_of_a_server_that_sends_more_than_was_resolved_no_more_is_taken(
    served: PackageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_told: bool
) -> None:
    lock, index = resolved(served, tmp_path)
    (file,) = (file for file in lock.files if file.package == "rows")
    most = (served.files / file.filename).stat().st_size
    served.endless.add(file.filename)
    if not is_told:
        monkeypatch.setattr("lakewright.dependencies.download.LONGEST", most)
    wanted = replace(file, size=most if is_told else None)
    with pytest.raises(OversizedFileError, match=rf"rows-1\.5.* of 127\.0\.0\.1 .*: more than {most:,} bytes arrive"):
        fetch([wanted], cache=tmp_path / "cache", index=index)
    assert left_in(tmp_path / "cache") == []
    # What lies in buffers on the way counts as sent.
    assert served.sent < 1 << 25


def test_a_file_that_the_index_lists_and_lacks_is_told(served: PackageIndex, tmp_path: Path) -> None:
    lock, index = resolved(served, tmp_path)
    served.missing.add("rows-1.5-py3-none-any.whl")
    with pytest.raises(FetchError, match="404: the index names a file that is not there"):
        fetch(lock.files, cache=tmp_path / "cache", index=index)
    assert not any(path.name.startswith(PREFIX) for path in (tmp_path / "cache").rglob("*"))


def test_a_server_that_is_busy_is_asked_again(served: PackageIndex, tmp_path: Path) -> None:
    lock, index = resolved(served, tmp_path)
    served.failures = 2
    assert len(fetch(lock.files, cache=tmp_path / "cache", index=index)) == 2


def test_a_server_that_says_nothing_is_not_waited_for_without_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lakewright.dependencies.connections._SECONDS", 0.2)
    monkeypatch.setattr("lakewright.dependencies.download._PAUSES", (0.0,))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/rows-1.5-py3-none-any.whl"
        file = LockedFile(package="rows", version="1.5", url=url, sha256="0" * 64)
        with pytest.raises(FetchError, match=r"rows-1\.5-py3-none-any\.whl could not be fetched .* timed out"):
            fetch([file], cache=tmp_path / "cache", index=Index())
    assert left_in(tmp_path / "cache") == []


def test_a_file_without_a_hash_is_refused(served: PackageIndex, tmp_path: Path) -> None:
    served.lies["rows-1.5-py3-none-any.whl"] = ""
    lock, index = resolved(served, tmp_path)
    without = [file for file in lock.files if not file.sha256]
    # uv computes the hash of a file that the index tells none of; should it stop to, the file is refused.
    for file in without:
        with pytest.raises(FetchError, match="no sha256"):
            fetch([file], cache=tmp_path / "cache", index=index)
    assert without or fetch(lock.files, cache=tmp_path / "cache", index=index)


def test_without_the_network_only_the_cache_counts(served: PackageIndex, tmp_path: Path) -> None:
    lock, index = resolved(served, tmp_path)
    offline = Index(offline=True, environment=index.environment)
    with pytest.raises(FetchError, match=r"neither the cache nor .* has rows-1\.5"):
        fetch(lock.files, cache=tmp_path / "cache", index=offline)
    first = fetch(lock.files, cache=tmp_path / "cache", index=index)
    assert fetch(lock.files, cache=tmp_path / "cache", index=offline) == first


SIGNED_IN: Mapping[str, tuple[str, dict[str, str]]] = {
    "in the url": ("http://me:s3cret@{}", {}),
    "by variables": (
        "",
        {"UV_INDEX": "own=http://{}", "UV_INDEX_OWN_USERNAME": "me", "UV_INDEX_OWN_PASSWORD": "s3cret"},
    ),
}


@pytest.mark.parametrize("way", SIGNED_IN)
def test_credentials_are_used_for_the_index_and_its_files(served: PackageIndex, tmp_path: Path, way: str) -> None:
    served.password = "s3cret"  # noqa: S105  of this test's own server
    place = served.url.removeprefix("http://")
    url, variables = SIGNED_IN[way]
    filled = {name: value.format(place) for name, value in variables.items()}
    environment = {**os.environ, "UV_CACHE_DIR": str(tmp_path / "uv"), **filled}
    index = Index(urls=(url.format(place),) if url else (), environment=environment)
    lock = resolve(["sales"], TARGET, index=index)
    assert "s3cret" not in lock.text
    assert len(fetch(lock.files, cache=tmp_path / "cache", index=index)) == 2


def test_credentials_stand_in_no_message(served: PackageIndex, tmp_path: Path) -> None:
    lock, _ = resolved(served, tmp_path)
    served.password = "s3cret"  # noqa: S105  of this test's own server
    wrong = index_of(served, tmp_path, url=served.url.replace("//", "//me:hunter2@"))
    with pytest.raises(FetchError, match="401") as caught:
        fetch(lock.files, cache=tmp_path / "cache", index=wrong)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(wrong)
