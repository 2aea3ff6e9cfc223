from typing import Any

import pytest

from lakewright.databricks.jobs import job_definition
from lakewright.model.cost import HOURS_A_MONTH, Machines, cost_of, machines, runs_a_month
from lakewright.model.prices import Prices

PRICES = Prices(per_hour={"small": 0.5, "large": 2.0, "serverless": 3.0, "0123-x": 7.0, "w1": 9.0})


def on_cluster(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  of Databricks' own
    cluster = {"job_cluster_key": "main", "new_cluster": {"node_type_id": "small", **fields}}
    return {"job_clusters": [cluster], "tasks": [{"task_key": "a", "job_cluster_key": "main"}]}


def of_tasks(*tasks: dict[str, Any]) -> dict[str, Any]:
    return {"tasks": [{"task_key": f"t{number}", **task} for number, task in enumerate(tasks)]}


def test_a_cluster_is_a_driver_and_its_workers() -> None:
    cost = cost_of(on_cluster(num_workers=3), PRICES)
    assert (cost.least, cost.most, cost.unpriced) == (2.0, 2.0, ())


def test_a_cluster_that_scales_costs_from_its_least_to_its_most() -> None:
    cost = cost_of(on_cluster(autoscale={"min_workers": 1, "max_workers": 4}, driver_node_type_id="large"), PRICES)
    assert (cost.least, cost.most) == (2.5, 4.0)


def test_a_single_node_has_no_workers() -> None:
    assert [*machines(on_cluster(num_workers=0))] == [Machines("small")]


def test_a_cluster_that_tasks_share_counts_once_and_one_that_no_task_uses_not_at_all() -> None:
    definition = on_cluster(num_workers=0)
    definition["tasks"] *= 3
    definition["job_clusters"].append({"job_cluster_key": "idle", "new_cluster": {"node_type_id": "large"}})
    assert cost_of(definition, PRICES).most == 0.5


def test_the_nodes_of_a_pool_go_by_the_pool() -> None:
    definition = on_cluster(num_workers=1)
    definition["job_clusters"][0]["new_cluster"] = {"instance_pool_id": "p1", "num_workers": 1}
    assert [*machines(definition)] == [Machines("p1"), Machines("p1", 1, 1)]


@pytest.mark.parametrize(
    ("tasks", "most"),
    [
        ([{"environment_key": "serverless_5"}, {"environment_key": "serverless_5"}], 3.0),
        ([{"notebook_task": {"notebook_path": "x"}}], 3.0),
        ([{"existing_cluster_id": "0123-x", "notebook_task": {}}], 7.0),
        ([{"sql_task": {"warehouse_id": "w1"}}, {"sql_task": {"warehouse_id": "w1"}}], 9.0),
        ([{"new_cluster": {"node_type_id": "large", "num_workers": 1}}], 4.0),
        ([{"for_each_task": {"inputs": "[1]", "task": {"environment_key": "serverless_5"}}}], 3.0),
        ([{"condition_task": {"left": "1", "op": "EQUAL_TO", "right": "1"}}, {"run_job_task": {"job_id": 1}}], 0),
    ],
)
def test_each_kind_of_compute_has_its_price(tasks: list[dict[str, Any]], most: float) -> None:
    cost = cost_of(of_tasks(*tasks), PRICES)
    assert (cost.most, cost.is_nothing) == (most, not most)


def test_what_has_no_price_is_named_and_makes_the_cost_unknown_not_nothing() -> None:
    cost = cost_of(on_cluster(node_type_id="huge", driver_node_type_id="small", num_workers=2), PRICES)
    assert (cost.least, cost.most, cost.unpriced, cost.is_nothing) == (None, None, ("huge",), False)


def test_what_only_the_workspace_resolves_is_not_guessed() -> None:
    assert cost_of(on_cluster(num_workers="${var.workers}"), PRICES).unpriced == ("${var.workers} workers",)
    assert cost_of({**on_cluster(), "job_clusters": []}, PRICES).most is None
    scaled = on_cluster(autoscale={"min_workers": 1, "max_workers": "${var.most}"})
    assert cost_of(scaled, PRICES).unpriced == ("${var.most} workers",)


def test_a_cluster_that_says_one_end_only_of_its_scale_has_no_cost_that_is_known() -> None:
    cost = cost_of(on_cluster(autoscale={"max_workers": 3}), PRICES)
    assert (cost.most, cost.unpriced) == (None, ("a number of workers that no one names",))


@pytest.mark.parametrize(
    ("trigger", "runs"),
    [
        ({"schedule": {"quartz_cron_expression": "0 0 6 * * ?"}}, 365.25 / 12),
        ({"schedule": {"quartz_cron_expression": "0 0 6 ? * MON-FRI"}}, 365.25 * 5 / 7 / 12),
        ({"schedule": {"quartz_cron_expression": "0 0/30 8-9 1 * ?"}}, 4.0),
        ({"schedule": {"quartz_cron_expression": "0 0 6 * * ?", "pause_status": "PAUSED"}}, None),
        ({"schedule": {"quartz_cron_expression": "0 0 6 1 1 ? 2027"}}, None),
        ({"schedule": {"quartz_cron_expression": "${var.when}"}}, None),
        ({"trigger": {"periodic": {"interval": 2, "unit": "DAYS"}}}, 365.25 / 12 / 2),
        ({"trigger": {"periodic": {"interval": 1, "unit": "HOURS"}, "pause_status": "PAUSED"}}, None),
        ({"trigger": {"file_arrival": {"url": "x"}}}, None),
        ({"continuous": {}}, None),
        ({}, None),
    ],
)
def test_the_schedule_says_how_often_a_job_runs(trigger: dict[str, Any], runs: float | None) -> None:
    assert runs_a_month(trigger) == pytest.approx(runs)


def test_hours_of_a_month_are_known_where_those_of_a_run_are() -> None:
    daily = {**on_cluster(), "schedule": {"quartz_cron_expression": "0 0 6 * * ?"}}
    assert cost_of(daily, PRICES).hours is None
    assert cost_of(daily, PRICES, hours_a_run=0.5).hours == pytest.approx(365.25 / 12 / 2)
    assert cost_of(on_cluster(), PRICES, hours_a_run=0.5).hours is None


def test_a_job_that_runs_without_a_break_runs_all_hours() -> None:
    assert cost_of({**on_cluster(), "continuous": {"pause_status": "UNPAUSED"}}, PRICES).hours == HOURS_A_MONTH
    assert cost_of({**on_cluster(), "continuous": {"pause_status": "PAUSED"}}, PRICES).hours is None


def test_a_generated_job_has_the_cost_of_its_compute() -> None:
    from lakewright import Cron, job, job_cluster, task

    @task(compute=job_cluster("16.4.x-scala2.12", "large", workers=(1, 3)))
    def heavy() -> int:
        return 1

    @task
    def light(rows: int) -> int:
        return rows

    @job(schedule=Cron("0 6 * * *"))
    def daily() -> int:
        return light(heavy())

    cost = cost_of(job_definition(daily.definition), PRICES)
    assert (cost.least, cost.most) == (7.0, 11.0)
    assert cost.runs == pytest.approx(365.25 / 12)
