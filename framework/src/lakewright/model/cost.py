"""What the compute of a job costs, from its generated definition and the prices that somebody has said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeGuard

from lakewright.errors.authoring import SettingError
from lakewright.model.calendar import runs_a_year
from lakewright.model.prices import SERVERLESS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lakewright.model.prices import Prices

_MONTHS: Final = 12
HOURS_A_MONTH: Final = 365.25 * 24 / _MONTHS
_HOURS: Final = {"HOURS": 1, "DAYS": 24, "WEEKS": 7 * 24}
_UNNAMED: Final = "a node type that no one names"
_UNCOUNTED: Final = "a number of workers that no one names"
# A task of these kinds that names no cluster runs on serverless compute.
_CODE: Final = frozenset({"dbt_task", "notebook_task", "python_wheel_task", "spark_python_task"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a job costs. What is not known is None, and never nothing.

    Attributes:
        least: for an hour in which all of its compute runs, scaled down.
        most: the same, scaled up.
        unpriced: what has no price, because of which the two are not known.
        runs: a month by its schedule; for a job that runs without a break, none.
        hours: that it runs a month.
        hours_a_run: that a run takes.
    """

    least: float | None
    most: float | None
    unpriced: tuple[str, ...] = ()
    runs: float | None = None
    hours: float | None = None
    hours_a_run: float | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether it has no compute."""
        return self.most == 0


class Machines(NamedTuple):
    """So many machines of a kind, or one that is there already by its id."""

    kind: str
    least: int = 1
    most: int = 1


def cost_of(definition: Mapping[str, Any], prices: Prices, *, hours_a_run: float | None = None) -> Cost:
    """What a job costs, as if all of its compute ran from the beginning of a run to its end.

    Args:
        definition: the generated one.
        prices: in which all that it needs may be, or not.
        hours_a_run: how long a run takes, where known.
    """
    needed = tuple(machines(definition))
    unpriced = tuple(sorted({each.kind for each in needed} - prices.per_hour.keys()))
    runs, is_endless = runs_a_month(definition), _is_on(definition.get("continuous"))
    hours = HOURS_A_MONTH if is_endless else None if runs is None or hours_a_run is None else runs * hours_a_run
    return Cost(
        least=None if unpriced else sum(prices.per_hour[each.kind] * each.least for each in needed),
        most=None if unpriced else sum(prices.per_hour[each.kind] * each.most for each in needed),
        unpriced=unpriced,
        runs=runs,
        hours=hours,
        hours_a_run=hours_a_run,
    )


def runs_a_month(definition: Mapping[str, Any]) -> float | None:
    """How often the schedule of a job starts it in a month of average length; None where nothing tells."""
    schedule, trigger = definition.get("schedule"), definition.get("trigger")
    try:
        if _is_on(schedule):
            found = runs_a_year(schedule["quartz_cron_expression"])
            return None if found is None else found / _MONTHS
        if _is_on(trigger) and "periodic" in trigger:
            return HOURS_A_MONTH / float(trigger["periodic"]["interval"] * _HOURS[trigger["periodic"]["unit"]])
    except (LookupError, TypeError, ValueError, SettingError):
        # It may be a reference that only the workspace resolves.
        return None
    return None


def _is_on(trigger: Mapping[str, Any] | None) -> TypeGuard[Mapping[str, Any]]:
    return trigger is not None and trigger.get("pause_status") != "PAUSED"


def machines(definition: Mapping[str, Any]) -> Iterator[Machines]:
    """The compute of a job: of clusters that tasks share one each."""
    tasks = [task.get("for_each_task", {}).get("task", task) for task in definition.get("tasks", ())]
    shared = {each["job_cluster_key"]: each["new_cluster"] for each in definition.get("job_clusters", ())}
    for key in _distinct(tasks, "job_cluster_key"):
        yield from _cluster(shared.get(key, {}))
    for task in tasks:
        yield from _cluster(task["new_cluster"]) if "new_cluster" in task else ()
    yield from (Machines(each) for each in _distinct(tasks, "existing_cluster_id"))
    of_warehouses = [task[kind] for task in tasks for kind in ("sql_task", "dbt_task") if kind in task]
    yield from (Machines(each) for each in _distinct(of_warehouses, "warehouse_id"))
    if any(_is_serverless(task) for task in tasks):
        yield Machines(SERVERLESS)


def _distinct(items: Iterable[Mapping[str, Any]], name: str) -> list[str]:
    return sorted({item[name] for item in items if name in item})


def _is_serverless(task: Mapping[str, Any]) -> bool:
    has_cluster = {"job_cluster_key", "new_cluster", "existing_cluster_id"} & task.keys()
    return not has_cluster and ("environment_key" in task or bool(_CODE & task.keys()))


def _cluster(cluster: Mapping[str, Any]) -> Iterator[Machines]:
    """A driver, and workers."""
    worker = cluster.get("node_type_id") or cluster.get("instance_pool_id") or _UNNAMED
    driver = cluster.get("driver_node_type_id") or cluster.get("driver_instance_pool_id") or worker
    scaled, fixed = cluster.get("autoscale"), cluster.get("num_workers", 0)
    least, most = (scaled.get("min_workers"), scaled.get("max_workers")) if scaled else (fixed, fixed)
    yield Machines(str(driver))
    unknown = [count for count in (least, most) if not isinstance(count, int)]
    if unknown:
        yield Machines(_UNCOUNTED if unknown[0] is None else f"{unknown[0]} workers")
    elif most:
        yield Machines(str(worker), least, most)
