from pathlib import Path
from typing import Final

import pytest

from lakewright.project.github import GitHub
from lakewright.project.update import Newer
from lakewright.project.update_branch import BRANCH
from lakewright.project.update_request import Proposed, propose
from tests.github_api import FakeGitHub
from tests.unit.project.template_repository import Made, commit, git, make

NEWER: Final = Newer(present="1.0.0", newest="1.1.0")
REFUSES_WORKFLOWS: Final = "#!/bin/sh\necho 'refusing to allow a GitHub App to update workflow' >&2\nexit 1\n"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return make(tmp_path)


def proposed(made: Made, github: GitHub) -> Proposed:
    return propose(made.repo, github, base="main", tell=lambda _: None)


def test_the_newest_version_needs_nothing(made: Made, github: GitHub, api: FakeGitHub) -> None:
    assert proposed(made, github) == Proposed(newer=None, address=None)
    assert (api.pulls, api.issues) == ([], [])


def test_an_update_is_a_branch_with_the_lock_and_a_pull_request(made: Made, github: GitHub, api: FakeGitHub) -> None:
    made.release("1.1.0", notes="one\ntwo\nthree\nfour\n")
    before = git(made.repo, "rev-parse", "HEAD")
    done = proposed(made, github)
    [pull] = api.pulls
    assert done == Proposed(newer=NEWER, address=pull["html_url"])
    assert (pull["title"], pull["head"]["ref"], pull["base"]["ref"]) == ("Update to lakewright 1.1.0", BRANCH, "main")
    assert 'version = "1.1.0"' in git(made.origin, "show", f"{BRANCH}:uv.lock")
    assert git(made.origin, "show", f"{BRANCH}:notes.txt").endswith("four")
    assert git(made.origin, "rev-parse", f"{BRANCH}^") == before
    # The work tree is as it was.
    assert git(made.repo, "status", "--porcelain") == ""
    assert git(made.repo, "rev-parse", "HEAD") == before
    assert len(git(made.repo, "worktree", "list").splitlines()) == 1


def test_the_next_version_goes_to_the_same_pull_request(made: Made, github: GitHub, api: FakeGitHub) -> None:
    made.release("1.1.0")
    first = proposed(made, github)
    made.release("1.2.0")
    assert proposed(made, github).address == first.address
    assert [pull["title"] for pull in api.pulls] == ["Update to lakewright 1.2.0"]


def test_what_conflicts_is_an_issue_with_the_list(made: Made, github: GitHub, api: FakeGitHub) -> None:
    made.release("1.1.0", notes="one\n2\nthree\n")
    (made.repo / "notes.txt").write_text("one\nzwei\nthree\n", encoding="utf-8")
    commit(made.repo)
    first = proposed(made, github)
    assert proposed(made, github) == first
    [issue] = api.issues
    assert first == Proposed(newer=NEWER, address=issue["html_url"])
    assert "- `notes.txt`" in issue["body"]
    assert "lakewright update" in issue["body"]
    assert "`uv lock`" in issue["body"]
    assert api.pulls == []
    assert git(made.repo, "status", "--porcelain") == ""


def test_once_it_can_be_merged_the_issue_is_closed(made: Made, github: GitHub, api: FakeGitHub) -> None:
    made.release("1.1.0", notes="one\n2\nthree\n")
    (made.repo / "notes.txt").write_text("one\nzwei\nthree\n", encoding="utf-8")
    commit(made.repo)
    proposed(made, github)
    (made.repo / "notes.txt").write_text("one\ntwo\nthree\n", encoding="utf-8")
    commit(made.repo)
    done = proposed(made, github)
    assert [issue["state"] for issue in api.issues] == ["closed"]
    assert done.address == api.pulls[0]["html_url"]


def test_a_branch_that_somebody_works_on_is_left_alone_and_an_issue_names_what_is_newer(
    made: Made, github: GitHub, api: FakeGitHub
) -> None:
    made.release("1.1.0", notes="one\ntwo\nthree\nfour\n")
    first = proposed(made, github)
    person = made.origin.with_name("person")
    git(made.origin, "clone", "--quiet", "--branch", BRANCH, f"file://{made.origin}", str(person))
    (person / "mine.txt").write_text("mine\n", encoding="utf-8")
    commit(person, "Mend it")
    git(person, "push", "--quiet")
    assert proposed(made, github) == first
    assert api.issues == []

    made.release("1.2.0")
    second = proposed(made, github)
    [issue] = api.issues
    assert second.address == issue["html_url"]
    assert "Mend it (Test)" in issue["body"]
    assert [pull["title"] for pull in api.pulls] == ["Update to lakewright 1.1.0"]
    assert git(made.origin, "show", f"{BRANCH}:mine.txt") == "mine"


def test_a_branch_that_github_does_not_take_is_an_issue_with_the_reason(
    made: Made, github: GitHub, api: FakeGitHub
) -> None:
    hook = made.origin / "hooks" / "pre-receive"
    hook.write_text(REFUSES_WORKFLOWS, encoding="utf-8")
    hook.chmod(0o755)
    made.release("1.1.0")
    proposed(made, github)
    [issue] = api.issues
    assert "refusing to allow a GitHub App to update workflow" in issue["body"]
    assert api.pulls == []


def test_a_pull_request_that_may_not_be_opened_is_an_issue_with_the_setting(
    made: Made, github: GitHub, api: FakeGitHub
) -> None:
    api.permissions["pull-requests"] = "read"
    made.release("1.1.0")
    proposed(made, github)
    [issue] = api.issues
    assert "Allow GitHub Actions to create and approve pull requests" in issue["body"]
    assert BRANCH in issue["body"]
