import os
from pathlib import Path

import pytest

from lakewright.errors.git import GitError, NoMergeBaseError, ShallowCloneError, UnknownRevisionError
from lakewright.project.changed import changed_from, changed_since, commit_of
from tests.git import commit, git
from tests.unit.project.repos import write


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose branch `work` has left `main`, which went on too."""
    root = tmp_path / "repository"
    root.mkdir()
    commit(root, {"a": "1", "b": "1", "sub/c": "1"})
    git(root, "switch", "--quiet", "--create", "work")
    commit(root, {"a": "2"})
    git(root, "switch", "--quiet", "main")
    commit(root, {"b": "2"})
    git(root, "switch", "--quiet", "work")
    return root


def test_what_the_other_branch_did_meanwhile_is_no_change_of_this_one(repository: Path) -> None:
    assert changed_since(repository, "main").paths == ("a",)


def test_what_is_not_committed_counts(repository: Path) -> None:
    write(repository, {"sub/c": "2", "new file": "1"})
    git(repository, "rm", "--quiet", "b")
    assert changed_since(repository, "main").paths == ("a", "b", "new file", "sub/c")


def test_what_is_ignored_does_not_count(repository: Path) -> None:
    write(repository, {".gitignore": "*.log", "a.log": "1"})
    assert changed_since(repository, "main").paths == (".gitignore", "a")


def test_a_moved_file_has_changed_in_both_places(repository: Path) -> None:
    git(repository, "config", "diff.renames", "true")
    git(repository, "mv", "sub/c", "d")
    assert changed_since(repository, "main").paths == ("a", "d", "sub/c")


def test_a_mode_and_a_name_of_any_letters_are_changes(repository: Path) -> None:
    (repository / "b").chmod(0o755)
    write(repository, {'ö\n"': "1"})
    assert changed_since(repository, "main").paths == ("a", "b", 'ö\n"')


def test_a_file_that_was_only_touched_has_not_changed(repository: Path) -> None:
    os.utime(repository / "b", (1, 1))
    assert changed_since(repository, "main").paths == ("a",)


def test_seen_from_a_folder_what_lies_outside_begins_with_dots(repository: Path) -> None:
    write(repository, {"sub/c": "2"})
    assert changed_since(repository / "sub", "main").paths == ("../a", "c")


def test_settings_of_the_user_hide_nothing(repository: Path) -> None:
    git(repository, "config", "diff.relative", "true")
    git(repository, "config", "diff.noprefix", "true")
    git(repository, "config", "diff.external", "false")
    assert changed_since(repository / "sub", "main").paths == ("../a",)


def test_a_merge_commit_has_changed_what_its_branch_did(repository: Path) -> None:
    # What GitHub checks out for a pull request.
    git(repository, "checkout", "--quiet", "--detach", "main")
    git(repository, "merge", "--quiet", "--no-ff", "--no-edit", "work")
    assert changed_since(repository, "main").paths == ("a",)


def test_a_detached_head_is_as_good_as_a_branch(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--detach", "work")
    assert changed_since(repository, "main").paths == ("a",)


def test_where_histories_have_crossed_every_base_counts(repository: Path) -> None:
    first, second = git(repository, "rev-parse", "work"), git(repository, "rev-parse", "main")
    for here, other in ((first, second), (second, first)):
        git(repository, "checkout", "--quiet", "--detach", here)
        git(repository, "merge", "--quiet", "--no-edit", other)
        git(repository, "branch", f"from-{here[:7]}")
    changed = changed_since(repository, f"from-{first[:7]}")
    assert changed.commits == tuple(sorted((first, second)))
    assert changed.paths == ("a", "b")


def test_before_the_first_commit_there_was_nothing(tmp_path: Path) -> None:
    commit(tmp_path, {"a": "1"})
    for base in ("HEAD^", "HEAD~1", "main~3", "0" * 40):
        changed = changed_since(tmp_path, base)
        assert (changed.paths, changed.commits) == (("a",), ())


def test_a_submodule_that_changed_is_its_folder(repository: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    commit(library, {"x": "1"})
    git(repository, "submodule", "--quiet", "add", str(library), "shared/library")
    commit(repository)
    base = git(repository, "rev-parse", "HEAD")
    git(repository, "config", "--file", ".gitmodules", "submodule.shared/library.ignore", "all")
    commit(repository)
    write(repository / "shared" / "library", {"x": "2"})
    assert changed_since(repository, base).paths == (".gitmodules", "shared/library")


def test_a_repository_inside_that_is_no_submodule_is_its_folder(repository: Path) -> None:
    (repository / "inner").mkdir()
    commit(repository / "inner", {"x": "1"})
    assert changed_since(repository, "main").paths == ("a", "inner")


def test_a_shallow_clone_says_how_to_fetch_the_rest(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{repository}", "clone")
    for base in ("origin/main", "HEAD~1", "v1"):
        with pytest.raises(ShallowCloneError, match=r"(?s)git fetch --unshallow.*fetch-depth: 0"):
            changed_since(tmp_path / "clone", base)


def test_strangers_have_no_merge_base(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--orphan", "stranger")
    commit(repository, {"z": "1"})
    with pytest.raises(NoMergeBaseError, match="no commit in common"):
        changed_since(repository, "main")


def test_a_revision_that_is_not_here_is_named_with_the_way_to_it(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownRevisionError, match="git fetch origin mian"):
        changed_since(repository, "mian")
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    with pytest.raises(UnknownRevisionError, match="Did you mean 'origin/main'"):
        changed_since(tmp_path / "clone", "main")
    with pytest.raises(UnknownRevisionError):
        changed_since(repository, "--output=/tmp/x")


def test_a_repository_without_a_commit_has_none_to_compare(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(UnknownRevisionError, match="nothing is committed yet"):
        changed_since(tmp_path, "HEAD")


def test_outside_of_git_it_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"(?s)not a git repository.*git init"):
        changed_since(tmp_path, "main")


def test_without_git_it_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError, match="no git on the path"):
        changed_since(repository, "main")


def test_a_deployed_commit_is_compared_itself(repository: Path) -> None:
    assert changed_from(repository, "main").paths == ("a", "b")


def test_names_mean_commits_and_options_and_files_do_not(tmp_path: Path) -> None:
    first = commit(tmp_path, {"a": "1"})
    git(tmp_path, "tag", "v1")
    commit(tmp_path, {"a": "2"})
    assert {commit_of(tmp_path, name) for name in ("v1", first[:8], "HEAD~1")} == {first}
    for wrong in ("v2", "--all", "HEAD:a"):
        with pytest.raises(UnknownRevisionError, match=f"there is no commit '{wrong}'"):
            commit_of(tmp_path, wrong)
