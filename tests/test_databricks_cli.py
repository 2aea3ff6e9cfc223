"""The recording `databricks` behaves as the real one is documented to."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.databricks_cli import RecordingCli
from tests.recording.workspace import job_id
from tests.unit.project.repos import TARGETS, write

BUNDLE = """
bundle: {name: sales, databricks_cli_version: "== 1.22.1"}
include: [../../targets.yml]
resources:
  jobs:
    daily: {name: "daily of ${bundle.target}", max_concurrent_runs: 1}
"""


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordingCli:
    write(tmp_path, {"targets.yml": TARGETS, "pipelines/sales/databricks.yml": BUNDLE})
    monkeypatch.chdir(tmp_path / "pipelines" / "sales")
    return RecordingCli.install(tmp_path / "cli", monkeypatch)


def databricks(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["databricks", *arguments], capture_output=True, text=True, check=False)


def plan(target: str = "prod", *more: str) -> dict[str, Any]:
    said = databricks("bundle", "plan", "--target", target, "-o", "json", *more)
    assert said.returncode == 0, said.stderr
    content: dict[str, Any] = json.loads(said.stdout)
    return content


def actions(content: dict[str, Any]) -> dict[str, str]:
    return {key: entry["action"] for key, entry in content["plan"].items()}


def test_what_is_deployed_is_planned_no_more(cli: RecordingCli) -> None:
    first = plan()
    assert actions(first) == {"resources.jobs.daily": "create"}
    assert first["plan"]["resources.jobs.daily"]["new_state"]["value"]["name"] == "daily of prod"
    assert databricks("bundle", "deploy", "--target", "prod").returncode == 0
    again = plan()
    assert (actions(again), again["serial"]) == ({"resources.jobs.daily": "skip"}, 1)
    assert actions(plan("dev")) == {"resources.jobs.daily": "create"}
    assert [call.words for call in cli.calls][1] == "bundle deploy --target prod"


def test_a_change_by_hand_is_planned_field_by_field(cli: RecordingCli) -> None:
    databricks("bundle", "deploy", "--target", "prod")
    cli.workspace.edit("jobs.daily", max_concurrent_runs=9)
    entry = plan()["plan"]["resources.jobs.daily"]
    assert entry["action"] == "update"
    assert entry["changes"] == {"max_concurrent_runs": {"action": "update", "old": 1, "new": 1, "remote": 9}}
    cli.workspace.delete("jobs.daily")
    assert actions(plan()) == {"resources.jobs.daily": "create"}


def test_a_saved_plan_is_refused_once_the_state_has_changed(cli: RecordingCli, tmp_path: Path) -> None:
    saved = write(tmp_path, {"plan.json": json.dumps(plan())}) / "plan.json"
    assert databricks("bundle", "deploy", "--target", "prod", "--plan", str(saved)).returncode == 0
    refused = databricks("bundle", "deploy", "--target", "prod", "--plan", str(saved))
    assert (refused.returncode, cli.calls[-1].code) == (1, 1)
    assert "plan serial 0 does not match state serial 1" in refused.stderr


def test_removed_jobs_are_deleted_without_a_question_and_schemas_are_not(cli: RecordingCli, tmp_path: Path) -> None:
    databricks("bundle", "deploy", "--target", "prod")
    kept = BUNDLE.partition("resources:")[0]
    write(tmp_path, {"pipelines/sales/databricks.yml": f"{kept}resources: {{schemas: {{out: {{name: a}}}}}}"})
    assert actions(plan()) == {"resources.jobs.daily": "delete", "resources.schemas.out": "create"}
    assert databricks("bundle", "deploy", "--target", "prod").returncode == 0
    write(tmp_path, {"pipelines/sales/databricks.yml": f"{kept}resources: {{schemas: {{out: {{name: b}}}}}}"})
    assert actions(plan()) == {"resources.schemas.out": "recreate"}
    assert "use --auto-approve" in databricks("bundle", "deploy", "--target", "prod").stderr
    assert databricks("bundle", "deploy", "--target", "prod", "--auto-approve").returncode == 0
    assert cli.calls[-1].argv[-1] == "--auto-approve"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bundle", "plan", "--json"], "unknown flag: --json"),
        (["bundle", "deploy", "--yes"], "unknown flag: --yes"),
        (["bundle", "plan", "prod"], 'unknown command "prod" for "databricks bundle plan"'),
        (["bundle", "ship"], 'unknown command "bundle ship" for "databricks"'),
        (["bundle", "plan", "--target"], "flag needs an argument: --target"),
        (["bundle", "plan", "--target", "prd"], "prd: no such target. Available targets: dev, prod"),
        (["bundle", "destroy", "--target", "prod"], "please specify --auto-approve"),
        (["bundle", "run", "daily", "--target", "prod"], "resource not found or not yet deployed"),
    ],
)
def test_what_the_real_one_refuses_is_refused(cli: RecordingCli, *, arguments: list[str], message: str) -> None:
    said = databricks(*arguments)
    assert said.returncode == 1
    assert message in said.stderr
    assert cli.calls[-1].argv == tuple(arguments)


def test_it_can_be_told_to_fail(cli: RecordingCli) -> None:
    cli.denies(target="prod")
    assert "403 PERMISSION_DENIED" in databricks("bundle", "plan", "--target", "prod").stderr
    assert databricks("bundle", "plan", "--target", "dev").returncode == 0
    cli.heals()
    assert databricks("bundle", "plan", "--target", "prod").returncode == 0
    cli.tell(version="1.21.0")
    assert databricks("--version").stdout == "Databricks CLI v1.21.0\n"
    assert "Required: == 1.22.1, current: 1.21.0" in databricks("bundle", "plan").stderr


def test_another_principal_sees_another_state_unless_there_is_a_root_path(
    cli: RecordingCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for target in ("dev", "prod"):
        databricks("bundle", "deploy", "--target", target)
    monkeypatch.setenv("DATABRICKS_CLIENT_ID", "another")
    assert actions(plan("prod")) == {"resources.jobs.daily": "skip"}
    assert actions(plan("dev")) == {"resources.jobs.daily": "create"}
    assert cli.calls[-1].environment["DATABRICKS_CLIENT_ID"] == "another"


def test_a_run_and_a_destroy_follow_what_is_deployed(cli: RecordingCli) -> None:
    databricks("bundle", "deploy", "--target", "prod")
    assert "TERMINATED SUCCESS" in databricks("bundle", "run", "daily", "--target", "prod").stdout
    summary = json.loads(databricks("bundle", "summary", "--target", "prod", "-o", "json").stdout)
    assert summary["resources"]["jobs"]["daily"]["url"] == f"https://prod.example.com/jobs/{job_id('daily')}"
    assert "Destroy: 1 deleted" in databricks("bundle", "destroy", "--target", "prod", "--auto-approve").stdout
    assert actions(plan()) == {"resources.jobs.daily": "create"}
    assert len(cli.calls) == 5
