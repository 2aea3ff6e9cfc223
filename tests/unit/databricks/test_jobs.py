"""What the platform would trip over, field by field; whole definitions are in tests/golden."""

from typing import Any

import pytest
from databricks.bundles.jobs import Job as DatabricksJob

from lakewright import Job, Periodic, existing_cluster, job, job_cluster, serverless, task
from lakewright.databricks.jobs import job_definition
from lakewright.model.trigger import Continuous, FileArrival


@task
def load() -> int:
    return 1


@task
def use(number: int) -> int:
    return number


def define(definition: Job[..., Any]) -> dict[str, Any]:
    """The generated definition, which databricks-bundles takes whole."""
    generated: dict[str, Any] = job_definition(definition.definition)
    DatabricksJob.from_dict(generated)  # type: ignore[arg-type]  # a plain dict
    return generated


def tasks(definition: Job[..., Any]) -> dict[str, dict[str, Any]]:
    return {each["task_key"]: each for each in define(definition)["tasks"]}


def test_serverless_tasks_have_an_environment_and_no_libraries() -> None:
    @job
    def daily() -> int:
        return load()

    (generated,) = tasks(daily).values()
    assert generated["environment_key"] == "serverless_5"
    assert "libraries" not in generated


def test_retries_mean_the_same_on_serverless() -> None:
    @job
    def daily() -> int:
        return load.options(retries=2)()

    (generated,) = tasks(daily).values()
    assert generated["max_retries"] == 2
    assert generated["disable_auto_optimization"] is True


def test_one_upstream_twice_is_one_dependency() -> None:
    @job
    def daily() -> int:
        number = load()
        return use.after(number)(number)

    assert tasks(daily)["use"]["depends_on"] == [{"task_key": "load"}]


def test_each_compute_is_described_once() -> None:
    small = job_cluster("16.4.x-scala2.12", "m6id.xlarge", workers=0)

    @job(compute=small)
    def daily() -> int:
        number = use(load())
        number = use.options(compute=serverless("2"))(number)
        return use.options(compute=existing_cluster("c-1"))(number)

    generated = define(daily)
    assert [each["job_cluster_key"] for each in generated["job_clusters"]] == ["main"]
    assert [each["environment_key"] for each in generated["environments"]] == ["serverless_2"]
    named = [{"environment_key", "job_cluster_key", "existing_cluster_id"} & each.keys() for each in generated["tasks"]]
    assert named == [{"job_cluster_key"}, {"job_cluster_key"}, {"environment_key"}, {"existing_cluster_id"}]


def test_an_empty_list_of_libraries_means_none() -> None:
    @job(compute=existing_cluster("c"), libraries=[])
    def daily() -> int:
        return load()

    assert "libraries" not in tasks(daily)["load"]


@pytest.mark.parametrize(
    ("schedule", "field"),
    [(Periodic(2), "trigger"), (FileArrival("/Volumes/a/b/c"), "trigger"), (Continuous(paused=True), "continuous")],
)
def test_each_trigger_fills_the_one_field_that_is_its_own(
    schedule: Periodic | FileArrival | Continuous, field: str
) -> None:
    @job(schedule=schedule)
    def daily() -> int:
        return load()

    assert {"schedule", "trigger", "continuous"} & define(daily).keys() == {field}


def test_any_field_of_the_platform_can_be_reached() -> None:
    health = {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 10}]}

    @job(databricks={"health": health, "performance_target": "STANDARD"})
    def daily() -> int:
        return load.options(databricks={"notification_settings": {"no_alert_for_skipped_runs": True}})()

    generated = define(daily)
    assert generated["health"] == health
    assert generated["tasks"][0]["notification_settings"] == {"no_alert_for_skipped_runs": True}


def test_a_parameter_of_any_name_is_handed_over_by_position() -> None:
    @task
    def look(help: str, job: str) -> str:  # noqa: A002  the name is the point
        return help + job

    @job
    def daily(help: str = "h", job: str = "j") -> str:  # noqa: A002  the name is the point
        return look(help, job)

    argv = tasks(daily)["look"]["python_wheel_task"]["parameters"]
    assert argv[-2:] == ["{{job.parameters.help}}", "{{job.parameters.job}}"]
    assert "named_parameters" not in tasks(daily)["look"]["python_wheel_task"]
