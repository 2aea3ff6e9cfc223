from dataclasses import replace

import pytest

from lakewright.model.changes import JobChange
from lakewright.model.cost import Cost
from lakewright.model.prices import Prices
from lakewright.project.costs import CostDiff, cost_diffs, source, told

ONE = Cost(least=1.0, most=1.0)
TWO = Cost(least=2.0, most=2.0)
SCALED = Cost(least=1.0, most=4.0)


def daily(cost: Cost) -> Cost:
    return replace(cost, runs=30.4375, hours=15.21875, hours_a_run=0.5)


def diff(before: Cost | None, after: Cost | None) -> CostDiff:
    return CostDiff(job="delays", before=before, after=after, currency="$")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (ONE, TWO, "$1.00 → $2.00 for each hour that it runs"),
        (ONE, SCALED, "$1.00 → $1.00–$4.00 for each hour that it runs"),
        (None, TWO, "new, $2.00 for each hour that it runs"),
        (ONE, None, "removed, was $1.00 for each hour that it runs"),
        (replace(ONE, hours_a_run=0.5), replace(TWO, hours_a_run=0.5), "$0.50 → $1.00 a run"),
        (daily(ONE), daily(TWO), "$15.22 → $30.44 a month (30 runs a month of 0.5 h)"),
        (replace(ONE, runs=1.0), replace(ONE, runs=30.4), "$1.00 for each hour that it runs (1 → 30 runs a month)"),
        (replace(ONE, hours=730.5), replace(TWO, hours=730.5), "$730.50 → $1,461.00 a month"),
        (daily(ONE), replace(ONE, hours_a_run=0.5), "$0.50 a run"),
        (
            replace(ONE, runs=1 / 12),
            replace(TWO, runs=1 / 12),
            "$1.00 → $2.00 for each hour that it runs (0.08 runs a month)",
        ),
        (ONE, Cost(least=None, most=None, unpriced=("m5.huge",)), "not known: no price for m5.huge"),
        (ONE, Cost(least=0, most=0), "$1.00 → $0.00 for each hour that it runs"),
        (None, None, "nothing"),
    ],
)
def test_what_is_told_is_the_most_that_is_known_of_both(before: Cost | None, after: Cost | None, *, said: str) -> None:
    assert told(diff(before, after)) == said


def test_it_is_said_when_the_prices_were_looked_up() -> None:
    assert source([replace(diff(ONE, TWO), as_of="2026-11")] * 2) == ("prices of 2026-11",)
    assert source([diff(ONE, TWO)]) == ()


def on(workers: int) -> dict[str, object]:
    cluster = {"job_cluster_key": "main", "new_cluster": {"node_type_id": "small", "num_workers": workers}}
    return {"job_clusters": [cluster], "tasks": [{"task_key": "a", "job_cluster_key": "main"}]}


def test_jobs_whose_cost_is_as_before_are_not_told() -> None:
    changes = [JobChange(job=name, change="changed") for name in ("same", "more")]
    before, after = {"same": on(1), "more": on(1)}, {"same": on(1), "more": on(2)}
    prices = Prices(per_hour={"small": 1.0})
    [found] = cost_diffs("flights", changes, before=before, after=after, prices=prices)
    assert (found.job, told(found)) == ("more", "2.00 USD → 3.00 USD for each hour that it runs")


def test_the_hours_of_a_renamed_job_are_those_of_its_new_name_or_else_its_old() -> None:
    change = JobChange(job="new", was="old", change="renamed")
    prices = Prices(per_hour={"small": 1.0}, hours={"flights.old": 2.0})
    [found] = cost_diffs("flights", [change], before={"old": on(1)}, after={"new": on(2)}, prices=prices)
    assert told(found) == "4.00 USD → 6.00 USD a run"


def test_a_job_without_compute_costs_nothing_that_is_told() -> None:
    job = {"tasks": [{"task_key": "a", "condition_task": {}}]}
    change = JobChange(job="gate", change="added")
    assert not [*cost_diffs("flights", [change], before={}, after={"gate": job}, prices=Prices(per_hour={}))]
