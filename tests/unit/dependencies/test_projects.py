from pathlib import Path
from typing import Final

import pytest

from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.projects import Taken, check_python
from lakewright.errors.dependencies import RequiresPythonError
from tests.wheel_files import write_wheel

TARGET = WheelTarget("3.10")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", "[project]\nname = 'plots'\nrequires-python = '>=3.13'\n"),
        ("setup.cfg", "[metadata]\nname = plots\n[options]\npython_requires = >=3.13\n"),
    ],
)
def test_a_project_that_excludes_the_target_is_refused_before_it_is_built(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(RequiresPythonError, match=r"'plots' needs Python >=3\.13, the target has 3\.10"):
        check_python(tmp_path, "the project", TARGET)
    check_python(tmp_path, "the project", WheelTarget("3.13"))


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"pyproject.toml": "[project]\nname = 'a'\n"},
        {"pyproject.toml": "[project]\nrequires-python = 'any'\n"},
        {"pyproject.toml": "project = 1\n"},
        {"setup.cfg": "no section\n"},
        {"setup.py": "setup(python_requires='>=3.13')"},
    ],
    ids=["nothing", "no word", "no version", "no table", "no settings", "a program"],
)
def test_a_project_that_says_nothing_clear_is_left_to_its_build(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    check_python(tmp_path, "the project", TARGET)


@pytest.fixture
def taken(tmp_path: Path) -> Taken:
    files = {"mine/__init__.py": "", "mine/core.py": "x = 1\n", "mine/moved.py": "y = 2\n"}
    return Taken(write_wheel(tmp_path, "mine", files=files))


PLACES: Final = {
    ("mine/core.py", b"x = 1\n"): "mine/core.py",
    ("src/mine/core.py", b"x = 1\n"): "mine/core.py",
    ("src/mine/core.py", b"# changed by the build\n"): "mine/core.py",
    ("lib/elsewhere.py", b"y = 2\n"): "mine/moved.py",
    ("helper.py", b"z = 3\n"): "",
    ("scripts/__init__.py", b""): "",
    ("src/mine/__init__.py", b""): "mine/__init__.py",
}


@pytest.mark.parametrize("file", PLACES, ids=str)
def test_a_file_is_found_in_the_wheel_by_its_place_or_its_content(
    taken: Taken, tmp_path: Path, file: tuple[str, bytes]
) -> None:
    name, content = file
    (tmp_path / "content").write_bytes(content)
    assert taken.find(name, tmp_path / "content") == PLACES[file]
