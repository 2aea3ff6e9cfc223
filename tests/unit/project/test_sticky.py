import json
from pathlib import Path
from typing import Final

import pytest

from lakewright.errors.github import ForbiddenError, GitHubUnavailableError
from lakewright.project.github import GitHub
from lakewright.project.sticky import pull_request_number, put_comment
from tests.github_api import Answer, FakeGitHub

MARKER: Final = "<!-- ours -->"


def put(github: GitHub, text: str, *, only_update: bool = False) -> str:
    return put_comment(github, 5, f"{MARKER}\n{text}", marker=MARKER, only_update=only_update)


def bodies(api: FakeGitHub) -> list[str]:
    return [each["body"].removeprefix(f"{MARKER}\n") for each in api.comments if each["issue"] == 5]


def test_a_comment_is_made_once_and_updated_ever_after(github: GitHub, api: FakeGitHub) -> None:
    api.comments = [{"id": number, "issue": 5, "body": "talk"} for number in range(1, 120)]
    api.next_id = 120
    first = put(github, "one")
    assert put(github, "two") == first
    assert bodies(api)[119:] == ["two"]
    assert first.endswith("/pull/5#issuecomment-120")


def test_an_equal_comment_is_left_alone(github: GitHub, api: FakeGitHub) -> None:
    put(github, "one")
    put(github, "one")
    assert [method for method, _ in api.requests if method != "GET"] == ["POST"]


def test_of_comments_that_were_made_at_once_the_earliest_stays(github: GitHub, api: FakeGitHub) -> None:
    put(github, "one")
    api.comments.append({**api.comments[0], "id": 7})
    put(github, "two")
    assert bodies(api) == ["two"]


def test_a_comment_on_another_pull_request_is_another(github: GitHub, api: FakeGitHub) -> None:
    put_comment(github, 6, f"{MARKER}\nsix", marker=MARKER)
    put(github, "five")
    assert len(api.comments) == 2


def test_a_stranger_with_our_marker_gets_no_text_of_ours(github: GitHub, api: FakeGitHub) -> None:
    stranger = {"user": {"type": "User"}, "author_association": "CONTRIBUTOR"}
    api.comments = [{"id": 1, "issue": 5, "body": f"{MARKER}\nfree money", **stranger}]
    api.next_id = 2
    put(github, "one")
    assert bodies(api) == ["free money", "one"]


def test_a_colleague_may_have_made_it_from_a_laptop(github: GitHub, api: FakeGitHub) -> None:
    api.comments = [{"id": 1, "issue": 5, "body": f"{MARKER}\nold", "author_association": "MEMBER"}]
    put(github, "new")
    assert bodies(api) == ["new"]


def test_without_a_comment_there_is_nothing_to_update(github: GitHub, api: FakeGitHub) -> None:
    assert put(github, "nothing", only_update=True) == ""
    assert api.comments == []
    put(github, "one")
    put(github, "nothing", only_update=True)
    assert bodies(api) == ["nothing"]


def test_a_comment_that_was_made_while_github_failed_is_not_made_again(github: GitHub, api: FakeGitHub) -> None:
    api.broken = [Answer(200, []), Answer(502)]
    put(github, "one")
    assert bodies(api) == ["one"]


def test_a_comment_that_was_not_made_while_github_failed_is_made_again(github: GitHub, api: FakeGitHub) -> None:
    api.on_post = [Answer(502)]
    put(github, "one")
    assert bodies(api) == ["one"]


def test_limits_are_waited_out(github: GitHub, api: FakeGitHub) -> None:
    api.failures = [Answer(429, {}, {"Retry-After": "1"}), Answer(500), Answer(403, {}, {"Retry-After": "1"})]
    put(github, "one")
    assert bodies(api) == ["one"]


def test_a_github_that_stays_down_is_an_error(github: GitHub, api: FakeGitHub) -> None:
    api.failures = [Answer(503)] * 20
    with pytest.raises(GitHubUnavailableError):
        put(github, "one")


def test_a_token_that_may_only_read_is_told_from_a_failure(github: GitHub, api: FakeGitHub) -> None:
    api.permissions["pull-requests"] = "read"
    with pytest.raises(ForbiddenError, match="pull_requests=write"):
        put(github, "one")


def test_a_workflow_says_which_pull_request_it_runs_for(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7}}), encoding="utf-8")
    assert pull_request_number({"GITHUB_REF": "refs/pull/12/merge"}) == 12
    assert pull_request_number({"GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_PATH": str(event)}) == 7
    event.write_text(json.dumps({"merge_group": {}}), encoding="utf-8")
    assert pull_request_number({"GITHUB_EVENT_PATH": str(event)}) is None
    assert pull_request_number({"GITHUB_REF": "refs/heads/main"}) is None
