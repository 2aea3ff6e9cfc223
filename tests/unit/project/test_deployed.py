from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.errors.github import ForbiddenError
from lakewright.errors.project import UsageError
from lakewright.project.deployed import affected_since_deploy
from lakewright.project.github import GitHub
from lakewright.project.records import Record, record
from tests.git import commit, git
from tests.github_api import FakeGitHub, server
from tests.unit.project.monorepo import EVERY, FILES


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitHub]:
    with server() as fake:
        monkeypatch.delenv("GH_TOKEN", raising=False)
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.fixture
def root(tmp_path: Path) -> Path:
    commit(tmp_path, FILES)
    return tmp_path


def deploy(github: GitHub, root: Path, *names: str) -> None:
    for name in names:
        record(github, "dev", Record(pipeline=name, revision=git(root, "rev-parse", "HEAD")))


def affected(root: Path) -> tuple[str, ...]:
    return tuple(affected_since_deploy(root, "dev").pipelines)


def test_what_was_deployed_and_has_not_changed_since_is_left_alone(root: Path, github: GitHub) -> None:
    deploy(github, root, "flights", "web")
    assert affected(root) == ("sales",)
    commit(root, {"shared/audit/src/audit/more.py": "", "docs/a.md": "more"})
    assert affected(root) == ("sales", "web")


def test_a_deploy_after_one_that_failed_has_the_changes_of_both(root: Path, github: GitHub) -> None:
    deploy(github, root, *EVERY)
    # Only what succeeds is recorded: that of `web` failed.
    commit(root, {"pipelines/web/data/x.csv": "1"})
    commit(root, {"pipelines/sales/data/x.csv": "1"})
    assert affected(root) == ("sales", "web")


def test_what_is_deployed_and_has_no_folder_any_more_is_removed(root: Path, github: GitHub) -> None:
    deploy(github, root, *EVERY)
    git(root, "rm", "-r", "--quiet", "pipelines/web")
    commit(root)
    found = affected_since_deploy(root, "dev")
    assert (tuple(found.pipelines), found.removed) == ((), ("web",))


def test_where_nobody_says_what_is_deployed_all_are_affected(
    root: Path, api: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    found = affected_since_deploy(root, "dev")
    assert tuple(found.pipelines) == EVERY
    assert "nobody says what is deployed to dev: there is no token" in found.pipelines["web"][0].what
    assert api.requests == []


def test_a_token_that_may_not_read_deployments_is_an_error_and_no_empty_answer(root: Path, api: FakeGitHub) -> None:
    api.permissions = {}
    with pytest.raises(ForbiddenError, match="deployments=read"):
        affected_since_deploy(root, "dev")


def test_a_target_that_there_is_not_is_a_wrong_call(root: Path, api: FakeGitHub) -> None:
    with pytest.raises(UsageError, match="no target 'dve'; did you mean 'dev'"):
        affected_since_deploy(root, "dve")
    assert api.requests == []
