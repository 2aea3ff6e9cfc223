"""What a pull request shows. The workflow is executed; GitHub's API and the Databricks CLI are stand-ins."""

from typing import Final

import pytest

from tests.template.rendering import run
from tests.workflows.platform import Platform
from tests.workflows.results import WorkflowRun

JOBS: Final = "pipelines/flights/src/flights/jobs.py"
# What one test runs for all.
CHECKS: Final = {r"(echo .* xargs )?uv run nox --session .*": 0}
GROUPS: Final = "framework/src/lakewright/project/groups.py"
MOST: Final = "MOST_JOBS: Final = 256"
NOT_RUN: Final = ["skipped"]


def setting(platform: Platform, value: int) -> dict[str, str | None]:
    """A change of one setting of one job."""
    text = platform.read(JOBS)
    assert "@job(\n" in text
    return {JOBS: text.replace("@job(\n", f"@job(\n    max_concurrent_runs={value},\n", 1)}


def checked(ran: WorkflowRun) -> list[str]:
    return [str(job.matrix["group"]["pipelines"]) for job in ran["check"] if job.matrix]


def test_a_change_of_one_pipeline_is_checked_and_told_in_one_comment_that_is_kept(deployed: Platform) -> None:
    branch = deployed.change("setting", setting(deployed, 3))
    ran = deployed.checks(branch)
    assert ran.result == "success", "\n".join(ran.failures())
    assert checked(ran) == ["flights"]
    assert [(job.matrix["target"], job.environment) for job in ran["plan"]] == [
        ("staging", "staging-plan"),
        ("prod", "prod-plan"),
    ]
    [comment] = deployed.github.comments
    assert "`delays`" in comment["body"]
    assert "`3`" in comment["body"]
    assert "1 updated" in comment["body"]
    assert "`sales`" in comment["body"]

    deployed.assume(CHECKS)
    again = deployed.checks(deployed.change("setting", setting(deployed, 4)))
    assert again.result == "success", "\n".join(again.failures())
    [updated] = deployed.github.comments
    assert updated["id"] == comment["id"]
    assert "`4`" in updated["body"]


def test_only_the_plan_can_say_who_it_is_and_nothing_but_the_comment_writes(deployed: Platform) -> None:
    deployed.assume(CHECKS)
    ran = deployed.checks(deployed.change("setting", setting(deployed, 3)))
    may = {job.path: {name for name, level in job.permissions.items() if level == "write"} for job in ran.jobs}
    assert {path: grants for path, grants in may.items() if grants} == {
        "plan": {"id-token"},
        "comment": {"pull-requests"},
    }
    words = [call.words for call in deployed.cli.calls]
    assert words
    assert all(each.startswith(("--version", "bundle plan")) for each in words)
    assert deployed.workspace.sent() == []


def test_shared_code_concerns_who_needs_it(platform: Platform) -> None:
    platform.assume(CHECKS)
    geo = "shared/geo/src/geo/__init__.py"
    ran = platform.checks(platform.change("geo", {geo: platform.read(geo).replace("100", "200")}))
    assert checked(ran) == ["sales"]
    assert ran.one("gate").result == "success", "\n".join(ran.failures())


def test_pipelines_share_jobs_where_there_are_more_than_a_matrix_takes(deployed: Platform) -> None:
    deployed.assume(CHECKS)
    # As if a matrix took one job: the repository carries what groups them.
    few = deployed.change("few", {GROUPS: deployed.read(GROUPS).replace(MOST, "MOST_JOBS: Final = 1")})
    ran = deployed.checks(few)
    assert ran.result == "success", "\n".join(ran.failures())
    assert checked(ran) == ["flights sales"]
    assert [job.result for job in ran["plan"]] == ["success", "success"]
    [comment] = deployed.github.comments
    assert "2 pipelines: `flights`, `sales`" in comment["body"]

    before = len(deployed.github.deployments)
    deployed.cli.fails("plan", "Error: the workspace is away", target="staging")
    results = deployed.deploys(few).results()
    assert (results["dev / deploy"], results["staging / deploy"]) == (["success"], ["failure"])
    recorded = {(each["task"], each["environment"]) for each in deployed.github.deployments[before:]}
    assert recorded == {("lakewright:flights", "dev"), ("lakewright:sales", "dev")}


def test_documents_concern_no_pipeline_and_the_gate_opens(platform: Platform) -> None:
    platform.assume(CHECKS)
    ran = platform.checks(platform.change("docs", {"docs/more.md": "# More\n"}))
    assert ran.results() | {"check": NOT_RUN, "plan": NOT_RUN} == ran.results()
    assert ran.one("gate").result == "success", "\n".join(ran.failures())


def test_a_pipeline_that_is_removed_is_told(platform: Platform) -> None:
    platform.assume(CHECKS)
    platform.change("gone", {"pipelines/sales": None})
    run("uv", "lock", "--quiet", cwd=platform.clone)
    ran = platform.checks(platform.push("gone"))
    assert "sales" not in checked(ran)
    assert ran.one("gate").result == "success", "\n".join(ran.failures())
    [comment] = platform.github.comments
    assert "sales" in comment["body"]
    assert "removed" in comment["body"].lower()


def test_a_fork_is_checked_without_rights_and_its_comment_goes_to_the_summary(platform: Platform) -> None:
    platform.assume(CHECKS)
    ran = platform.checks(platform.change("setting", setting(platform, 3)), fork="mallory/flights")
    assert ran.results()["plan"] == NOT_RUN
    assert checked(ran) == ["flights"]
    assert ran.one("gate").result == "success", "\n".join(ran.failures())
    assert {level for job in ran.jobs for level in job.permissions.values()} == {"read"}
    assert platform.hub.identities == {}
    assert platform.github.comments == []
    assert "`delays`" in ran.one("comment").summary


def test_a_failed_test_closes_the_gate(platform: Platform) -> None:
    platform.assume({r"echo .* uv run nox --session tests --": 1, **CHECKS})
    ran = platform.checks(platform.change("setting", setting(platform, 3)))
    assert ran.results()["check"] == ["failure"]
    assert ran.results()["plan"] == NOT_RUN
    assert ran.one("gate").result == "failure"


def test_a_merge_queue_asks_for_the_gate_and_plans_nothing(platform: Platform) -> None:
    platform.assume(CHECKS)
    platform.change("docs", {"docs/more.md": "# More\n"})
    ran = platform.runs("pull-request.yml", platform.hub.merge_group("docs"))
    assert ran.results()["comment"] == NOT_RUN
    assert ran.one("gate").result == "success", "\n".join(ran.failures())


@pytest.mark.parametrize("left", ["<<<<<<< before updating\n# Ours\n=======\n# Theirs\n>>>>>>> after updating\n"])
def test_what_an_update_leaves_open_closes_the_gate(platform: Platform, left: str) -> None:
    others = dict.fromkeys((r"(echo .* xargs )?uv run nox --session (types|tests) .*",), 0)
    platform.assume(others)
    ran = platform.checks(platform.change("conflict", {"docs/more.md": left, "pyproject.toml.rej": "a hunk\n"}))
    said = ran.one("repository").said
    assert ran.one("gate").result == "failure"
    assert "no conflict markers" in said
    assert "no rejected hunks" in said


def test_a_lock_that_is_out_of_date_closes_the_gate_and_the_way_out_is_told(platform: Platform) -> None:
    project = platform.read("pyproject.toml").replace('"lakewright[cli]"', '"lakewright[cli,spark]"')
    ran = platform.checks(platform.change("stale", {"pyproject.toml": project}))
    assert ran.one("gate").result == "failure"
    assert "uv lock" in ran.one("changes").said
