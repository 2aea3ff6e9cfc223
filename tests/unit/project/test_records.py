import pytest

from lakewright.errors.github import ForbiddenError, GitHubError, GitHubUnavailableError
from lakewright.project.github import GitHub
from lakewright.project.records import Record, history, record, recorded
from tests.github_api import Answer, FakeGitHub

NAMES = ("flights", "sales")


def deploy(pipeline: str, revision: str, digest: str = "d1") -> Record:
    return Record(pipeline=pipeline, revision=revision, digest=digest, version="0.1.0")


def revisions(found: dict[str, Record]) -> dict[str, str]:
    return {name: each.revision for name, each in found.items()}


def test_the_last_deploy_of_each_pipeline_and_target_is_known(github: GitHub) -> None:
    for target, kept in (
        ("dev", deploy("sales", "c1")),
        ("prod", deploy("sales", "c0")),
        ("dev", deploy("flights", "c1")),
        ("dev", deploy("sales", "c2", "d2")),
    ):
        record(github, target, kept)
    assert revisions(dict(recorded(github, "dev", NAMES))) == {"flights": "c1", "sales": "c2"}
    assert revisions(dict(recorded(github, "prod", NAMES))) == {"sales": "c0"}
    assert recorded(github, "staging", NAMES) == {}
    found = recorded(github, "dev", NAMES)["sales"]
    assert (found.digest, found.version, found.at[:10]) == ("d2", "0.1.0", "2026-11-30")


def test_what_is_on_record_is_asked_page_by_page_and_not_one_by_one(github: GitHub, api: FakeGitHub) -> None:
    names = [f"p{number:02}" for number in range(40)]
    for name in names:
        record(github, "dev", deploy(name, "c1"))
    api.requests.clear()
    assert [*recorded(github, "dev", names)] == names
    assert [path for _, path in api.requests] == ["deployments"]


def test_a_success_counts_though_github_calls_it_inactive_later(github: GitHub, api: FakeGitHub) -> None:
    record(github, "dev", deploy("sales", "c1"))
    workflow = github.post(
        "deployments", {"ref": "c2", "task": "deploy", "environment": "dev", "payload": "", "description": ""}
    )
    github.post(f"deployments/{workflow['id']}/statuses", {"state": "success"})
    assert api.deployments[0]["statuses"][0]["state"] == "inactive"
    assert revisions(dict(recorded(github, "dev", NAMES))) == {"sales": "c1"}


def test_the_record_of_one_pipeline_leaves_those_of_others_active(github: GitHub, api: FakeGitHub) -> None:
    record(github, "dev", deploy("sales", "c1"))
    record(github, "dev", deploy("flights", "c1"))
    assert [[status["state"] for status in each["statuses"]] for each in api.deployments] == [["success"]] * 2


def test_a_removed_pipeline_is_deployed_no_more(github: GitHub) -> None:
    record(github, "dev", deploy("sales", "c1"))
    record(github, "dev", Record(pipeline="sales", revision="c2", is_removal=True))
    assert recorded(github, "dev", NAMES) == {}
    record(github, "dev", deploy("sales", "c3"))
    assert revisions(dict(recorded(github, "dev", NAMES))) == {"sales": "c3"}


def test_the_history_goes_back_over_all_targets_or_one(github: GitHub) -> None:
    for number in range(3):
        record(github, "dev", deploy("sales", f"c{number}"))
        record(github, "prod", deploy("sales", f"p{number}"))
    record(github, "prod", deploy("flights", "p9"))
    assert [each.revision for each in history(github, "sales", "prod")] == ["p2", "p1", "p0"]
    assert [each.revision for each in history(github, "sales")] == ["p2", "c2", "p1", "c1", "p0", "c0"]


def test_a_few_pipelines_are_asked_for_alone(github: GitHub, api: FakeGitHub) -> None:
    for number in range(110):
        record(github, "dev", deploy("sales", f"c{number}"))
    api.requests.clear()
    assert revisions(dict(recorded(github, "dev", NAMES))) == {"sales": "c109"}
    assert len(api.requests) == len(NAMES)


def test_years_of_deploys_are_not_read_to_find_those_of_many_pipelines(github: GitHub, api: FakeGitHub) -> None:
    names = [f"p{number:02}" for number in range(12)]
    record(github, "dev", deploy(names[0], "long ago"))
    record(github, "dev", deploy(names[1], "long ago"))
    record(github, "dev", Record(pipeline=names[1], revision="c1", is_removal=True))
    lately = [api.new(_as_listed(name, f"c{number}")) for number in range(200) for name in names[2:]]
    api.deployments += lately
    api.requests.clear()
    found = revisions(dict(recorded(github, "dev", [*names, "never"])))
    assert found == {names[0]: "long ago", **dict.fromkeys(names[2:], "c199")}
    assert len(api.requests) == 10 + len({names[0], names[1], "never"})


def _as_listed(pipeline: str, revision: str) -> dict[str, object]:
    return {"task": f"lakewright:{pipeline}", "environment": "dev", "sha": revision, "statuses": []}


def test_a_commit_that_github_does_not_have_cannot_be_recorded(github: GitHub, api: FakeGitHub) -> None:
    api.commits = {"c1"}
    with pytest.raises(GitHubError, match="No ref found for: c2"):
        record(github, "dev", deploy("sales", "c2"))
    assert api.deployments == []


def test_a_record_counts_though_its_page_could_not_be_brought_up_to_date(github: GitHub, api: FakeGitHub) -> None:
    made = Answer(201, {"id": 1})
    api.broken = [made, *[Answer(500, {})] * 10]
    record(github, "dev", deploy("sales", "c1"))
    api.broken = []
    assert revisions(dict(recorded(github, "dev", NAMES))) == {"sales": "c1"}


def test_what_is_missing_to_record_is_named(github: GitHub, api: FakeGitHub) -> None:
    api.permissions["deployments"] = "read"
    with pytest.raises(ForbiddenError, match="deployments=write"):
        record(github, "dev", deploy("sales", "c1"))
    assert recorded(github, "dev", NAMES) == {}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_failure_of_github_is_waited_out_when_records_are_read(
    github: GitHub, api: FakeGitHub, *, status: int
) -> None:
    record(github, "dev", deploy("sales", "c1"))
    api.failures = [Answer(status, {}), Answer(status, {})]
    assert revisions(dict(recorded(github, "dev", NAMES))) == {"sales": "c1"}
    api.failures = [Answer(500, {})] * 10
    with pytest.raises(GitHubUnavailableError):
        recorded(github, "dev", NAMES)
