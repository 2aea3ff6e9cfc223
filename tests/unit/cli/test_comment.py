import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from lakewright.project.review import MARKER
from tests.github_api import TOKEN, Answer, FakeGitHub, server
from tests.unit.cli.commands import Call
from tests.unit.project.test_diff_forms import REPORT


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitHub]:
    """GitHub, for a workflow that runs for pull request 5."""
    with server() as fake:
        for name in ("GITHUB_STEP_SUMMARY", "GITHUB_RUN_ID", "GITHUB_EVENT_PATH", "GH_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {**fake.environment, "GITHUB_REF": "refs/pull/5/merge"}.items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """The folder of reports, `reports` where the command line is called."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "diff.json").write_text(json.dumps(asdict(REPORT)), encoding="utf-8")
    return folder


def test_a_second_push_updates_the_comment_of_the_first(call: Call, api: FakeGitHub, folder: Path) -> None:
    assert call("comment", "--reports", "reports").code == 0
    (folder / "diff.json").write_text(json.dumps({**asdict(REPORT), "pipelines": []}), encoding="utf-8")
    ended = call("comment", "--reports", "reports")
    assert (ended.code, ended.out) == (0, f"{api.comments[0]['html_url']}\n")
    assert [each["issue"] for each in api.comments] == [5]
    assert "No pipeline is affected." in api.comments[0]["body"]


def test_with_nothing_to_say_there_is_no_comment(call: Call, api: FakeGitHub, folder: Path) -> None:
    (folder / "diff.json").write_text(json.dumps({**asdict(REPORT), "pipelines": []}), encoding="utf-8")
    assert call("comment", "--reports", "reports").out == "nothing to say, and no comment to update\n"
    assert api.comments == []


def test_the_pull_request_can_be_named(call: Call, api: FakeGitHub) -> None:
    call("comment", "--reports", "reports", "--pull-request", "12")
    assert [each["issue"] for each in api.comments] == [12]


def test_a_dry_run_prints_it_and_asks_nobody(call: Call, api: FakeGitHub) -> None:
    ended = call("comment", "--reports", "reports", "--dry-run")
    assert ended.out.startswith(MARKER)
    assert api.requests == []


def test_a_fork_s_token_may_not_comment_so_it_stands_in_the_summary(
    call: Call, api: FakeGitHub, tmp_path: Path, *, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    api.permissions["pull-requests"] = "read"
    ended = call("comment", "--reports", "reports")
    assert ended.code == 0
    assert "pull_requests=write" in ended.err
    assert "summary of this workflow run" in ended.err
    assert summary.read_text(encoding="utf-8").startswith(f"# before\n{MARKER}")
    assert TOKEN not in ended.err


def test_without_a_token_or_a_pull_request_it_is_printed(
    call: Call, api: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_REF", "refs/heads/gh-readonly-queue/main/pr-5-abc")
    merged = call("comment", "--reports", "reports")
    assert (merged.code, merged.out.startswith(MARKER)) == (0, True)
    assert "--pull-request NUMBER" in merged.err
    monkeypatch.delenv("GITHUB_TOKEN")
    alone = call("comment", "--reports", "reports", "--pull-request", "5")
    assert (alone.code, alone.out.startswith(MARKER)) == (0, True)
    assert "GITHUB_TOKEN" in alone.err
    assert api.comments == []


def test_a_github_that_answers_no_more_is_a_failure_and_the_text_is_kept(call: Call, api: FakeGitHub) -> None:
    api.failures = [Answer(429, {"message": "slow down"}, {"Retry-After": "9999"})]
    ended = call("comment", "--reports", "reports")
    assert ended.code == 1
    assert ended.out.startswith(MARKER)
    assert "Try again in 9999 s" in ended.err
