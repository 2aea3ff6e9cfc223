from pathlib import Path

import pytest

from lakewright.dependencies.current import BuiltFrom
from lakewright.project.wheel_inputs import has_changed, inputs_digest, project_digest
from tests.unit.project.repos import write

FILES = {
    "pyproject.toml": "[project]",
    "src/sales/__init__.py": "",
    "src/sales/data/rates.csv": "1",
    "tests/test_sales.py": "",
    "data/rows.csv": "1",
}


def project(folder: Path) -> Path:
    return write(folder, FILES)


def test_equal_files_give_equal_digests_wherever_they_lie(tmp_path: Path) -> None:
    assert project_digest(project(tmp_path / "a")) == project_digest(project(tmp_path / "b" / "c"))


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "src/sales/__init__.py", "src/sales/data/rates.csv", "src/sales/new.py"]
)
def test_what_a_wheel_is_built_from_counts(tmp_path: Path, name: str) -> None:
    folder = project(tmp_path)
    before = project_digest(folder)
    (folder / name).write_text("changed", encoding="utf-8")
    assert project_digest(folder) != before


@pytest.mark.parametrize(
    "name",
    [
        "tests/test_sales.py",
        "data/rows.csv",
        "dist/sales.whl",
        "wheelhouse/current.json",
        "src/sales/__pycache__/x.pyc",
        ".env",
        "src/sales.egg-info/PKG-INFO",
    ],
)
def test_what_no_wheel_is_built_from_does_not(tmp_path: Path, name: str) -> None:
    folder = project(tmp_path)
    before = project_digest(folder)
    write(folder, {name: "changed"})
    assert project_digest(folder) == before


def test_without_a_source_folder_every_folder_may_be_a_package(tmp_path: Path) -> None:
    folder = write(tmp_path, {"pyproject.toml": "", "data/__init__.py": ""})
    before = project_digest(folder)
    (folder / "data" / "__init__.py").write_text("changed", encoding="utf-8")
    assert project_digest(folder) != before


def test_the_lock_the_projects_and_what_was_asked_count(tmp_path: Path) -> None:
    folder = project(tmp_path / "shared" / "sales")
    known = BuiltFrom(inputs_digest(tmp_path, [folder], facts=["python="]), ("shared/sales",), ("python=",))
    assert not has_changed(tmp_path, known)
    assert has_changed(tmp_path, known._replace(facts=("python=3.11",)))
    (tmp_path / "uv.lock").write_text("version = 1", encoding="utf-8")
    assert has_changed(tmp_path, known)
