from pathlib import Path
from typing import Final

import pytest

from lakewright.project.labels import labelled
from tests.git import commit
from tests.github_api import FakeGitHub

LABEL: Final = "allow-deletes"


@pytest.fixture
def commits(tmp_path: Path, api: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three commits, of which a pull request with the label brought the second one."""
    monkeypatch.delenv("GH_TOKEN", raising=False)
    for name, value in api.environment.items():
        monkeypatch.setenv(name, value)
    made = [commit(tmp_path, {"a.txt": f"{number}\n"}) for number in range(3)]
    api.brought[made[1]] = [
        {"labels": [{"name": "other"}], "html_url": "https://github.com/acme/flights/pull/4"},
        {"labels": [{"name": "other"}, {"name": LABEL}], "html_url": "https://github.com/acme/flights/pull/5"},
    ]
    return made


def test_a_label_counts_for_the_commit_that_its_pull_request_brought(commits: list[str], tmp_path: Path) -> None:
    assert labelled(tmp_path, LABEL, commits[1]) == "https://github.com/acme/flights/pull/5"
    assert labelled(tmp_path, LABEL, commits[2]) == ""
    assert labelled(tmp_path, "another", commits[1]) == ""


def test_what_came_since_the_last_deploy_counts_and_what_was_deployed_then_does_not(
    commits: list[str], tmp_path: Path
) -> None:
    assert labelled(tmp_path, LABEL, commits[2], since=commits[0]).endswith("/pull/5")
    assert labelled(tmp_path, LABEL, commits[2], since=commits[1]) == ""


def test_the_first_commit_of_a_repository_is_looked_at_too(commits: list[str], api: FakeGitHub, tmp_path: Path) -> None:
    api.brought[commits[0]] = api.brought[commits[1]]
    assert labelled(tmp_path, LABEL, commits[0]).endswith("/pull/5")
