from pathlib import Path

import pytest

from lakewright.errors.git import GitError
from lakewright.project.pipelines_ever import pipelines_ever
from tests.git import commit, git
from tests.unit.project.monorepo import EVERY, FILES
from tests.unit.project.repos import write


def test_pipelines_that_are_gone_are_known_from_the_history(tmp_path: Path) -> None:
    commit(tmp_path, FILES)
    git(tmp_path, "rm", "-r", "--quiet", "pipelines/sales")
    git(tmp_path, "mv", "pipelines/web", "pipelines/site")
    commit(tmp_path, {"pipelines/new/databricks.yml": "bundle: {name: new}"})
    assert pipelines_ever(tmp_path) == tuple(sorted({*EVERY, "site", "new"}))


def test_a_pipeline_that_went_in_a_merge_is_known(tmp_path: Path) -> None:
    commit(tmp_path, FILES)
    git(tmp_path, "switch", "--quiet", "--create", "side")
    commit(tmp_path, {"docs/side.md": ""})
    git(tmp_path, "switch", "--quiet", "-")
    commit(tmp_path, {"docs/main.md": ""})
    git(tmp_path, "merge", "--quiet", "--no-commit", "side")
    git(tmp_path, "rm", "-r", "--quiet", "pipelines/sales")
    git(tmp_path, "commit", "--quiet", "--message=merge")
    assert "sales" in pipelines_ever(tmp_path)


def test_before_the_first_commit_those_that_lie_here_are_known(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, FILES)
    assert pipelines_ever(tmp_path) == tuple(sorted(EVERY))


def test_a_repository_in_a_folder_of_another_knows_its_own(tmp_path: Path) -> None:
    inner = {f"platform/{path}": text for path, text in FILES.items()}
    commit(tmp_path, {**inner, "pipelines/other/databricks.yml": ""})
    git(tmp_path, "rm", "-r", "--quiet", "pipelines/other", "platform/pipelines/sales")
    commit(tmp_path, {"docs/a.md": ""})
    assert pipelines_ever(tmp_path / "platform") == tuple(sorted(EVERY))


def test_without_git_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(tmp_path, FILES)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError, match="no git on the path"):
        pipelines_ever(tmp_path)
