import subprocess
import sys
from pathlib import Path

import pytest

from lakewright.project.checkout import checkout
from tests.git import commit, git
from tests.unit.project.repos import TARGETS


def test_a_revision_is_a_folder_of_its_own_and_gone_afterwards(tmp_path: Path) -> None:
    first = commit(tmp_path, {"targets.yml": TARGETS, "pipelines/sales/databricks.yml": "bundle: {name: old}"})
    commit(tmp_path, {"pipelines/sales/databricks.yml": "bundle: {name: new}"})
    with checkout(tmp_path, first) as there:
        folder = there.repository.pipeline("sales").path
        assert (folder / "databricks.yml").read_text(encoding="utf-8") == "bundle: {name: old}"
    assert not folder.exists()
    assert len(git(tmp_path, "worktree", "list").splitlines()) == 1
    assert git(tmp_path, "status", "--porcelain") == ""


def test_it_is_removed_after_an_error_too(tmp_path: Path) -> None:
    first = commit(tmp_path, {"targets.yml": TARGETS})
    roots: list[Path] = []

    def fail() -> None:
        with checkout(tmp_path, first) as there:
            roots.append(there.repository.root)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [root.exists() for root in roots] == [False]
    assert len(git(tmp_path, "worktree", "list").splitlines()) == 1


def test_a_repository_below_the_top_of_git_is_found(tmp_path: Path) -> None:
    first = commit(tmp_path, {"data/targets.yml": TARGETS})
    with checkout(tmp_path / "data", first) as there:
        assert (there.repository.root / "targets.yml").is_file()


def test_processes_import_the_code_of_that_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "pipelines/sales/src/sales_of_test/__init__.py"
    first = commit(tmp_path, {"targets.yml": TARGETS, source: "version = 1"})
    commit(tmp_path, {source: "version = 2"})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "pipelines/sales/src"))
    command = [sys.executable, "-c", "import sales_of_test; print(sales_of_test.version)"]
    with checkout(tmp_path, first) as there:
        said = subprocess.run(command, env=dict(there.environment), capture_output=True, text=True, check=True)
    assert said.stdout == "1\n"
