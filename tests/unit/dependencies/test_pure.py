"""One zip of modules from several wheels."""

import subprocess
import sys
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lakewright.dependencies.pure import merge, sort_wheels
from lakewright.errors.dependencies import NoWheelsError, ShippingError
from tests.made_wheels import NATIVE, make_wheel
from tests.wheel_files import damage_deflated


def merged(wheels: Iterable[Path]) -> bytes:
    """What the wheels are merged to."""
    with TemporaryDirectory() as place:
        made = Path(place) / "merged.zip"
        merge(wheels, made)
        return made.read_bytes()


def names(content: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.namelist()


def imported(tmp_path: Path, content: bytes, code: str) -> str:
    """What code prints where the zip is on the path."""
    file = tmp_path / "merged.zip"
    file.write_bytes(content)
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(file)!r}); {code}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_modules_metadata_and_data_of_all_wheels_are_found_in_it(tmp_path: Path) -> None:
    first = make_wheel(tmp_path, "first", files={"first/__init__.py": "", "first/words.txt": "42"})
    second = make_wheel(tmp_path, "second", "2.0")
    code = "import first, second; from importlib import metadata as m, resources as r; "
    code += "print(m.version('second'), r.files('first').joinpath('words.txt').read_text())"
    assert imported(tmp_path, merged([first, second]), code) == "2.0 42"


def test_packages_without_an_init_are_found(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "spaced", files={"spaced/deep/module.py": "X = 1\n"})
    assert imported(tmp_path, merged([wheel]), "from spaced.deep.module import X; print(X)") == "1"


def test_one_package_in_parts_comes_together(tmp_path: Path) -> None:
    parts = [make_wheel(tmp_path, f"ns_{part}", files={f"ns/{part}.py": f"X = {part!r}\n"}) for part in "ab"]
    assert imported(tmp_path, merged(parts), "from ns import a, b; print(a.X, b.X)") == "a b"


def test_equal_wheels_give_equal_bytes_in_whatever_order(tmp_path: Path) -> None:
    here = [make_wheel(tmp_path / "here", name) for name in ("one", "two")]
    there = [make_wheel(tmp_path / "there", name) for name in ("two", "one")]
    assert merged(here) == merged(there)


def test_modules_that_a_wheel_keeps_apart_stand_where_they_are_installed(tmp_path: Path) -> None:
    files = {"apart-1.0.data/purelib/apart.py": "X = 1\n", "apart-1.0.data/scripts/run.sh": "#!/bin/sh\n"}
    found = names(merged([make_wheel(tmp_path, "apart", files=files)]))
    assert "apart.py" in found
    assert not [name for name in found if "run.sh" in name or ".data" in name]


def test_two_wheels_may_hold_one_file_if_it_is_the_same(tmp_path: Path) -> None:
    wheels = [make_wheel(tmp_path, name, files={"shared/__init__.py": ""}) for name in ("one", "two")]
    assert names(merged(wheels)).count("shared/__init__.py") == 1


def test_two_wheels_with_different_content_for_one_file_are_refused(tmp_path: Path) -> None:
    wheels = [make_wheel(tmp_path, name, files={"utils.py": f"X = {name!r}\n"}) for name in ("one", "two")]
    with pytest.raises(ShippingError, match=r"one-1.0-py3-none-any.whl and two-1.0-.* both hold utils.py"):
        merged(wheels)


def test_a_damaged_wheel_is_named(tmp_path: Path) -> None:
    wheel = tmp_path / "broken-1.0-py3-none-any.whl"
    wheel.write_bytes(b"this is no zip")
    with pytest.raises(NoWheelsError, match=r"broken-1.0-py3-none-any.whl is no wheelhouse: it cannot be read"):
        merged([wheel])


def test_a_wheel_with_a_file_that_cannot_be_unpacked_is_named(tmp_path: Path) -> None:
    made = make_wheel(tmp_path, "broken")
    with pytest.raises(NoWheelsError, match=r"^broken-1.0-py3-none-any.whl is no wheelhouse: it cannot be read"):
        merged([damage_deflated(made, tmp_path / "damaged" / made.name)])


def test_wheels_are_told_apart_by_their_tags(tmp_path: Path) -> None:
    pure, native = make_wheel(tmp_path, "pure"), make_wheel(tmp_path, "native", tag=NATIVE)
    bound = make_wheel(tmp_path, "bound", tag="py3-none-manylinux2014_x86_64")
    assert sort_wheels([pure, native, bound]) == ((pure,), (native, bound))
