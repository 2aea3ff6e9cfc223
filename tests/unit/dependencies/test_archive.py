import os
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lakewright.dependencies.archive import open_archive
from lakewright.dependencies.limits import Limits
from lakewright.errors.archives import DamagedArchiveError, NotAnArchiveError, TooLargeError, TooManyEntriesError
from tests.dependencies.hostile import HOSTILE, folder, tarred, zipped

FILES = {"pkg/a.py": b"x = 1\n", "requirements.txt": b"six\n"}


def in_a_folder(path: Path) -> None:
    for name, content in FILES.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)


def snapshot(below: Path) -> dict[Path, tuple[int, int]]:
    found = {each: each.lstat() for each in below.rglob("*")}
    return {each: (stat.st_size, stat.st_mtime_ns) for each, stat in found.items()}


def open_files() -> list[str]:
    return [os.readlink(f"/proc/self/fd/{each}") for each in os.listdir("/proc/self/fd") if _is_open(each)]  # noqa: PTH208, PTH115  the kernel's own list


def _is_open(descriptor: str) -> bool:
    return os.path.lexists(f"/proc/self/fd/{descriptor}")


@pytest.mark.parametrize("case", HOSTILE)
def test_an_archive_that_breaks_a_rule_is_refused_by_the_name_of_the_rule(tmp_path: Path, case: str) -> None:
    make, kind, says = HOSTILE[case]
    path = tmp_path / "deps.zip"
    make(path)
    before = snapshot(tmp_path)
    with pytest.raises(kind) as caught:
        open_archive(path)
    assert type(caught.value) is kind
    assert says in str(caught.value)
    assert str(caught.value).startswith("deps.zip: ")
    assert caught.value.hint
    # Nothing is written anywhere, and nothing is kept open.
    assert snapshot(tmp_path) == before
    assert not [each for each in open_files() if each.startswith(str(tmp_path))]


@pytest.mark.parametrize(
    "make",
    [
        zipped(FILES),
        tarred(*((name, tarfile.REGTYPE, content) for name, content in FILES.items())),
        tarred(*((f"./{name}", tarfile.REGTYPE, content) for name, content in FILES.items()), mode="w:gz"),
        in_a_folder,
    ],
    ids=["zip", "tar", "tar.gz", "folder"],
)
def test_what_is_in_it_is_the_same_however_it_is_packed(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "given"
    make(path)
    with open_archive(path) as archive:
        assert list(archive.members) == ["pkg/a.py", "requirements.txt"]
        assert {name: archive.read(name) for name in archive.members} == FILES
        archive.extract(tmp_path / "out")
    written = {each.relative_to(tmp_path / "out").as_posix(): each for each in (tmp_path / "out").rglob("*.*")}
    assert {name: file.read_bytes() for name, file in written.items()} == FILES


def test_only_the_files_that_are_named_are_written(tmp_path: Path) -> None:
    zipped(FILES)(tmp_path / "a.zip")
    with open_archive(tmp_path / "a.zip") as archive:
        archive.extract(tmp_path / "out", names=["pkg/a.py"])
    assert [each.name for each in (tmp_path / "out").rglob("*.*")] == ["a.py"]


def test_a_folder_with_something_in_it_is_not_written_to(tmp_path: Path) -> None:
    zipped(FILES)(tmp_path / "a.zip")
    with open_archive(tmp_path / "a.zip") as archive, pytest.raises(FileExistsError, match="is not empty"):
        archive.extract(tmp_path)


def test_a_file_that_is_not_there_is_a_key_that_is_not_there(tmp_path: Path) -> None:
    zipped(FILES)(tmp_path / "a.zip")
    with open_archive(tmp_path / "a.zip") as archive, pytest.raises(KeyError):
        archive.read("b.py")


def test_a_tar_of_the_folder_itself_lists_that_folder(tmp_path: Path) -> None:
    folder()(tmp_path / "code")
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.add(tmp_path / "code", arcname=".")
    with open_archive(tmp_path / "a.tar") as archive:
        assert list(archive.members) == ["a.py"]


def test_folders_of_tools_are_named_and_not_looked_into(tmp_path: Path) -> None:
    folder()(tmp_path / "code")
    (tmp_path / "code" / ".venv").mkdir()
    (tmp_path / "code" / ".venv" / "python").symlink_to("/usr/bin/python3")
    with open_archive(tmp_path / "code") as archive:
        assert (list(archive.members), archive.folders) == (["a.py"], (".venv",))


def link_above(folder: Path) -> None:
    (folder / "sub").rename(folder.parent / "elsewhere")
    (folder / "sub").symlink_to(folder.parent / "elsewhere")


def pipe_instead(folder: Path) -> None:
    (folder / "sub").rename(folder.parent / "elsewhere")
    os.mkfifo(folder / "sub")


def gone(folder: Path) -> None:
    (folder / "sub" / "a.py").unlink()


@pytest.mark.parametrize("change", [link_above, pipe_instead, gone])
def test_what_has_changed_in_a_folder_since_it_was_judged_is_not_read(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    (tmp_path / "given" / "sub").mkdir(parents=True)
    (tmp_path / "given" / "sub" / "a.py").write_text("x = 1\n", encoding="utf-8")
    with open_archive(tmp_path / "given") as archive:
        assert archive.read("sub/a.py") == b"x = 1\n"
        change(tmp_path / "given")
        with pytest.raises(DamagedArchiveError, match=r"^given: entry 'sub/a\.py' cannot be read"):
            archive.read("sub/a.py")


def test_a_wheel_alone_is_told_to_be_put_into_something(tmp_path: Path) -> None:
    zipped(FILES)(tmp_path / "six-1.0-py3-none-any.whl")
    with pytest.raises(NotAnArchiveError, match="is a wheel itself"):
        open_archive(tmp_path / "six-1.0-py3-none-any.whl")


def test_limits_are_settings(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    zipped(FILES)(path)
    with pytest.raises(TooManyEntriesError, match=r"Limits\(entries=…\)"):
        open_archive(path, Limits(entries=1))
    with pytest.raises(TooLargeError, match=r"entry 'pkg/a.py' unpacks to 6 bytes, 5 are allowed"):
        open_archive(path, Limits(entry_bytes=5))
    with pytest.raises(TooLargeError, match="unpacks to more than 9 bytes"):
        open_archive(path, Limits(total_bytes=9))


def test_what_is_read_as_a_whole_has_a_limit_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    zipped(FILES)(path)
    with (
        open_archive(path, Limits(text_bytes=5)) as archive,
        pytest.raises(TooLargeError, match=r"entry 'pkg/a.py' has 6 bytes and is read as a whole, for which 5 are"),
    ):
        archive.read("pkg/a.py")


def test_a_limit_of_nothing_is_no_limit() -> None:
    with pytest.raises(ValueError, match="a limit is a positive number: entries, ratio"):
        Limits(entries=0, ratio=-1)


def test_a_directory_of_a_million_entries_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    zipped({f"{number:05}.py": b"" for number in range(20_000)})(path)
    with pytest.raises(TooManyEntriesError, match="has a directory of more entries"):
        open_archive(path, Limits(entries=10))


@pytest.mark.parametrize("mode", ["zip", "tar", "tar.gz"])
def test_memory_stays_flat_over_what_is_read(tmp_path: Path, mode: str) -> None:
    (tmp_path / "large.bin").write_bytes(os.urandom(32 * 2**20))
    path = tmp_path / "a"
    if mode == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(tmp_path / "large.bin", "large.bin")
    else:
        with tarfile.open(
            path, "w:gz" if mode == "tar.gz" else "w", **({"compresslevel": 1} if "gz" in mode else {})
        ) as tar:  # type: ignore[call-overload]  # any mode
            tar.add(tmp_path / "large.bin", "large.bin")
    tracemalloc.start()
    try:
        with open_archive(path) as found:
            found.extract(tmp_path / "out")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (tmp_path / "out" / "large.bin").stat().st_size == 32 * 2**20
    assert peak < 12 * 2**20
