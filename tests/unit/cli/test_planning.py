"""`lakewright plan`: what a deploy would do, and when not to believe it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.project.github import access, connected
from lakewright.project.records import Record, record
from tests.databricks_cli import RecordingCli
from tests.github_api import FakeGitHub, server
from tests.unit.cli.commands import Call
from tests.unit.cli.deploying import bundle, repository
from tests.unit.project.repos import TARGETS, write


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordingCli:
    repository(tmp_path, "sales", "flights")
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    return RecordingCli.install(tmp_path / "cli", monkeypatch)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitHub]:
    with server() as fake:
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        yield fake


def deploy(root: Path, cli: RecordingCli, *names: str) -> None:
    for name in names:
        folder = root / "pipelines" / name
        subprocess.run(["databricks", "bundle", "deploy", "--target", "prod"], cwd=folder, check=True)
    cli.forget()


def test_a_plan_shows_each_field_that_changes(call: Call, cli: RecordingCli, tmp_path: Path) -> None:
    deploy(tmp_path, cli, "sales", "flights")
    write(tmp_path, bundle("sales", {"max_concurrent_runs: 1": "max_concurrent_runs: 3, tags: {team: ops}"}))
    ended = call("plan", "--target", "prod")
    assert ended.code == 0
    assert ended.out == (
        "flights → prod   no change\n"
        "sales → prod   ~ 1 changed\n"
        "  ~   jobs.daily\n"
        "        max_concurrent_runs   1 → 3\n"
        '        tags.team   nothing → "ops"\n'
    )
    assert "$ databricks bundle plan --target prod --output json\n" in ended.err
    assert [call.words for call in cli.calls] == ["--version", *["bundle plan --target prod --output json"] * 2]


def test_what_would_be_removed_is_loud(call: Call, cli: RecordingCli, tmp_path: Path) -> None:
    deploy(tmp_path, cli, "sales")
    write(tmp_path, bundle("sales", {"daily:": "hourly:"}))
    told = call("plan", "sales", "--target", "prod").out
    assert told == "sales → prod   + 1 new, − 1 removed\n  −   jobs.daily   IS REMOVED\n  +   jobs.hourly\n"
    shown = call("plan", "sales", "--target", "prod", "--format", "markdown").out
    assert "| − | **`jobs.daily` is removed** | delete | | |\n" in shown


def test_programs_get_the_plan_and_the_recorded_deploy(
    call: Call, cli: RecordingCli, api: FakeGitHub, *, tmp_path: Path
) -> None:
    deploy(tmp_path, cli, "sales")
    with connected(access(tmp_path, api.environment)) as github:
        record(github, "prod", Record(pipeline="sales", revision="c1", digest="d1"))
    ended = call("plan", "sales", "--target", "prod", "--format", "json")
    assert json.loads(ended.out) == {
        "format": "lakewright-plan/1",
        "target": "prod",
        "pipelines": [
            {
                "pipeline": "sales",
                "recorded": {"revision": "c1", "digest": "d1"},
                "actions": [{"resource": "jobs.daily", "action": "skip"}],
                "error": None,
            }
        ],
    }


def test_a_plan_that_does_not_see_the_recorded_deploy_fails_and_the_others_are_shown(
    call: Call, cli: RecordingCli, api: FakeGitHub, *, tmp_path: Path
) -> None:
    with connected(access(tmp_path, api.environment)) as github:
        record(github, "prod", Record(pipeline="sales", revision="c1234567890", digest="d1"))
    ended = call("plan", "--target", "prod")
    assert ended.code == 1
    assert "flights → prod   + 1 new\n" in ended.out
    assert "✘ sales → prod   no plan   (deployed: c12345678)\n" in ended.out
    assert "CAN_READ on /Workspace/bundles/sales\n" in ended.out
    (flights, sales) = json.loads(call("plan", "--target", "prod", "--format", "json").out)["pipelines"]
    assert (flights["error"], sales["actions"]) == (None, [])
    assert "deployed from c12345678, and yet everything would be created" in sales["error"]
    assert len(cli.calls) == 6


def test_without_github_the_plan_is_made_and_says_what_it_cannot_know(call: Call, cli: RecordingCli) -> None:
    ended = call("plan", "sales", "--target", "prod")
    assert (ended.code, len(cli.calls)) == (0, 2)
    assert "What is deployed is not known" in ended.err
    assert "there is no token for GitHub" in ended.err


def test_a_denied_plan_names_the_grants(call: Call, cli: RecordingCli) -> None:
    cli.denies(pipeline="sales")
    ended = call("plan", "sales", "--target", "prod")
    assert ended.code == 1
    assert "no plan of 'sales' for 'prod': Error: reading state" in ended.out
    assert "CAN_VIEW on the jobs" in ended.out


@pytest.mark.parametrize(
    ("target", "text", "message"),
    [
        ("prd", TARGETS, "targets.yml has no target 'prd'; did you mean 'prod'?"),
        ("prod", TARGETS.replace("https://prod.", "https://CHANGE-ME."), "is still the placeholder"),
        ("prod", TARGETS.replace("variables: {catalog: prod}", "variables: {}"), "has no value for 'catalog'"),
    ],
)
def test_a_target_that_cannot_be_deployed_to_is_refused_before_anything_is_asked(
    call: Call, cli: RecordingCli, tmp_path: Path, *, target: str, text: str, message: str
) -> None:
    write(tmp_path, {"targets.yml": text})
    ended = call("plan", "--target", target)
    assert ended.code in {1, 2}
    assert message in ended.err
    assert cli.calls == []


def test_what_is_wrong_about_another_target_is_no_matter(call: Call, cli: RecordingCli, tmp_path: Path) -> None:
    write(tmp_path, {"targets.yml": TARGETS.replace("https://dev.", "https://CHANGE-ME.")})
    assert call("plan", "sales", "--target", "prod").code == 0
    assert len(cli.calls) == 2


def test_a_cli_of_another_version_is_refused(call: Call, cli: RecordingCli) -> None:
    cli.tell(version="1.23.0")
    ended = call("plan", "--target", "prod")
    assert ended.code == 1
    assert "Install the Databricks CLI 1.22.1" in ended.err


def test_a_plan_of_an_unknown_cli_is_refused(call: Call, cli: RecordingCli) -> None:
    cli.tell(plan={"plan_version": 9, "cli_version": "9.0.0", "plan": {}})
    ended = call("plan", "sales", "--target", "prod")
    assert ended.code == 1
    assert "plan version 9" in ended.out
