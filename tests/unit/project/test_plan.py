import json
from pathlib import Path

import pytest

from lakewright.errors.deploying import CliFailedError, MissingGrantError, PlanFormatError
from lakewright.project.bundle_cli import BundleCli, find_cli
from lakewright.project.plan import Plan, plan_pipeline, read_plan
from lakewright.project.records import Record
from lakewright.project.repository import PipelineFolder
from tests.databricks_cli import RecordingCli
from tests.test_databricks_cli import BUNDLE
from tests.unit.project.repos import TARGETS, write

DEPLOYED = Record(pipeline="sales", revision="1a2b3c4d5e6f", digest="d1")


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordingCli:
    write(tmp_path, {"targets.yml": TARGETS, "pipelines/sales/databricks.yml": BUNDLE})
    return RecordingCli.install(tmp_path / "cli", monkeypatch)


@pytest.fixture
def found(cli: RecordingCli) -> BundleCli:
    assert cli.calls == []
    return find_cli(lambda _: None)


def plan(found: BundleCli, root: Path, recorded: Record | None = None, *, target: str = "prod") -> Plan:
    return plan_pipeline(found, PipelineFolder(root / "pipelines" / "sales"), target, recorded=recorded)


def actions(plan: Plan) -> dict[str, str]:
    return {action.resource: action.action for action in plan.actions}


def test_a_plan_says_what_is_made_changed_and_lost(found: BundleCli, cli: RecordingCli, tmp_path: Path) -> None:
    first = plan(found, tmp_path)
    assert (actions(first), first.jobs, first.is_first) == ({"jobs.daily": "create"}, ("daily",), True)
    found.do(tmp_path / "pipelines" / "sales", "deploy", target="prod")
    cli.workspace.edit("jobs.daily", max_concurrent_runs=9)
    (changed,) = plan(found, tmp_path).changes
    assert (changed.action, changed.is_loss) == ("update", False)
    (field,) = changed.changes
    assert (field.path, field.old, field.remote, field.new) == ("max_concurrent_runs", 1, 9, 1)
    write(tmp_path, {"pipelines/sales/databricks.yml": BUNDLE.replace("daily:", "hourly:")})
    renamed = plan(found, tmp_path, DEPLOYED)
    assert actions(renamed) == {"jobs.daily": "delete", "jobs.hourly": "create"}
    assert ([action.resource for action in renamed.losses], renamed.jobs) == (["jobs.daily"], ("hourly",))


def test_what_somebody_has_deleted_is_lost_no_more(found: BundleCli, cli: RecordingCli, tmp_path: Path) -> None:
    found.do(tmp_path / "pipelines" / "sales", "deploy", target="prod")
    cli.workspace.delete("jobs.daily")
    write(tmp_path, {"pipelines/sales/databricks.yml": BUNDLE.replace("daily:", "hourly:")})
    after = plan(found, tmp_path, DEPLOYED)
    assert actions(after) == {"jobs.daily": "delete", "jobs.hourly": "create"}
    assert after.losses == ()


def test_a_plan_without_permission_names_the_grants(found: BundleCli, cli: RecordingCli, tmp_path: Path) -> None:
    cli.denies()
    with pytest.raises(MissingGrantError) as raised:
        plan(found, tmp_path)
    assert "no plan of 'sales' for 'prod': Error: reading state" in str(raised.value)
    assert "CAN_READ on /Workspace/bundles/sales\n" in str(raised.value)
    assert "CAN_VIEW on the jobs" in str(raised.value)


def test_a_plan_that_creates_everything_again_cannot_see_what_is_deployed(found: BundleCli, tmp_path: Path) -> None:
    with pytest.raises(MissingGrantError, match="deployed from 1a2b3c4d5, and yet everything would be created"):
        plan(found, tmp_path, DEPLOYED)


def test_jobs_that_somebody_deleted_are_created_again(found: BundleCli, cli: RecordingCli, tmp_path: Path) -> None:
    found.do(tmp_path / "pipelines" / "sales", "deploy", target="prod")
    cli.workspace.delete("jobs.daily")
    assert actions(plan(found, tmp_path, DEPLOYED)) == {"jobs.daily": "create"}


def test_in_development_everybody_has_a_copy_of_their_own(found: BundleCli, tmp_path: Path) -> None:
    assert actions(plan(found, tmp_path, DEPLOYED, target="dev")) == {"jobs.daily": "create"}


def test_other_failures_stay_what_they_are(found: BundleCli, cli: RecordingCli, tmp_path: Path) -> None:
    cli.fails("plan", "Error: 503 TEMPORARILY_UNAVAILABLE\n")
    with pytest.raises(CliFailedError, match="TEMPORARILY_UNAVAILABLE"):
        plan(found, tmp_path, DEPLOYED)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"plan_version": 3, "cli_version": "2.0.0", "plan": {}}, "plan version 3, which .* CLI 2.0.0"),
        ({"cli_version": "0.280.0", "plan": {}}, "plan version None, which .* CLI 0.280.0"),
        (
            {"plan_version": 2, "cli_version": "1.30.0", "plan": {"resources.jobs.a": {"action": "merge"}}},
            "'merge' of jobs.a, which .* CLI 1.30.0",
        ),
        ({"plan_version": 2, "plan": ["jobs.a"]}, "no plan of the Databricks CLI"),
        ([], "no plan of the Databricks CLI"),
    ],
)
def test_a_plan_of_an_unknown_form_is_refused(*, content: object, message: str) -> None:
    with pytest.raises(PlanFormatError, match=message):
        read_plan(json.dumps(content))


@pytest.mark.parametrize("text", ["", "Plan: 1 to add", '{"plan_version": 2'])
def test_what_is_no_json_is_no_plan(*, text: str) -> None:
    with pytest.raises(PlanFormatError, match="no plan of the Databricks CLI"):
        read_plan(text)
