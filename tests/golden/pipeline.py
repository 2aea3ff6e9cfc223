"""Jobs that use every part of a definition; their generated form is kept beside this file."""

from datetime import date

from lakewright import (
    Bucket,
    Cron,
    FileIo,
    Periodic,
    Provider,
    Retry,
    existing_cluster,
    job,
    job_cluster,
    job_start_date,
    serverless,
    task,
)
from lakewright.config import AwsConfig, DatabricksConfig

SMALL = job_cluster("16.4.x-scala2.12", "Standard_D4ds_v5", workers=0)
LARGE = job_cluster(
    "15.4.x-scala2.12", "Standard_D8ds_v5", workers=(2, 8), name="large", databricks={"runtime_engine": "PHOTON"}
)


@task(retries=2)
def load(city: str, day: date) -> list[int]:
    """Rows of one city."""
    return [len(city), day.day]


@task(retries=Retry(3, delay=30), timeout=600)
def clean(rows: list[int], *, least: int = 0) -> list[int]:
    return [row for row in rows if row >= least]


@task(io=FileIo("exports/summary.json"))
def summarise(*parts: list[int]) -> dict[str, int]:
    return {str(number): len(part) for number, part in enumerate(parts)}


@task
def split(rows: list[int]) -> tuple[list[int], list[int]]:
    return rows[:1], rows[1:]


@task
def count(rows: list[int], note: str) -> int:
    return len(rows) + len(note)


@task(run_if="one_failed")
def alert() -> None:
    """Tell somebody."""


@task(run_if="all_done", databricks={"email_notifications": {"on_failure": ["team@example.com"]}})
def tidy() -> None: ...


@job(
    name="daily-sales",
    description="Sales per city, day by day.",
    schedule=Cron("30 5 * * 1-5", timezone="Europe/Berlin"),
    tags={"team": "sales", "cost": "42"},
    compute=serverless("4"),
    max_concurrent_runs=3,
    timeout=7200,
    databricks={"queue": {"enabled": True}},
)
def daily_sales(day: date = job_start_date(), least: int = 1, note: str = "one {brace}") -> dict[str, int]:
    loaded = [load(city, day) for city in ("Berlin", "Köln")]
    cleaned = [clean(rows, least=least) for rows in loaded]
    summary = summarise(*cleaned)
    halves = split(cleaned[0])
    first, rest = halves
    counted = count(first, "costs ${5} or {{6}}")
    count.named("count_rest")(rest, note)
    alert.after(loaded[0], cleaned[0], halves, counted)()
    tidy.after(summary, counted)()
    return summary


@job(compute=SMALL, schedule=Periodic(2, "DAYS", paused=True))
def on_clusters() -> int:
    rows = load("Ulm", date(2026, 11, 20))
    big = clean.options(compute=LARGE, retries=0)(rows)
    return count.options(compute=existing_cluster("1120-061500-abc"))(big, "")


@job(libraries=[])
def without_wheels() -> list[int]:
    """A job whose task says by itself where it runs."""
    return load.options(databricks={"job_cluster_key": "by_hand"})("Ulm", date(2026, 11, 20))


volumes = Provider(config=DatabricksConfig())
here = volumes.local()
spark = volumes.cluster(
    config=DatabricksConfig(spark_version="16.4.x-scala2.12", node_type="Standard_D4ds_v5", name="exports")
)
functions = volumes.serverless(config=DatabricksConfig(environment_version="4"))
raw = Provider(config=AwsConfig(region="eu-central-1")).bucket(bucket="data-lake", path="raw/{target}/orders.csv")
orders = volumes.bucket(bucket="exports", path="orders.parquet")


@here.task
def extract(source: Bucket) -> list[int]:
    return source.scan().collect()["order"].to_list()


@spark.task(retries=1)
def distinct(rows: list[int]) -> list[int]:
    return sorted(set(rows))


@functions.task()
def publish(rows: list[int], destination: Bucket) -> None:
    import polars as pl

    destination.write(pl.DataFrame({"order": rows}))


@job
def exported() -> None:
    publish(distinct(extract(raw)), orders)


@task
def stores(region: str) -> list[str]:
    """The stores of a region."""
    return [f"{region}-{number}" for number in range(3)]


@task(retries=1, timeout=60, run_if="none_failed")
def store_rows(store: str) -> list[int]:
    """Rows of one store."""
    return [len(store)]


@job
def by_store(region: str = "south", extra: list[str] = ["mail"]) -> dict[str, int]:  # noqa: B006  nobody changes it
    """A job that repeats tasks for elements of lists."""
    rows = [store_rows(store) for store in stores.named("all-stores")(region)]
    more = store_rows.options(concurrency=2).map(extra)
    return summarise(*[clean(each) for each in rows], *more)
