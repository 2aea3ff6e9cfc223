"""Wheels into folders and environments, by the real uv and the real pip."""

import logging
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pip
import pytest

from lakewright.dependencies import installing
from lakewright.dependencies.installing import install, installer
from lakewright.errors.dependencies import InstallError
from lakewright.errors.project import MissingExtraError
from tests.made_wheels import NATIVE, make_wheel, make_wheelhouse

INSTALLERS: Final = ("uv", "pip")


def no_uv() -> str:
    """What looking for uv gives where there is none."""
    raise MissingExtraError("uv", extra="wheelhouse", purpose="installing wheels")


@pytest.fixture(params=INSTALLERS)
def program(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The installer that is found."""
    if request.param == "pip":
        monkeypatch.setattr(installing, "find_uv", no_uv)
    name: str = request.param
    assert installer().name == name
    return name


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """An environment of its own that wheels are installed into, with the pip of this one; runs code in it."""
    folder = tmp_path / "environment"
    venv.create(folder, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "pip").symlink_to(Path(pip.__file__).parent)
    python = str(folder / "bin" / "python")
    monkeypatch.setattr(sys, "executable", python)

    def run(code: str) -> str:
        return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    return run


def value(folder: Path, code: str) -> str:
    """What code prints where a folder is on the path."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); {code}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_what_the_environment_asks_of_other_installations_has_no_say(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for prefix in ("UV", "PIP"):
        monkeypatch.setenv(f"{prefix}_REQUIRE_HASHES", "1")
        monkeypatch.setenv(f"{prefix}_CONSTRAINT", str(tmp_path / "nowhere.txt"))
    installed = install(make_wheelhouse(tmp_path / "house.zip", make_wheel(tmp_path, "mine")), target=tmp_path / "libs")
    assert installed.installer == program
    assert (tmp_path / "libs" / "mine.py").is_file()


def two_wheels(tmp_path: Path, version: str = "1.0") -> Path:
    wheels = tmp_path / version
    first = make_wheel(wheels, "first", version, requires=["second"])
    return make_wheelhouse(tmp_path / f"{version}.zip", first, make_wheel(wheels, "second", version))


def test_a_folder_is_filled_and_the_environment_stays_as_it_is(program: str, tmp_path: Path) -> None:
    installed = install(two_wheels(tmp_path), target=tmp_path / "target")
    assert installed.wheels == ("first-1.0-py3-none-any.whl", "second-1.0-py3-none-any.whl")
    assert (installed.installer, installed.target) == (program, str(tmp_path / "target"))
    assert value(tmp_path / "target", "import first, second; print(first.VERSION, second.VERSION)") == "1.0 1.0"
    with pytest.raises(ModuleNotFoundError):
        __import__("first")


@pytest.mark.usefixtures("program")
def test_another_build_of_one_version_takes_the_place_of_the_first(tmp_path: Path) -> None:
    for build in ("old", "new"):
        wheel = make_wheel(tmp_path / build, "mine", files={"mine.py": f"BUILD = {build!r}\n"})
        install(make_wheelhouse(tmp_path / build / "wheelhouse.zip", wheel), target=tmp_path / "target")
    assert value(tmp_path / "target", "import mine; print(mine.BUILD)") == "new"


@pytest.mark.usefixtures("program")
def test_an_environment_gets_another_build_of_one_version_unless_told_not_to(
    tmp_path: Path, environment: Callable[[str], str]
) -> None:
    houses = {}
    for build in ("old", "new"):
        wheel = make_wheel(tmp_path / build, "mine", files={"mine.py": f"BUILD = {build!r}\n"})
        houses[build] = make_wheelhouse(tmp_path / build / "wheelhouse.zip", wheel)
    install(houses["old"])
    install(houses["new"], force=False)
    assert environment("import mine; print(mine.BUILD)") == "old"
    install(houses["new"])
    assert environment("import mine; print(mine.BUILD)") == "new"


@pytest.mark.usefixtures("program")
def test_a_wheel_whose_needs_are_not_met_changes_nothing(tmp_path: Path, environment: Callable[[str], str]) -> None:
    wheels = [make_wheel(tmp_path, "other"), make_wheel(tmp_path, "lonely", requires=["absent-thing>=2"])]
    house = make_wheelhouse(tmp_path / "wheelhouse.zip", *wheels)
    with pytest.raises(InstallError, match="absent-thing"):
        install(house)
    assert environment("import importlib.util as u; print(u.find_spec('other'))") == "None"


@pytest.mark.usefixtures("program")
def test_what_is_installed_already_meets_the_needs_of_a_wheel(
    tmp_path: Path, environment: Callable[[str], str]
) -> None:
    install(make_wheelhouse(tmp_path / "runtime.zip", make_wheel(tmp_path, "runtime")))
    wheel = make_wheel(tmp_path, "mine", requires=["runtime"])
    install(make_wheelhouse(tmp_path / "wheelhouse.zip", wheel))
    assert environment("import mine, runtime; print(mine.VERSION)") == "1.0"


def test_a_wheel_for_another_platform_is_refused_in_the_installers_words(program: str, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "far", tag="cp311-cp311-win_amd64")
    with pytest.raises(InstallError) as caught:
        install(make_wheelhouse(tmp_path / "wheelhouse.zip", wheel), target=tmp_path / "target")
    message = str(caught.value)
    assert message.startswith(f"{program} could not install the wheels of {tmp_path / 'wheelhouse.zip'} (exit code ")
    said = {"uv": "far==1.0 has no wheels with a matching", "pip": "is not a supported wheel on this platform"}
    assert message.count(said[program]) == 1
    assert not (tmp_path / "target").exists()


@pytest.mark.usefixtures("program")
def test_a_broken_wheel_raises_before_anything_is_run_with_it(tmp_path: Path) -> None:
    wheel = tmp_path / "broken-1.0-py3-none-any.whl"
    wheel.write_bytes(b"this is no zip")
    with pytest.raises(InstallError, match="broken"):
        install(make_wheelhouse(tmp_path / "wheelhouse.zip", wheel), target=tmp_path / "target")


@pytest.mark.usefixtures("program")
def test_the_index_that_a_machine_is_set_up_with_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "elsewhere"))
    install(two_wheels(tmp_path), target=tmp_path / "target")
    assert (tmp_path / "target" / "first.py").is_file()
    assert not (tmp_path / "elsewhere").exists()


def test_every_wheel_is_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="lakewright.dependencies"):
        install(two_wheels(tmp_path), target=tmp_path / "target")
    assert caplog.messages[0].startswith("installing 2 wheels of ")
    assert caplog.messages[1:3] == ["  first-1.0-py3-none-any.whl", "  second-1.0-py3-none-any.whl"]


def test_without_an_installer_the_way_to_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "find_uv", no_uv)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"lakewright\[wheelhouse\]"):
        install(two_wheels(tmp_path), target=tmp_path / "target")


def test_compiled_code_is_installed_where_it_fits(tmp_path: Path) -> None:
    version = f"cp{sys.version_info.major}{sys.version_info.minor}"
    wheel = make_wheel(tmp_path, "native", tag=NATIVE.replace("cp311", version))
    install(make_wheelhouse(tmp_path / "wheelhouse.zip", wheel), target=tmp_path / "target")
    assert value(tmp_path / "target", "import native; print(native.VERSION)") == "1.0"
