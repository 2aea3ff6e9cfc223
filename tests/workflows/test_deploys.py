"""What a merge does, and what is done by hand afterwards: the workflows are executed."""

from typing import Any, Final

from tests.template.rendering import run
from tests.workflows.hub import Environment
from tests.workflows.platform import TARGETS, Deployed, Platform
from tests.workflows.results import WorkflowRun
from tests.workflows.test_pull_requests import setting

SALES: Final = "pipelines/sales/src/sales/tasks.py"


def records(platform: Platform) -> list[tuple[str, str]]:
    """What is on record, as pipeline and target, in order."""
    return [(each["task"].partition(":")[2], each["environment"]) for each in platform.github.deployments]


def since(platform: Platform, count: int) -> list[tuple[str, str]]:
    return records(platform)[count:]


def verbs(platform: Platform, verb: str) -> list[tuple[str, str]]:
    """The pipelines and targets that the Databricks CLI was called for."""
    calls = [call for call in platform.cli.calls if call.argv[:2] == ("bundle", verb)]
    return [(call.pipeline, call.argv[call.argv.index("--target") + 1]) for call in calls]


def deployed_to(ran: WorkflowRun, target: str) -> list[Any]:
    return [job.matrix["group"]["pipelines"] for job in ran.jobs if job.path == f"{target} / deploy"]


def test_the_same_bytes_go_to_every_target_in_their_order(
    first_deploy: tuple[WorkflowRun, Platform, Deployed],
) -> None:
    ran, platform, _ = first_deploy
    assert records(platform) == [(pipeline, target) for target in TARGETS for pipeline in ("flights", "sales")]
    digests = {(each["payload"]["pipeline"], each["payload"]["digest"]) for each in platform.github.deployments}
    assert len(digests) == 2
    assert all(digest for _, digest in digests)
    assert {each["sha"] for each in platform.github.deployments} == {platform.hub.sha("main")}
    assert [job.environment for job in ran.jobs if job.path.endswith("/ deploy")] == [
        target for target in TARGETS for _ in range(2)
    ]


def test_each_target_is_signed_in_to_as_its_own_principal_in_a_line_of_its_own(
    first_deploy: tuple[WorkflowRun, Platform, Deployed],
) -> None:
    ran, platform, _ = first_deploy
    calls = [call for call in platform.cli.calls if call.argv[:2] == ("bundle", "deploy")]
    assert {
        (call.argv[call.argv.index("--target") + 1], call.environment["DATABRICKS_CLIENT_ID"]) for call in calls
    } == {(target, f"deployer-of-{target}") for target in TARGETS}
    assert {call.environment["DATABRICKS_AUTH_TYPE"] for call in calls} == {"github-oidc"}
    assert all("DATABRICKS_HOST" not in call.environment for call in calls)
    groups = [job.concurrency for job in ran.jobs if job.path.endswith("/ deploy")]
    assert [each and each["group"] for each in groups] == [
        f"deploy-{target}-{pipeline}" for target in TARGETS for pipeline in ("flights", "sales")
    ]
    assert all(each and (each["queue"], each["cancel-in-progress"]) == ("max", False) for each in groups)


def test_what_failed_in_staging_leaves_prod_alone_and_is_deployed_with_the_next_merge(deployed: Platform) -> None:
    before = len(records(deployed))
    deployed.cli.fails("deploy", "Error: the workspace is away", target="staging")
    ran = deployed.deploys(deployed.change("first", setting(deployed, 3)))
    assert ran.results()["staging / deploy"] == ["failure"]
    assert ran.results()["prod"] == ["skipped"]
    assert since(deployed, before) == [("flights", "dev")]

    deployed.cli.heals()
    deployed.cli.forget()
    ran = deployed.deploys(deployed.change("second", {SALES: deployed.read(SALES) + "\n# More.\n"}))
    assert ran.result == "success", "\n".join(ran.failures())
    assert [deployed_to(ran, target) for target in TARGETS] == [["sales"], ["flights", "sales"], ["flights", "sales"]]
    assert verbs(deployed, "deploy") == [(name, target) for target in TARGETS for name in deployed_to(ran, target)]


def test_what_changes_no_pipeline_deploys_none(deployed: Platform) -> None:
    ran = deployed.deploys(deployed.change("docs", {"docs/more.md": "# More\n"}))
    assert ran.result == "success"
    assert {path: results for path, results in ran.results().items() if results != ["skipped"]} == {
        "affected": ["success"]
    }


def renamed(platform: Platform, pipeline: str, old: str) -> dict[str, str | None]:
    """A job with another name: the old one would be deleted."""
    path = f"pipelines/{pipeline}/src/{pipeline}/jobs.py"
    text = platform.read(path)
    assert f"def {old}(" in text
    return {path: text.replace(f"def {old}(", "def renamed(")}


def test_nothing_is_deleted_unless_who_deploys_or_a_label_says_so(deployed: Platform) -> None:
    before = len(records(deployed))
    refused = deployed.deploys(deployed.change("first", renamed(deployed, "flights", "delays")))
    assert (refused.results()["dev / deploy"], refused.results()["staging"]) == (["failure"], ["skipped"])
    assert "--allow-deletes" in refused.one("dev / deploy").said
    assert since(deployed, before) == []
    assert verbs(deployed, "deploy") == []

    allowed = deployed.runs("deploy.yml", deployed.hub.dispatch(allow_deletes=True))
    assert allowed.result == "success", "\n".join(allowed.failures())
    assert since(deployed, before) == [("flights", target) for target in TARGETS]

    event = deployed.merge(deployed.change("second", renamed(deployed, "sales", "sales")))
    address = "https://github.com/acme/flights/pull/2"
    deployed.github.brought[event.sha] = [{"labels": [{"name": "allow-deletes"}], "html_url": address}]
    labelled = deployed.runs("deploy.yml", event)
    assert labelled.result == "success", "\n".join(labelled.failures())
    assert f"deletes are allowed by the label 'allow-deletes' of {address}" in labelled.one("prod / deploy").said


def test_prod_waits_for_its_approval(deployed: Platform) -> None:
    prod = deployed.hub.environments["prod"]
    deployed.hub.environments["prod"] = Environment(vars=prod.vars, branches=prod.branches, approved=False)
    before = len(records(deployed))
    ran = deployed.deploys(deployed.change("first", setting(deployed, 3)))
    assert ran.results()["prod / deploy"] == ["failure"]
    assert since(deployed, before) == [("flights", "dev"), ("flights", "staging")]


def test_a_pipeline_goes_back_to_a_revision_with_its_wheels(deployed: Platform) -> None:
    first = deployed.hub.sha("main")
    digest = deployed.github.deployments[-2]["payload"]["digest"]
    assert deployed.deploys(deployed.change("first", setting(deployed, 3))).result == "success"
    ran = deployed.runs("rollback.yml", deployed.hub.dispatch(pipeline="flights", target="prod", ref=first))
    assert ran.result == "success", "\n".join(ran.failures())
    last = deployed.github.deployments[-1]
    assert (last["environment"], last["sha"], last["payload"]["digest"]) == ("prod", first, digest)
    [job] = ran.jobs
    assert (job.environment, (job.concurrency or {})["group"]) == ("prod", "deploy-prod-flights")


def test_drift_opens_an_issue_that_is_closed_once_it_is_gone(deployed: Platform) -> None:
    cron = deployed.hub.schedule("17 4 * * *")
    assert deployed.runs("drift.yml", cron).result == "success"
    assert deployed.github.issues == []

    [found] = {key for each in deployed.cli.workspace.everything() for key in each.remote if key == "jobs.delays"}
    before = {file: file.read_bytes() for file in deployed.cli.workspace.folder.iterdir()}
    deployed.cli.workspace.edit(found, max_concurrent_runs=9)
    ran = deployed.runs("drift.yml", cron)
    assert ran.results() == {"drift": ["failure", "failure"]}
    opened = [(issue["number"], issue["state"]) for issue in deployed.github.issues]
    assert [state for _, state in opened] == ["open", "open"]
    deployed.runs("drift.yml", cron)
    assert [(issue["number"], issue["state"]) for issue in deployed.github.issues] == opened

    for file, content in before.items():
        file.write_bytes(content)
    assert deployed.runs("drift.yml", cron).result == "success"
    assert [(issue["number"], issue["state"]) for issue in deployed.github.issues] == [
        (number, "closed") for number, _ in opened
    ]
    assert {job.environment for job in deployed.ran[-1].jobs} == {"staging-plan", "prod-plan"}


def test_a_removed_pipeline_is_taken_away_only_when_somebody_says_so(deployed: Platform) -> None:
    deployed.change("gone", {"pipelines/sales": None})
    run("uv", "lock", "--quiet", cwd=deployed.clone)
    ran = deployed.deploys(deployed.push("gone"))
    assert verbs(deployed, "destroy") == []
    assert ran.one("affected").result == "success", "\n".join(ran.failures())

    asked = {"pipeline": "sales", "target": "prod"}
    refused = deployed.runs("destroy.yml", deployed.hub.dispatch(**asked, confirm="yes"))
    assert refused.result == "failure"
    assert verbs(deployed, "destroy") == []
    done = deployed.runs("destroy.yml", deployed.hub.dispatch(**asked, confirm="sales"))
    assert done.result == "success", "\n".join(done.failures())
    assert verbs(deployed, "destroy") == [("sales", "prod")]
