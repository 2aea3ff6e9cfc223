"""The public API as users write it: what type checkers must understand. Never run."""

from datetime import date
from typing import NamedTuple

import polars as pl
from typing_extensions import assert_type

from lakewright import (
    Analysis,
    Bucket,
    Cron,
    Destination,
    FileIo,
    IoManager,
    Job,
    MemoryIo,
    Periodic,
    Pipeline,
    Provider,
    Retry,
    RunResult,
    existing_cluster,
    job,
    job_cluster,
    job_start_date,
    pipeline,
    serverless,
    task,
)
from lakewright import orchestration as by_hand
from lakewright.config import AwsConfig, DatabricksConfig, EC2Config, LambdaConfig
from lakewright.orchestration import Task, schedule_pipeline, step


class Split(NamedTuple):
    train: pl.DataFrame
    test: pl.DataFrame


@task
def load(month: int, *, carrier: str = "UA") -> pl.DataFrame:
    return pl.DataFrame({"month": [month], "carrier": [carrier]})


@task
def of_day(day: date) -> pl.DataFrame:
    return pl.DataFrame({"day": [day]})


@task(retries=2, timeout=60, run_if="all_done", compute=serverless(), io=MemoryIo(), tags=["fast"], databricks={})
def clean(flights: pl.DataFrame) -> pl.DataFrame:
    return flights


@task(retries=Retry(3, delay=1.0, backoff=2.0), io=FileIo("exports/split.parquet"))
def split(flights: pl.DataFrame) -> Split:
    return Split(flights, flights)


@task
def count(train: pl.DataFrame, test: pl.DataFrame) -> int:
    return train.height + test.height


@job
def counted(month: int = 1) -> int:
    train, test = split(clean(load(month)))
    return count(train, test)


@job(
    name="dated",
    description="By the day of its run.",
    schedule=Cron("0 6 * * *", timezone="UTC"),
    tags={"team": "ops"},
    compute=job_cluster(spark_version="16.4.x-scala2.12", node_type="m5.large", workers=2),
    max_concurrent_runs=2,
    timeout=3600,
    databricks={"email_notifications": {"on_failure": ["a@example.com"]}},
)
def dated(day: date = job_start_date()) -> pl.DataFrame:
    return of_day(day)


@job(schedule=Periodic(6, "HOURS"), compute=existing_cluster("0714-abc"))
def nothing() -> None:
    clean(load(1))


provider = Provider(config=AwsConfig(region="us-east-1"))
local_exec = provider.local()
lambda_exec = provider.serverless(config=LambdaConfig(memory=1024))
vm_exec = provider.vm(EC2Config(instance_type="t3.medium"))
databricks_exec = provider.cluster(config=DatabricksConfig(cluster_id="cluster-123"))
raw_data = provider.bucket(bucket="data-lake", path="raw/data.parquet")


@local_exec.task()
def extract(source: Bucket) -> pl.LazyFrame:
    return source.scan()


@lambda_exec.task(retries=1, executor="processes", name="tidy")
def tidy(rows: pl.LazyFrame, *, least: int = 0) -> pl.LazyFrame:
    return rows.head(least)


@databricks_exec.task
def predict(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows


@vm_exec.task()
def save(rows: pl.LazyFrame, destination: Destination) -> None:
    destination.write(rows)
    rows.collect().write_parquet(destination.get_uri())


@pipeline(name="ml_inference", description="Predictions.", config={"tags": {"team": "ml"}})
def ml_inference(least: int = 1) -> pl.LazyFrame:
    predictions = predict(tidy(extract(raw_data), least=least))
    save(predictions, provider.bucket(bucket="data-lake", path="output/result.parquet"))
    return predictions


def a_task_on_a_resource_is_its_function() -> None:
    assert_type(extract(raw_data), pl.LazyFrame)
    assert_type(tidy.named("again")(extract(raw_data), least=2), pl.LazyFrame)
    assert_type(raw_data.get_uri(), str)


@pipeline
def bare() -> pl.LazyFrame:
    return extract(raw_data)


def a_pipeline_runs_as_a_job_does() -> None:
    assert_type(bare, Pipeline[[], pl.LazyFrame])
    assert_type(ml_inference.run(), pl.LazyFrame)
    assert_type(ml_inference.run("local", params={"least": 2}), pl.LazyFrame)
    assert_type(ml_inference.run(mode="analyze", params={"least": 2}), Analysis)
    assert_type(ml_inference.analyze(least=2).dag.nodes, tuple[str, ...])
    assert_type(ml_inference.bind(least=2).execute(), RunResult[pl.LazyFrame])
    assert_type(counted.analyze(), Analysis)
    rebound: Job[..., int] = counted.bind(month=2)
    assert_type(rebound.run(), int)


@job
def of_parts() -> int:
    rows = ml_inference(2)
    predict(bare.named("again")())
    predict(rows)
    return counted(month=3)


@job
def starts_another() -> None:
    started = counted.as_task(month=3)
    assert_type(started, None)
    dated.as_task.named("later").after(started).options(retries=1)(date(2013, 1, 31))


def a_task_outside_a_job_is_its_function(manager: IoManager) -> None:
    assert_type(load(1, carrier="AA"), pl.DataFrame)
    assert_type(clean.options(retries=1, io=manager)(load(1)), pl.DataFrame)
    assert_type(clean.named("again")(load(1)), pl.DataFrame)
    assert_type(load.after(1)(2, carrier="AA"), pl.DataFrame)
    assert_type(load.named("x").after(1).options(tags=["slow"])(2), pl.DataFrame)


def a_run_gives_what_the_body_returns() -> None:
    assert_type(counted.run(), int)
    assert_type(dated.run(params={"day": "2013-01-31"}), pl.DataFrame)
    assert_type(counted.bind(month=2).run(), int)
    assert_type(counted.execute(max_workers=4), RunResult[int])
    assert_type(counted.execute().value, int)
    assert_type(counted.execute().status, str)
    # A key does not tell the type of a task's output: it is whatever the test that reads it says.
    flights: pl.DataFrame = counted.execute()["load"]
    assert_type(flights.height, int)


def jobs_can_be_passed_on(jobs: list[Job[..., int]]) -> None:
    jobs.append(counted)


@step
def scale(rows: list[int], factor: int = 2) -> list[int]:
    return [factor * row for row in rows]


@by_hand.task(name="rows", retries=3, retry_delay=1.5, trigger_rule="all_done")
def rows() -> list[int]:
    return [1]


def tasks_by_hand_are_values() -> None:
    first, second = rows(), scale(rows=rows(), factor=3)
    assert_type(first, Task)
    assert_type(first >> second, Task)
    assert_type(second.set_upstream(first).status, str)
    wired = by_hand.Pipeline("etl", 4).add_task(first).add_task(Task("last", len, (second,), {}, retries=1))
    assert_type(wired, by_hand.Pipeline)
    assert_type(wired.run({"day": 1}), RunResult[None])
    assert_type(wired.visualize("etl.mermaid"), str)


def whatever_runs_can_be_scheduled() -> None:
    schedule = schedule_pipeline(counted, cron=Cron("0 6 * * *"), blocking=False)
    schedule_pipeline(bare, interval_seconds=60).stop()
    schedule_pipeline(by_hand.Pipeline("etl"), cron="0 6 * * *").join()
    assert_type(schedule.counts.skipped, int)
    assert_type(schedule.next_due, float | None)
