from pathlib import Path

import pytest

from lakewright.errors.git import GitError
from lakewright.project.trees import CommitTree, Tracked, WorkTree, checked_out
from tests.git import commit, git
from tests.unit.project.repos import write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    write(root, {"a": "1\n", "sub/b": "2\n", ".gitignore": "ignored\n"})
    (root / "link").symlink_to("sub/b")
    commit(root)
    return root


def test_a_commit_has_the_files_that_were_committed(root: Path) -> None:
    write(root, {"a": "9\n", "new": "3\n"})
    tree = CommitTree.of(root, "HEAD")
    assert set(tree.files) == {Tracked(".gitignore"), Tracked("a"), Tracked("link", is_link=True), Tracked("sub/b")}
    assert (tree.content("a"), tree.content("new"), tree.target("link")) == (b"1\n", None, "sub/b")


def test_a_work_tree_has_the_files_that_git_would_take(root: Path) -> None:
    write(root, {"a": "9\n", "new": "3\n", "ignored": "4\n"})
    tree = WorkTree.of(root)
    assert {each.path for each in tree.files} == {".gitignore", "a", "link", "new", "sub/b"}
    assert (tree.content("a"), tree.content("nowhere"), tree.target("link"), tree.target("a")) == (
        b"9\n",
        None,
        "sub/b",
        "",
    )


def test_a_folder_of_a_repository_is_seen_by_itself(root: Path) -> None:
    assert CommitTree.of(root / "sub", "HEAD").files == (Tracked("b"),)
    assert CommitTree.of(root / "sub", "HEAD").content("b") == b"2\n"


def test_what_is_checked_out_is_gone_afterwards_and_the_index_is_left_alone(root: Path) -> None:
    write(root, {"a": "9\n"})
    git(root, "add", "a")
    staged = (root / ".git" / "index").read_bytes()
    with checked_out(root / "sub", "HEAD") as folder:
        assert (folder / "b").read_text(encoding="utf-8") == "2\n"
        assert (folder.parent / "a").read_text(encoding="utf-8") == "1\n"
        assert (folder.parent / "link").is_symlink()
    assert not folder.exists()
    assert (root / ".git" / "index").read_bytes() == staged


def test_a_commit_that_is_not_there_is_an_error(root: Path) -> None:
    with pytest.raises(GitError), checked_out(root, "0" * 40):
        pass
