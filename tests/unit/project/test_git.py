from pathlib import Path

from lakewright.project.git import is_before, revision
from tests.git import commit, git


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


def test_a_commit_is_before_those_that_came_out_of_it(tmp_path: Path) -> None:
    first = commit(tmp_path, {"a": "1"})
    second = commit(tmp_path, {"a": "2"})
    git(tmp_path, "switch", "--quiet", "--detach", first)
    aside = commit(tmp_path, {"b": "1"})
    assert is_before(tmp_path, first, second)
    others = [(second, first), (first, first), (aside, second), (second, aside), ("0" * 40, second), (first, "0" * 40)]
    assert not any(is_before(tmp_path, one, other) for one, other in others)
