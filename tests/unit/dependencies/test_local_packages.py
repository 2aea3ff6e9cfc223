"""Folders of installed packages: made once, by whoever comes first, and never by halves."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from lakewright.dependencies.local_packages import packages_folder
from lakewright.dependencies.opened import content_digest, opened
from lakewright.errors.dependencies import ChangedWheelsError, DependencyError, GoneError, InstallError
from tests.made_wheels import make_wheel, make_wheelhouse


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder / f"lakewright-packages-{os.getuid()}"


@pytest.fixture
def wheelhouse(tmp_path: Path) -> tuple[str, str]:
    """A wheelhouse and its digest."""
    return given(tmp_path / "wheelhouse.zip", make_wheel(tmp_path, "mine"))


def test_who_comes_later_finds_what_is_there_though_the_wheels_are_gone(wheelhouse: tuple[str, str]) -> None:
    folder = packages_folder(*wheelhouse)
    assert (Path(folder) / "mine.py").is_file()
    Path(wheelhouse[0]).unlink()
    assert packages_folder(*wheelhouse) == folder


def test_wheels_that_are_gone_before_anybody_came_are_told_with_the_way_on(wheelhouse: tuple[str, str]) -> None:
    Path(wheelhouse[0]).unlink()
    with pytest.raises(GoneError, match=r"(?s)the packages of this run are gone: .*A repair has to make them again"):
        packages_folder(*wheelhouse)


def given(file: Path, wheel: Path) -> tuple[str, str]:
    """A wheelhouse of a wheel and its digest."""
    made = make_wheelhouse(file, wheel)
    with opened(made) as wheels:
        return str(made), content_digest(wheels)


def test_other_content_has_another_folder(wheelhouse: tuple[str, str], tmp_path: Path) -> None:
    other = given(tmp_path / "other.zip", make_wheel(tmp_path, "mine", files={"mine.py": ""}))
    assert packages_folder(*wheelhouse) != packages_folder(*other)


def test_wheels_that_were_exchanged_are_not_installed_under_the_name_of_the_others(
    wheelhouse: tuple[str, str], tmp_path: Path, scratch: Path
) -> None:
    make_wheelhouse(Path(wheelhouse[0]), make_wheel(tmp_path, "mine", files={"mine.py": "evil = True"}))
    with pytest.raises(ChangedWheelsError, match="is not what was made for this run"):
        packages_folder(*wheelhouse)
    assert [each.suffix for each in scratch.iterdir()] == [".lock"]


def test_what_a_process_that_was_killed_has_begun_is_not_taken(wheelhouse: tuple[str, str], scratch: Path) -> None:
    folder = Path(packages_folder(*wheelhouse))
    part = folder.rename(folder.with_suffix(".part"))
    (part / "mine.py").write_text("half of it")
    assert Path(packages_folder(*wheelhouse), "mine.py").read_text() == "VERSION = '1.0'\n"
    assert not list(scratch.glob("*.part"))


def test_an_installation_that_fails_leaves_no_folder(tmp_path: Path, scratch: Path) -> None:
    wheel = make_wheel(tmp_path, "far", tag="cp311-cp311-win_amd64")
    with pytest.raises(InstallError):
        packages_folder(*given(tmp_path / "bad.zip", wheel))
    assert [each.suffix for each in scratch.iterdir()] == [".lock"]


def in_a_process(scratch: str, wheelhouse: str, digest: str) -> str:
    import tempfile

    tempfile.tempdir = scratch
    return packages_folder(wheelhouse, digest)


def test_processes_that_come_at_once_share_one_folder(wheelhouse: tuple[str, str], tmp_path: Path) -> None:
    with ProcessPoolExecutor(6, mp_context=get_context("spawn")) as pool:
        found = [pool.submit(in_a_process, str(tmp_path / "tmp"), *wheelhouse) for _ in range(6)]
        assert len({each.result() for each in found}) == 1


def test_what_nobody_has_used_for_long_goes_when_something_new_comes(
    wheelhouse: tuple[str, str], tmp_path: Path
) -> None:
    old = Path(packages_folder(*wheelhouse))
    other = given(tmp_path / "other.zip", make_wheel(tmp_path, "other"))
    used = Path(packages_folder(*other))
    long_ago = time.time() - 15 * 24 * 3600
    for folder in (old, used):
        os.utime(folder, (long_ago, long_ago))
    packages_folder(*other)
    packages_folder(*given(tmp_path / "third.zip", make_wheel(tmp_path, "third")))
    assert not old.exists()
    assert used.exists()


def spoil_by_mode(base: Path) -> None:
    base.mkdir()
    base.chmod(0o777)


def spoil_by_link(base: Path) -> None:
    base.symlink_to(base.parent)


@pytest.mark.parametrize("spoil", [spoil_by_mode, spoil_by_link])
def test_a_folder_that_others_could_write_is_not_used(
    wheelhouse: tuple[str, str], scratch: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(scratch)
    with pytest.raises(DependencyError, match="is not a folder of this user alone\n  Remove it, or set TMPDIR"):
        packages_folder(*wheelhouse)
