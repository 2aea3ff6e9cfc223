from lakewright.project.github import GitHub
from lakewright.project.issues import close_issue, keep_issue
from tests.github_api import FakeGitHub

LABEL = "drift"


def states(api: FakeGitHub) -> list[tuple[str, str, str]]:
    return [(each["title"], each["body"], each["state"]) for each in api.issues]


def test_an_issue_is_opened_then_brought_up_to_date_and_closed(api: FakeGitHub, github: GitHub) -> None:
    first = keep_issue(github, LABEL, title="Two jobs", body="a, b")
    assert keep_issue(github, LABEL, title="One job", body="a") == first
    assert states(api) == [("One job", "a", "open")]
    assert close_issue(github, LABEL, body="None is left.") == first
    assert states(api) == [("One job", "None is left.", "closed")]


def test_what_is_closed_stays_closed_and_a_new_matter_has_a_new_issue(api: FakeGitHub, github: GitHub) -> None:
    keep_issue(github, LABEL, title="Old", body="")
    close_issue(github, LABEL, body="Gone.")
    keep_issue(github, LABEL, title="New", body="x")
    assert states(api) == [("Old", "Gone.", "closed"), ("New", "x", "open")]


def test_where_nothing_is_open_nothing_is_closed(api: FakeGitHub, github: GitHub) -> None:
    assert close_issue(github, LABEL, body="") is None
    assert api.issues == []


def test_an_issue_of_another_label_and_a_pull_request_are_left_alone(api: FakeGitHub, github: GitHub) -> None:
    keep_issue(github, "other", title="Other", body="o")
    api.issues.append(
        api.new(
            {"number": 99, "title": "PR", "body": "", "labels": [{"name": LABEL}], "state": "open", "pull_request": {}}
        )
    )
    assert close_issue(github, LABEL, body="x") is None
    assert {each[2] for each in states(api)} == {"open"}
