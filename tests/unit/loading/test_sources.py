"""Which source files code comes from."""

import os
from pathlib import Path

import pytest

from lakewright.loading.sources import SourceFiles, closure, differences, locked
from tests.unit.project.repos import write


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return write(
        tmp_path,
        {
            "src_one/__init__.py": "from src_one import names",
            "src_one/jobs.py": "import json\nfrom . import tasks\nimport lakewright",
            "src_one/tasks.py": "def load():\n    from .deep.inner import value\n    return value",
            "src_one/names.py": "",
            "src_one/deep/__init__.py": "",
            "src_one/deep/inner.py": "from src_two import shared\nvalue = 1",
            "src_one/apart.py": "",
            "src_two/__init__.py": "",
            "src_two/shared.py": "import nothing_of_this_name",
        },
    )


def test_the_closure_follows_imports_inside_the_folder(root: Path) -> None:
    assert list(closure(["src_one.jobs"], root)) == [
        "src_one/__init__.py",
        "src_one/deep/__init__.py",
        "src_one/deep/inner.py",
        "src_one/jobs.py",
        "src_one/names.py",
        "src_one/tasks.py",
        "src_two/__init__.py",
        "src_two/shared.py",
    ]


def test_a_changed_file_changes_its_line_alone(root: Path) -> None:
    before = closure(["src_one.jobs"], root)
    write(root, {"src_one/deep/inner.py": "value = 2"})
    after = closure(["src_one.jobs"], root)
    assert before["src_one/deep/inner.py"] != after["src_one/deep/inner.py"]
    assert before["src_one/tasks.py"] == after["src_one/tasks.py"]
    assert "src_two/shared.py" not in after


def test_code_outside_of_the_folder_is_neither_counted_nor_followed(root: Path) -> None:
    assert closure(["src_one.jobs"], root / "src_two") == {}


def test_a_file_that_does_not_parse_is_there_without_its_imports(root: Path) -> None:
    write(root, {"src_one/jobs.py": "def ("})
    assert list(closure(["src_one.jobs"], root)) == ["src_one/__init__.py", "src_one/jobs.py", "src_one/names.py"]


def test_files_that_were_written_since_are_told(root: Path) -> None:
    for file in root.rglob("*.py"):
        os.utime(file, (1000.0, 1000.0))
    os.utime(root / "src_two" / "shared.py", (2000.0, 2000.0))
    files = SourceFiles(root)
    assert files.modified_after(["src_one.jobs"], 1000.0) == ["src_two/shared.py"]
    assert files.modified_after(["src_one.names"], 1000.0) == []


def test_a_module_has_a_file_only_below_the_folder(root: Path) -> None:
    files = SourceFiles(root)
    assert (files.file("src_one.jobs"), files.file("src_one.nothing"), files.file("json")) == (
        "src_one/jobs.py",
        None,
        None,
    )


def test_the_lock_file_and_the_framework_tell_the_rest_of_the_code(tmp_path: Path) -> None:
    bare = locked(tmp_path)
    assert bare.keys() == {"lakewright"}
    (tmp_path / "uv.lock").write_text("version = 1", encoding="utf-8")
    first = locked(tmp_path)
    (tmp_path / "uv.lock").write_text("version = 2", encoding="utf-8")
    assert differences(first, locked(tmp_path)) == ["changed: uv.lock"]
    assert differences(bare, first) == ["new: uv.lock"]
