"""The six formats from the archive to an import, with the packages of the index that this machine uses."""

import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lakewright.dependencies import ProcessorSettings, WheelTarget, process_dependencies
from lakewright.dependencies.platforms import tag_order
from lakewright.dependencies.wheel import read_wheel
from lakewright.errors.wheels import BuildError
from tests.dependencies.fixtures import FORMATS, WHEEL, write_format, write_zip
from tests.dependencies.installing import install, run

THIS = WheelTarget(f"{sys.version_info.major}.{sys.version_info.minor}")
# At least these: what a package depends on is for its next release to say.
EXPECTED = {
    "requirements_only": {"certifi", "charset-normalizer", "idna", "python-dateutil", "requests", "urllib3"},
    "pure_python": {"user-modules"},
    "packaged": {"six", "testpkg"},
    "existing_wheels": {"simplepkg"},
    "mixed": {"myapp", "urllib3"},
    "nested": {"certifi", "user-modules"},
}
# What is imported, and what it gives.
USES = {
    "requirements_only": ("import requests, dateutil.parser; print(dateutil.parser.parse('2026-11-30').day)", "30"),
    "pure_python": (
        (
            "from user_modules.calculator import multiply\n"
            "from user_modules.myutils import greet\nfrom user_modules.myutils.helpers import add\n"
            "print(multiply(6, 7), greet('you'), add(1, 2))"
        ),
        "42 Hello, you! 3",
    ),
    "packaged": ("import six; from testpkg.core import process_data; print(process_data([1, 2]))", "[2, 4]"),
    "existing_wheels": ("import simplepkg; print(simplepkg.hello())", "Hello from simplepkg"),
    "mixed": ("from myapp.api import version; import urllib3; print(version() == urllib3.__version__)", "True"),
    "nested": ("from user_modules.myproject.utils import bundle; print(bundle().endswith('cacert.pem'))", "True"),
}


def processed(tmp_path: Path, name: str, target: WheelTarget) -> tuple[Path, dict[str, Any]]:
    given = write_format(name, tmp_path / "given")
    made = Path(process_dependencies(given, f"{tmp_path}/volume/", "run-1", settings=ProcessorSettings(target=target)))
    assert made == tmp_path / "volume" / "run-1" / "wheelhouse.zip"
    return made, json.loads((made.parent / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_goes_from_the_archive_to_an_import(tmp_path: Path, name: str) -> None:
    made, manifest = processed(tmp_path, name, THIS)
    assert manifest["input"]["format"] == name
    assert {wheel["name"] for wheel in manifest["wheels"]} >= EXPECTED[name]
    with zipfile.ZipFile(made) as archive:
        assert [*(wheel["filename"] for wheel in manifest["wheels"]), "manifest.json"] == archive.namelist()
        archive.extractall(tmp_path / "wheels")
    code, said = USES[name]
    place = install((tmp_path / "wheels").glob("*.whl"), tmp_path / "site")
    assert run(code, place) == said


@pytest.mark.parametrize("target", [WheelTarget("3.10"), WheelTarget("3.12", "aarch64")], ids=str)
def test_wheels_fit_the_target_and_not_the_machine_that_makes_them(tmp_path: Path, target: WheelTarget) -> None:
    made, manifest = processed(tmp_path, "requirements_only", target)
    assert (manifest["python"], manifest["platform"]) == (target.python, target.platform)
    with zipfile.ZipFile(made) as archive:
        archive.extractall(tmp_path / "wheels")
    wheels = [read_wheel(path) for path in (tmp_path / "wheels").glob("*.whl")]
    assert all(wheel.tags & tag_order(target).keys() for wheel in wheels)
    (native,) = [wheel for wheel in wheels if not wheel.is_pure]
    assert native.name == "charset-normalizer"
    assert target.platform in native.filename


def test_wheels_that_are_handed_in_are_copied_byte_by_byte(tmp_path: Path) -> None:
    made, manifest = processed(tmp_path, "existing_wheels", THIS)
    given = zipfile.ZipFile(tmp_path / "given" / "existing_wheels.zip").read(WHEEL)
    with zipfile.ZipFile(made) as archive:
        assert archive.read(WHEEL) == given
    assert manifest["wheels"][0]["sha256"] == hashlib.sha256(given).hexdigest()


def test_the_archives_are_the_same_bytes_whenever_they_are_made(tmp_path: Path) -> None:
    for name in FORMATS:
        one, other = write_format(name, tmp_path / "a"), write_format(name, tmp_path / "b")
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    "settings",
    [
        {"setup.py": "from setuptools import setup\nsetup(name='mine', version='1.0', packages=['mine'])\n"},
        {"setup.cfg": "[metadata]\nname = mine\nversion = 1.0\n[options]\npackages = mine\n"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_a_project_may_be_described_as_it_was_done_before(tmp_path: Path, settings: dict[str, str]) -> None:
    files = {**settings, "mine/__init__.py": "x = 42\n", "helper.py": "from mine import x\n"}
    given = write_zip(tmp_path / "deps.zip", files)
    made = Path(process_dependencies(given, tmp_path / "volume", settings=ProcessorSettings(target=THIS)))
    with zipfile.ZipFile(made) as archive:
        archive.extractall(tmp_path / "wheels")
    place = install((tmp_path / "wheels").glob("*.whl"), tmp_path / "site")
    assert run("import user_modules.helper, mine; print(user_modules.helper.x)", place) == "42"


def test_a_layout_that_setuptools_does_not_guess_is_explained(tmp_path: Path) -> None:
    project = {"pyproject.toml": FORMATS["mixed"]["pyproject.toml"], "one/__init__.py": "", "two/__init__.py": ""}
    given = write_zip(tmp_path / "deps.zip", project)
    with pytest.raises(
        BuildError,
        match=r"^deps cannot be built: setuptools finds several packages beside each other, \['one', 'two'\]",
    ):
        process_dependencies(given, tmp_path / "volume", settings=ProcessorSettings(target=THIS))
    assert not (tmp_path / "volume").exists()


def test_a_tool_for_building_that_nobody_has_is_named(tmp_path: Path) -> None:
    text = "[build-system]\nrequires = ['no-such-back-end-anywhere']\nbuild-backend = 'no_such'\n"
    given = write_zip(tmp_path / "deps.zip", {"pyproject.toml": text, "mine.py": ""})
    with pytest.raises(BuildError) as caught:
        process_dependencies(given, tmp_path / "volume", settings=ProcessorSettings(target=THIS))
    assert "no-such-back-end-anywhere" in str(caught.value)
