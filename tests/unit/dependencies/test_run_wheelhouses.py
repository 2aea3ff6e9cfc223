"""The wheelhouse of a run, read as one of a pipeline."""

import zipfile
from pathlib import Path

import pytest

from lakewright.dependencies import process_dependencies
from lakewright.dependencies.run_wheelhouses import find_run_wheelhouse, read_run_wheelhouse, whole
from lakewright.dependencies.verify import verify
from lakewright.dependencies.wheelhouse import check_files
from lakewright.errors.wheels import WheelhouseError
from tests.dependencies.fixtures import write_zip


@pytest.fixture
def made(tmp_path: Path) -> Path:
    given = write_zip(tmp_path / "given.zip", {"calculator.py": "ANSWER = 42\n"})
    return Path(process_dependencies(given, tmp_path / "volume", "r1"))


def test_it_is_found_by_its_folder_and_by_itself(made: Path, tmp_path: Path) -> None:
    assert find_run_wheelhouse(made) == find_run_wheelhouse(made.parent) == made
    assert find_run_wheelhouse(tmp_path) is None
    assert find_run_wheelhouse(tmp_path / "nowhere") is None


def test_it_is_what_its_manifest_says_and_can_be_tried_out(made: Path) -> None:
    told = read_run_wheelhouse(made)
    assert [wheel.name for wheel in told.wheels] == ["user-modules"]
    with whole(told) as here:
        check_files(here)
        assert here.digest == told.digest
        assert verify(here).refused == ()
        place = here.path
    assert not place.exists()


def test_wheels_that_are_not_those_of_the_manifest_are_refused(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        manifest = archive.read("manifest.json")
    other = write_zip(tmp_path / "other.zip", {"calculator.py": "ANSWER = 6\n"})
    changed = Path(process_dependencies(other, tmp_path / "volume", "r2"))
    with zipfile.ZipFile(changed) as archive:
        wheels = {name: archive.read(name) for name in archive.namelist() if name.endswith(".whl")}
    forged = write_zip(tmp_path / "forged.zip", {**wheels, "manifest.json": manifest})
    with (
        pytest.raises(
            WheelhouseError, match=r"the wheels of .*forged\.zip are not those that its manifest\.json names"
        ),
        whole(read_run_wheelhouse(forged)),
    ):
        pass


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": "another/1"}'])
def test_a_manifest_of_something_else_is_refused(tmp_path: Path, manifest: str) -> None:
    file = write_zip(tmp_path / "other.zip", {"manifest.json": manifest})
    with pytest.raises(WheelhouseError, match=r"other\.zip"):
        read_run_wheelhouse(file)
