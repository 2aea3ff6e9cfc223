from pathlib import Path

import pytest

from lakewright.errors.deploying import NotDeployedError
from lakewright.project.github import GitHub
from lakewright.project.records import Record, record
from lakewright.project.rollback import earlier
from tests.git import commit


@pytest.fixture
def commits(tmp_path: Path) -> list[str]:
    return [commit(tmp_path, {"a.txt": f"{number}\n"}) for number in range(3)]


def deploy(github: GitHub, revision: str, digest: str = "d1", *, target: str = "prod") -> None:
    record(github, target, Record(pipeline="sales", revision=revision, digest=digest, version="0.1.0"))


def back(github: GitHub, root: Path, ref: str | None = None) -> tuple[str, str]:
    found = earlier(github, root, "sales", target="prod", ref=ref)
    return found.revision, found.digest


def test_one_goes_back_to_the_latest_deploy_of_something_else(
    github: GitHub, tmp_path: Path, commits: list[str]
) -> None:
    for revision, digest in ((commits[0], "d1"), (commits[1], "d1"), (commits[2], "d2"), (commits[2], "d2")):
        deploy(github, revision, digest)
    assert back(github, tmp_path) == (commits[1], "d1")


def test_other_wheels_of_one_commit_are_something_else(github: GitHub, tmp_path: Path, commits: list[str]) -> None:
    deploy(github, commits[0], "d1")
    deploy(github, commits[0], "d2")
    assert back(github, tmp_path) == (commits[0], "d1")


def test_a_commit_may_be_named_and_need_only_have_run_elsewhere(
    github: GitHub, tmp_path: Path, commits: list[str]
) -> None:
    deploy(github, commits[0], "d1", target="dev")
    deploy(github, commits[2], "d2")
    assert back(github, tmp_path, "HEAD~2") == (commits[0], "d1")


def test_before_the_first_deploy_there_is_nothing(github: GitHub, tmp_path: Path, commits: list[str]) -> None:
    deploy(github, commits[0])
    with pytest.raises(NotDeployedError, match="before the present one\n  Name a commit: --ref"):
        earlier(github, tmp_path, "sales", target="prod", ref=None)


def test_a_commit_that_was_never_deployed_is_told_the_last_ones(
    github: GitHub, tmp_path: Path, commits: list[str]
) -> None:
    deploy(github, commits[0])
    with pytest.raises(NotDeployedError, match=f"The last ones to 'prod': {commits[0][:9]} "):
        earlier(github, tmp_path, "sales", target="prod", ref=commits[1])
