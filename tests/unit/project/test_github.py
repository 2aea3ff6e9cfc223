import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.errors.github import (
    ForbiddenError,
    GitHubError,
    GitHubUnavailableError,
    MissingOnGitHubError,
    NoGitHubAccessError,
    RateLimitError,
)
from lakewright.project.github import Access, GitHub, access, connected
from tests.github_api import REPOSITORY, TOKEN, Answer, FakeGitHub


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def github(api: FakeGitHub, waits: list[float], tmp_path: Path) -> Iterator[GitHub]:
    with connected(access(tmp_path, api.environment), sleep=waits.append) as found:
        yield found


def comment(github: GitHub, text: str = "hello") -> None:
    github.post("issues/5/comments", {"body": text})


def test_what_is_posted_can_be_read_and_changed(github: GitHub) -> None:
    made = github.post("issues/5/comments", {"body": "hello"})
    github.patch(f"issues/comments/{made['id']}", {"body": "goodbye"})
    assert [each["body"] for each in github.get("issues/5/comments")] == ["goodbye"]


def test_lists_are_read_to_their_last_page(github: GitHub, api: FakeGitHub) -> None:
    api.comments = [{"id": number, "issue": 5, "body": str(number)} for number in range(250)]
    assert [each["id"] for each in github.pages("issues/5/comments")] == list(range(250))
    assert len(api.requests) == 3


def test_limits_are_waited_out_for_as_long_as_github_says(github: GitHub, api: FakeGitHub, waits: list[float]) -> None:
    api.failures = [Answer(429, {}, {"Retry-After": "7"}), Answer(403, {}, {"Retry-After": "3"})]
    comment(github)
    assert waits == [7, 3]
    assert len(api.comments) == 1


def test_a_limit_beyond_patience_is_an_error_that_says_when_to_come_back(
    github: GitHub, api: FakeGitHub, waits: list[float]
) -> None:
    api.failures = [Answer(429, {"message": "API rate limit exceeded"}, {"Retry-After": "1800"})]
    with pytest.raises(RateLimitError, match="Try again in 1800 s"):
        comment(github)
    assert waits == []


def test_failures_of_the_server_are_asked_again_a_few_times(
    github: GitHub, api: FakeGitHub, waits: list[float]
) -> None:
    api.failures = [Answer(502), Answer(503)]
    assert github.get("issues/5/comments") == []
    assert waits == [1, 2]
    api.failures = [Answer(500)] * 9
    with pytest.raises(GitHubUnavailableError, match="500"):
        github.get("issues/5/comments")
    assert len(waits) == 2 + 4


def test_what_may_have_been_done_is_not_done_twice(github: GitHub, api: FakeGitHub) -> None:
    api.broken = [Answer(502)]
    with pytest.raises(GitHubUnavailableError):
        comment(github)
    assert len(api.comments) == 1


def test_what_does_no_harm_twice_is_repeated(github: GitHub, api: FakeGitHub) -> None:
    api.broken = [Answer(502)]
    github.post("issues/5/comments", {"body": "hello"}, is_repeatable=True)
    assert len(api.comments) == 2


def test_a_missing_permission_is_named_as_github_names_it(github: GitHub, api: FakeGitHub) -> None:
    api.permissions = {}
    with pytest.raises(ForbiddenError, match=r"(?s)403 Resource not accessible.*`pull_requests=write`"):
        comment(github)


@pytest.mark.parametrize(
    ("path", "permission"),
    [("issues/5/comments", "pull-requests"), ("issues", "issues"), ("deployments/1/statuses", "deployments")],
)
def test_a_missing_permission_is_named_where_github_does_not(
    github: GitHub, api: FakeGitHub, *, path: str, permission: str
) -> None:
    api.failures = [Answer(403, {"message": "no"})]
    with pytest.raises(ForbiddenError, match=f"`{permission}: read`"):
        github.get(path)


def test_what_is_not_there_is_told_from_what_is_refused(github: GitHub, api: FakeGitHub) -> None:
    with pytest.raises(MissingOnGitHubError, match="may not see it"):
        github.get("no/such/thing")
    with pytest.raises(GitHubError, match=r"422 Validation Failed; Body is too long \(maximum is 65536 characters\)"):
        comment(github, "x" * 65_537)
    api.failures = [Answer(401, {"message": "Bad credentials"})]
    with pytest.raises(ForbiddenError, match="not expired"):
        github.get("issues")


def test_a_repository_that_has_moved_is_not_followed(github: GitHub, api: FakeGitHub) -> None:
    api.failures = [Answer(301, {}, {"Location": "https://example.com/"})]
    with pytest.raises(GitHubError, match="has moved"):
        comment(github)


def test_the_token_follows_no_link_to_another_host(github: GitHub, api: FakeGitHub) -> None:
    api.failures = [Answer(200, [1], {"Link": '<http://127.0.0.1.example.com/>; rel="next"'})]
    with pytest.raises(GitHubError, match="another host"):
        list(github.pages("issues"))


def test_a_github_that_does_not_answer_is_an_error_after_some_attempts(waits: list[float]) -> None:
    nowhere = Access(repository=REPOSITORY, token=TOKEN, api="http://127.0.0.1:1")
    with connected(nowhere, sleep=waits.append) as github, pytest.raises(GitHubUnavailableError, match="reached"):
        comment(github)
    assert waits == [1, 2, 4, 8]


@pytest.mark.parametrize(
    "answer",
    [Answer(401), Answer(403, {"message": "no"}), Answer(404), Answer(422), Answer(429, {}, {"Retry-After": "999"})],
)
def test_no_error_shows_the_token(github: GitHub, api: FakeGitHub, answer: Answer) -> None:
    api.failures = [answer]
    with pytest.raises(GitHubError) as raised:
        comment(github)
    assert TOKEN not in f"{raised.value}{raised.value!r}{github!r}{github.access!r}"


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/acme/flights",
        "https://github.com/acme/flights.git",
        "https://x-access-token:secret@github.com/acme/flights.git",
        "git@github.com:acme/flights.git",
        "ssh://git@github.com/acme/flights",
    ],
)
def test_outside_of_a_workflow_the_remote_says_which_repository_it_is(tmp_path: Path, url: str) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "remote", "add", "origin", url], cwd=tmp_path, check=True)
    assert access(tmp_path, {"GH_TOKEN": "t"}) == Access(repository="acme/flights", token="t")  # noqa: S106  of nobody


@pytest.mark.parametrize(
    "url", ["https://gitlab.com/acme/flights.git", "https://github.com.evil.example/a/b", "/srv/x"]
)
def test_a_remote_elsewhere_gets_no_token(tmp_path: Path, url: str) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "remote", "add", "origin", url], cwd=tmp_path, check=True)
    with pytest.raises(NoGitHubAccessError, match="GITHUB_REPOSITORY"):
        access(tmp_path, {"GITHUB_TOKEN": "t"})


@pytest.mark.parametrize(
    ("api", "server"),
    [
        ("", "https://github.com"),
        ("https://github.example.com/api/v3/", "https://github.example.com"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com"),
    ],
)
def test_outside_of_a_workflow_the_api_says_which_server_it_is(tmp_path: Path, api: str, server: str) -> None:
    given = {"GH_TOKEN": "t", "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_API_URL": api}
    assert access(tmp_path, given).server == server
    assert access(tmp_path, {**given, "GITHUB_SERVER_URL": "https://other"}).server == "https://other"


def test_without_a_token_it_says_which_to_set(tmp_path: Path) -> None:
    with pytest.raises(NoGitHubAccessError, match="Set GITHUB_TOKEN"):
        access(tmp_path, {"GITHUB_TOKEN": " "})
