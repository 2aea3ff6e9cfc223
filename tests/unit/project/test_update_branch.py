from pathlib import Path

import pytest

from lakewright.errors.updating import OthersWorkError, ToolError
from lakewright.project.github import Access, GitHub
from lakewright.project.update_branch import BRANCH, _sign_in, push_update
from tests.unit.project.template_repository import commit, git


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    work = tmp_path / "first"
    work.mkdir()
    (work / "a.txt").write_text("one\n", encoding="utf-8")
    commit(work)
    git(tmp_path, "clone", "--quiet", "--bare", str(work), "origin.git")
    return tmp_path / "origin.git"


def clone(origin: Path, name: str, branch: str = "main") -> Path:
    git(origin.parent, "clone", "--quiet", "--branch", branch, f"file://{origin}", name)
    return origin.parent / name


def push(tree: Path, github: GitHub, text: str) -> list[str]:
    """Another update: what it has said."""
    git(tree, "checkout", "--quiet", "--detach", "origin/main")
    (tree / "a.txt").write_text(text, encoding="utf-8")
    told: list[str] = []
    push_update(tree, github, message="Update to 2", tell=told.append)
    return told


def test_the_branch_is_made_and_made_anew(origin: Path, github: GitHub) -> None:
    tree = clone(origin, "tree")
    assert push(tree, github, "two\n") == [f"$ git push origin {BRANCH}"]
    push(tree, github, "three\n")
    assert git(origin, "show", f"{BRANCH}:a.txt") == "three"
    assert git(origin, "rev-list", "--count", f"main..{BRANCH}") == "1"
    assert git(origin, "log", "-1", "--format=%s", BRANCH) == "Update to 2"


def test_what_says_the_same_is_not_pushed_again(origin: Path, github: GitHub) -> None:
    push(clone(origin, "tree"), github, "two\n")
    before = git(origin, "rev-parse", BRANCH)
    assert push(clone(origin, "other"), github, "two\n") == []
    assert git(origin, "rev-parse", BRANCH) == before


def test_a_main_that_has_moved_on_is_what_the_branch_is_made_from(origin: Path, github: GitHub) -> None:
    push(clone(origin, "tree"), github, "two\n")
    person = clone(origin, "person")
    (person / "b.txt").write_text("b\n", encoding="utf-8")
    commit(person)
    git(person, "push", "--quiet")
    push(clone(origin, "other"), github, "two\n")
    assert git(origin, "rev-parse", f"{BRANCH}^") == git(origin, "rev-parse", "main")


@pytest.mark.parametrize("amends", [False, True])
def test_what_somebody_has_done_on_the_branch_stays(origin: Path, github: GitHub, *, amends: bool) -> None:
    push(clone(origin, "tree"), github, "two\n")
    person = clone(origin, "person", BRANCH)
    (person / "a.txt").write_text("mine\n", encoding="utf-8")
    if amends:
        git(person, "commit", "--quiet", "--all", "--amend", "--no-edit")
    else:
        commit(person, "Mend it")
    git(person, "push", "--quiet", "--force")
    before = git(origin, "rev-parse", BRANCH)
    with pytest.raises(OthersWorkError, match=r"would throw away: \w+ .* \(Test\)") as refused:
        push(clone(origin, "other"), github, "three\n")
    assert len(refused.value.commits) == 1
    assert git(origin, "rev-parse", BRANCH) == before


def test_a_commit_is_told_whatever_its_subject_holds(origin: Path, github: GitHub) -> None:
    push(clone(origin, "tree"), github, "two\n")
    person = clone(origin, "person", BRANCH)
    (person / "a.txt").write_text("mine\n", encoding="utf-8")
    commit(person, "Mend \u2028 it \x1f \x85 all")
    git(person, "push", "--quiet")
    with pytest.raises(OthersWorkError) as refused:
        push(clone(origin, "other"), github, "three\n")
    (told,) = refused.value.commits
    assert told.endswith("all (Test)")


def test_what_somebody_pushes_meanwhile_stays(origin: Path, github: GitHub) -> None:
    push(clone(origin, "tree"), github, "two\n")
    other = git(origin, "rev-parse", "main")
    tree = clone(origin, "other")
    # It runs after the branch was looked at, before git tells the server what it expects there.
    hook = tree / ".git/hooks/post-commit"
    hook.write_text(f"#!/bin/sh\ngit --git-dir={origin} update-ref refs/heads/{BRANCH} {other}\n", encoding="utf-8")
    hook.chmod(0o755)
    with pytest.raises(ToolError, match=r"stale info"):
        push(tree, github, "three\n")
    assert git(origin, "rev-parse", BRANCH) == other


def test_the_token_goes_to_the_server_of_the_repository_and_nowhere_else(
    github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_SERVER_URL", raising=False)
    told = _sign_in("https://github.com/acme/flights", github)
    assert told["GIT_CONFIG_KEY_0"] == "http.https://github.com/.extraheader"
    assert isinstance(github.access, Access)
    assert github.access.token not in str(told)
    for elsewhere in ("https://github.com.evil.example/x", "git@github.com:acme/flights", "file:///x"):
        assert _sign_in(elsewhere, github) == {}
