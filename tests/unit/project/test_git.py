from pathlib import Path

from lakewright.project.git import revision
from tests.git import git


def test_a_revision_is_the_commit_and_says_whether_files_have_changed(tmp_path: Path) -> None:
    git(tmp_path, "init")
    assert revision(tmp_path) == ""
    (tmp_path / "a").write_text("1", encoding="utf-8")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-m", "a")
    commit = git(tmp_path, "rev-parse", "HEAD")
    assert revision(tmp_path) == commit
    (tmp_path / "a").write_text("2", encoding="utf-8")
    assert revision(tmp_path) == f"{commit}+"


def test_outside_of_git_there_is_none(tmp_path: Path) -> None:
    assert revision(tmp_path) == ""
    assert revision(tmp_path / "no such folder") == ""
