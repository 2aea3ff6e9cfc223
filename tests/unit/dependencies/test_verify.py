import os
import platform
import sys
from pathlib import Path

import pytest

from lakewright.dependencies.contents import Wheelhouse
from lakewright.dependencies.index import Index
from lakewright.dependencies.interpreters import find_python
from lakewright.dependencies.platforms import AARCH64, X86_64, WheelTarget
from lakewright.dependencies.verify import verify
from lakewright.dependencies.wheelhouse import assemble
from lakewright.errors.wheels import WheelhouseError
from tests.pythons import MINORS, find_pythons
from tests.wheel_files import write_wheel

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
MACHINE = platform.machine()
OTHER = AARCH64 if MACHINE == X86_64 else X86_64


def built(place: Path, python: str = HERE, *, source: str = "", machine: str = MACHINE) -> Wheelhouse:
    wheels = [
        write_wheel(place, "sales", files={"sales/__init__.py": f"import rows\n{source}"}, requires=["rows"]),
        write_wheel(place, "rows", files={"rows.py": "import sys\nPYTHON = sys.version_info[:2]\n"}),
    ]
    return assemble(wheels, place / "out", target=WheelTarget(python, machine))


@pytest.mark.parametrize("python", MINORS)
def test_all_of_it_is_imported_by_the_targets_python(tmp_path: Path, python: str) -> None:
    found = find_python(python, Index())
    # Whichever of these Pythons a machine has, uv and pyenv know it.
    assert (found is not None) >= (python in find_pythons())
    minor = int(python.partition(".")[2])
    source = f"assert rows.PYTHON == (3, {minor}), rows.PYTHON"
    result = verify(built(tmp_path, python, source=source))
    if found is None:
        assert result.not_tried == f"this machine has no Python {python}; `uv python install {python}` brings one"
    else:
        assert result == (("rows", "sales"), (), "")


def test_a_python_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert verify(built(tmp_path, "3.99")).not_tried.startswith("this machine has no Python 3.99")


def test_wheels_for_another_processor_are_not_tried_and_that_is_said(tmp_path: Path) -> None:
    said = verify(built(tmp_path, machine=OTHER)).not_tried
    assert said.endswith(f"the wheels are for Linux {OTHER}")


def test_a_module_that_does_not_import_is_told_with_its_wheel_and_why(tmp_path: Path) -> None:
    result = verify(built(tmp_path, source="import no_such_thing"))
    assert result.imported == ("rows",)
    ((wheel, module, why),) = result.refused
    assert (wheel, module) == ("sales", "sales")
    assert why == "ModuleNotFoundError: No module named 'no_such_thing'"


def test_a_module_that_kills_python_does_not_hide_the_others(tmp_path: Path) -> None:
    wheels = [
        write_wheel(tmp_path, "aaa", files={"aaa.py": "import os\nos._exit(3)\n"}),
        write_wheel(tmp_path, "bbb", files={"bbb.py": "print('@not ours')\n"}),
        write_wheel(tmp_path, "ccc", files={"ccc.py": "raise SystemExit(1)\n"}),
    ]
    result = verify(assemble(wheels, tmp_path / "out", target=WheelTarget(HERE, MACHINE)))
    assert result.imported == ("bbb",)
    assert [(each.module, each.why) for each in result.refused] == [
        ("aaa", "it ended Python with 3"),
        ("ccc", "SystemExit: 1"),
    ]


def test_what_is_needed_and_not_there_is_told_by_the_installer(tmp_path: Path) -> None:
    wheels = [write_wheel(tmp_path, "sales", requires=["rows"])]
    made = assemble(wheels, tmp_path / "out", target=WheelTarget(HERE, MACHINE))
    with pytest.raises(WheelhouseError, match="cannot be installed") as caught:
        verify(made)
    assert "rows" in str(caught.value)


def test_nothing_of_this_environment_is_felt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_wheel(tmp_path / "elsewhere", "rows")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "no_such_thing.py").write_text("", encoding="utf-8")
    monkeypatch.setenv("VIRTUAL_ENV", os.environ.get("VIRTUAL_ENV", sys.prefix))
    result = verify(built(tmp_path, source="import no_such_thing"))
    assert [each.module for each in result.refused] == ["sales"]
