"""One ETL, written as a job and by hand, and functions that other processes find."""

from collections.abc import Mapping
from typing import Any

from lakewright import Retry, job, task
from lakewright.orchestration import Pipeline, Task, step


@task
def extract(days: int) -> list[int]:
    """The rows of some days."""
    return list(range(days))


@task(retries=Retry(2, delay=0.5, backoff=1.0))
def clean(rows: list[int], *, limit: int) -> list[int]:
    return [row for row in rows if row < limit]


@task
def load(tables: dict[str, list[int]], label: str) -> str:
    return f"{label}: {sum(len(rows) for rows in tables.values())}"


@task(run_if="one_failed")
def alert() -> None: ...


@job
def etl() -> None:
    rows = extract(10)
    cleaned = clean(rows, limit=5)
    load({"raw": rows, "clean": cleaned}, "rows")
    alert.after(cleaned)()


def by_hand() -> Pipeline:
    """The same, from the functions alone."""
    rows = Task("extract", extract.function, args=(10,))
    cleaned = Task("clean", clean.function, kwargs={"rows": rows, "limit": 5}, retries=2, retry_delay=0.5)
    loaded = Task("load", load.function, args=({"raw": rows, "clean": cleaned}, "rows"))
    alerted = Task("alert", alert.function, trigger_rule="one_failed")
    cleaned >> alerted
    pipeline = Pipeline("etl")
    for each in (rows, cleaned, loaded, alerted):
        pipeline.add_task(each)
    return pipeline


def from_tasks() -> Pipeline:
    """The same, from functions that bring their settings along."""
    rows = Task("extract", extract, args=(10,))
    cleaned = Task("clean", clean, args=(rows,), kwargs={"limit": 5})
    loaded = Task("load", load, ({"raw": rows, "clean": cleaned}, "rows"))
    alerted = Task("alert", alert).set_upstream(cleaned)
    return Pipeline("etl").add_task(rows).add_task(cleaned).add_task(loaded).add_task(alerted)


@step(name="numbers", retries=3)
def numbers() -> list[int]:
    return [1, 2, 3]


@step
def double(context: Mapping[str, Any] | None = None) -> list[int]:
    assert context is not None
    return [2 * number for number in context["numbers"]]


@step
def shown(context: Mapping[str, Any]) -> dict[str, Any]:
    return dict(context)


@step
def fail() -> None:
    raise ValueError


@step(trigger_rule="all_done")
def after_all(context: Mapping[str, Any]) -> list[str]:
    return list(context)
