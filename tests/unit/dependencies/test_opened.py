"""Wheelhouses in all their shapes."""

import zipfile
from pathlib import Path

import pytest

from lakewright.dependencies.opened import content_digest, local_path, opened
from lakewright.errors.dependencies import NoWheelsError
from tests.made_wheels import make_wheel, make_wheelhouse, write_zip
from tests.wheel_files import damage_deflated


def names(path: Path) -> list[str]:
    with opened(path) as wheels:
        return [wheel.name for wheel in wheels]


def test_a_zip_a_folder_and_a_folder_of_a_repository_hold_the_same_wheels(tmp_path: Path) -> None:
    wheels = [make_wheel(tmp_path / "wheels", name) for name in ("one", "two")]
    make_wheelhouse(tmp_path / "wheelhouse.zip", *wheels)
    expected = ["one-1.0-py3-none-any.whl", "two-1.0-py3-none-any.whl"]
    assert names(tmp_path / "wheelhouse.zip") == names(tmp_path / "wheels") == names(tmp_path) == expected


def test_what_is_no_wheel_at_the_root_is_left_alone(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "one")
    content: dict[str, str | bytes] = {
        wheel.name: wheel.read_bytes(),
        "manifest.json": "{}",
        "sub/two-1.0-py3-none-any.whl": b"x",
    }
    write_zip(tmp_path / "wheelhouse.zip", {**content, "../three-1.0-py3-none-any.whl": b"x"})
    assert names(tmp_path / "wheelhouse.zip") == [wheel.name]
    assert not list(tmp_path.parent.glob("three*"))


def test_what_was_unpacked_is_gone_afterwards(tmp_path: Path) -> None:
    file = make_wheelhouse(tmp_path / "wheelhouse.zip", make_wheel(tmp_path, "one"))
    with opened(file) as wheels:
        assert wheels[0].is_file()
    assert not wheels[0].exists()


def test_what_is_not_there_is_no_wheelhouse(tmp_path: Path) -> None:
    with pytest.raises(NoWheelsError, match=r"none\.zip is no wheelhouse: it is not there\n  A wheelhouse is a zip"):
        names(tmp_path / "none.zip")


def test_a_damaged_zip_is_no_wheelhouse(tmp_path: Path) -> None:
    file = make_wheelhouse(tmp_path / "wheelhouse.zip", make_wheel(tmp_path, "one"))
    content = bytearray(file.read_bytes())
    content[80] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(NoWheelsError, match="is no wheelhouse: it cannot be read: "):
        names(file)


def test_a_zip_that_cannot_be_unpacked_is_no_wheelhouse(tmp_path: Path) -> None:
    file = make_wheelhouse(tmp_path / "whole.zip", make_wheel(tmp_path, "one"))
    with pytest.raises(NoWheelsError, match="it cannot be read"):
        names(damage_deflated(file, tmp_path / "damaged.zip"))


def test_a_zip_without_wheels_is_no_wheelhouse(tmp_path: Path) -> None:
    with pytest.raises(NoWheelsError, match="it holds no wheel"):
        names(write_zip(tmp_path / "code.zip", {"calculator.py": ""}))


def test_a_wheel_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    file = make_wheelhouse(tmp_path / "wheelhouse.zip", make_wheel(tmp_path, "one"))
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("one-1.0-py3-none-any.whl", b"another")
    with pytest.raises(NoWheelsError, match=r"it holds one-1.0-py3-none-any.whl twice"):
        names(file)


def test_equal_wheels_have_equal_digests_wherever_they_lie(tmp_path: Path) -> None:
    here, there = (make_wheel(tmp_path / place, "one") for place in ("here", "there"))
    assert content_digest([here]) == content_digest([there])
    other = make_wheel(tmp_path / "other", "one", files={"one.py": "VERSION = 2\n"})
    assert content_digest([here]) != content_digest([other])


def test_paths_without_a_scheme_stay_as_they_are() -> None:
    assert local_path("/Volumes/a/b/c") == Path("/Volumes/a/b/c")
