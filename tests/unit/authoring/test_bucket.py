import copy as copying
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from lakewright.authoring.bucket import Bucket, Destination
from lakewright.authoring.declaring import task
from lakewright.errors.authoring import AnnotationError, TraceError
from lakewright.model.binding import Argument
from lakewright.model.storage import Storage, StorageValue
from lakewright.model.target import TargetValues
from lakewright.pipelines.job import job
from tests.unit.authoring.traced import dag_of, line_of

RAW: Final = Bucket("{data}/raw.parquet")
RESULT: Final = Bucket("{root}/exports/result.csv")
ROWS: Final = pl.DataFrame({"value": [1, None, 3]})


@dataclass(frozen=True)
class Places:
    raw: Bucket
    output: Bucket


@task
def extract(source: Bucket) -> pl.LazyFrame:
    return source.scan()


@task
def save(rows: pl.LazyFrame, destination: Bucket) -> str:
    destination.write(rows)
    return destination.get_uri()


@task
def update(rows: pl.LazyFrame, table: Destination) -> None:
    table.write(rows)


@task
def copy(places: Places) -> None:
    places.output.write(places.raw.scan())


@task
def where(source: Bucket) -> Bucket:
    return source


@job
def copied() -> str:
    return save(extract(RAW), RESULT)


def target(folder: Path) -> TargetValues:
    ROWS.write_parquet(folder / "raw.parquet")
    return TargetValues(root=str(folder / "root"), data=str(folder))


def argument(function: Any) -> Argument:  # noqa: ANN401  a body
    return dag_of(function).tasks[-1].arguments[-1]


def test_a_bucket_is_recorded_with_what_the_task_does_with_it() -> None:
    dag = copied.dag
    assert dag.sources == (RAW,)
    assert dag.sinks == (RESULT,)
    assert dag.edges == (("extract", "save"),)
    assert argument(lambda: update(extract(RAW), RESULT)).binding == StorageValue(RESULT, "write")


def test_a_bucket_equals_what_a_definition_says_of_it() -> None:
    assert Storage(RAW.uri) == RAW
    assert hash(Storage(RAW.uri)) == hash(RAW)


def test_a_bucket_can_be_copied_and_sent_to_other_processes() -> None:
    bucket = Bucket("s3://lake/raw.csv", options={"aws_region": "eu-west-1"})
    for other in (copying.deepcopy(bucket), pickle.loads(pickle.dumps(bucket))):  # noqa: S301  our own
        assert (other, type(other)) == (bucket, Bucket)


def test_buckets_inside_of_containers_and_dataclasses_count() -> None:
    dag = dag_of(lambda: copy(Places(RAW, RESULT)))
    assert (dag.sources, dag.sinks) == ((RAW,), (RESULT,))


def test_a_loop_over_buckets_takes_keys_from_their_names() -> None:
    def body() -> None:
        for bucket in (Bucket("s3://lake/sales.csv"), Bucket("s3://lake/customers.csv")):
            extract(bucket)

    assert dag_of(body).nodes == ("extract_sales", "extract_customers")


def test_a_task_reads_and_writes_buckets_on_the_target_of_its_run(tmp_path: Path) -> None:
    result = copied.execute(target=target(tmp_path))
    assert result.value == str(tmp_path / "root" / "exports" / "result.csv")
    assert pl.read_csv(result.value).equals(ROWS)


def test_a_bucket_can_be_an_output(tmp_path: Path) -> None:
    @job
    def told() -> str:
        return save(extract(where(RAW)), RESULT)

    assert told.execute(target=target(tmp_path)).value.endswith("result.csv")


def test_a_body_can_return_a_bucket(tmp_path: Path) -> None:
    @job
    def given_back() -> Bucket:
        save(extract(RAW), RESULT)
        return RESULT

    assert given_back.execute(target=target(tmp_path)).value == RESULT


def test_outside_of_a_run_places_are_those_of_the_callers_local_target() -> None:
    assert RAW.get_uri() == str(Path(__file__).parent / "data" / "raw.parquet")


def test_a_task_that_is_called_as_a_function_reads_and_writes_buckets(tmp_path: Path) -> None:
    ROWS.write_parquet(tmp_path / "raw.parquet")
    out = Bucket(str(tmp_path / "out.ndjson"))
    assert save(extract(Bucket(str(tmp_path / "raw.parquet"))), out) == out.uri
    assert out.scan().collect().equals(ROWS)


@pytest.mark.parametrize("method", ["get_uri", "scan", "write"])
def test_a_body_cannot_use_a_bucket(method: str) -> None:
    def body() -> None:
        getattr(RAW, method)(*([ROWS] if method == "write" else []))  # here

    with pytest.raises(TraceError, match=rf"is asked for {method}\(\) in the body of job 'daily'") as refused:
        dag_of(body)
    assert refused.value.location is not None
    assert refused.value.location.line == line_of(body, "# here")


def test_an_annotation_that_cannot_be_resolved_is_told_at_the_call() -> None:
    @task
    def broken(source: "Missing") -> None:  # type: ignore[name-defined]  # noqa: F821  what the test is about
        ...

    def body() -> None:
        broken(RAW)  # here

    with pytest.raises(AnnotationError, match="Missing") as refused:
        dag_of(body)
    assert refused.value.location is not None
    assert refused.value.location.line == line_of(body, "# here")
