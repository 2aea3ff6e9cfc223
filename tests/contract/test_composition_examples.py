"""What people write who compose pipelines of functions: each pattern as it is mostly written, and what comes of it."""

from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from lakewright import Bucket, Provider, pipeline, task
from lakewright.config import AwsConfig, LambdaConfig
from tests.branches import needs_branches

provider: Final = Provider(config=AwsConfig(region="us-east-1"))
local_exec: Final = provider.local()
lambda_exec: Final = provider.serverless(config=LambdaConfig(memory=1024))
source: Final = provider.bucket(bucket="data-lake", path="raw/data.parquet")
ROWS: Final = pl.DataFrame({"value": [1, 2, 3, 4], "split": ["train", "test", "train", "train"]})
SAVED: Final[list[object]] = []


@local_exec.task()
def extract(source: Bucket) -> pl.LazyFrame:  # noqa: ARG001  what the DAG is about; there is no store here
    return ROWS.lazy()


@lambda_exec.task
def clean(df: pl.LazyFrame) -> pl.LazyFrame:
    return df.filter(pl.col("value") > 1)


@local_exec.task()
def transform(df: pl.LazyFrame) -> pl.LazyFrame:
    return df.with_columns(pl.col("value") * 2)


@local_exec.task(retries=1)
def count(df: pl.LazyFrame) -> int:
    return df.collect().height


@local_exec.task()
def generate_report(stats: int, features: int, validation: int) -> list[int]:
    return [stats, features, validation]


@local_exec.task()
def list_files(bucket: Bucket) -> list[str]:  # noqa: ARG001  as above
    return ["a", "bb", "ccc"]


@lambda_exec.task()
def process_file(file: str) -> int:
    return len(file)


@local_exec.task()
def combine_results(results: list[int]) -> list[int]:
    return results


@local_exec.task()
def split_data(df: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Split data into train and test sets."""
    train = df.filter(pl.col("split") == "train")
    test = df.filter(pl.col("split") == "test")
    return train, test


@local_exec.task()
def train_model(train: pl.LazyFrame) -> int:
    return train.collect().height


@local_exec.task()
def evaluate_model(model: int, test: pl.LazyFrame) -> list[int]:
    return [model, test.collect().height]


@local_exec.task()
def save(df: pl.LazyFrame) -> None:
    SAVED.append(df.collect()["value"].sum())


def test_sequential() -> None:
    @pipeline(name="sequential")
    def sequential_pipeline() -> pl.LazyFrame:
        a = extract(source)
        b = clean(a)
        return transform(b)

    assert sequential_pipeline.analyze().dag.edges == (("extract", "clean"), ("clean", "transform"))
    assert sequential_pipeline.run(mode="local").collect()["value"].to_list() == [4, 6, 8]


def test_parallel() -> None:
    @pipeline(name="parallel")
    def parallel_pipeline() -> list[int]:
        raw = extract(source)

        # These can run in parallel - no dependencies between them
        stats = count(raw)
        features = count.named("features")(raw)
        validation = count.named("validation")(raw)

        # Wait for all to complete
        report = generate_report(stats, features, validation)
        return report  # noqa: RET504  as it is mostly written

    assert parallel_pipeline.dag.stages() == (("extract",), ("count", "features", "validation"), ("generate_report",))
    assert parallel_pipeline.run() == [4, 4, 4]


def test_join() -> None:
    @pipeline(name="join")
    def join_pipeline() -> list[int]:
        sales = count(extract(source))
        customers = count(clean(extract(source)))
        products = process_file("four")

        # Join all three
        return generate_report(sales, customers, validation=products)

    assert set(join_pipeline.dag.upstream("generate_report")) == {"count", "count__2", "process_file"}
    assert {edge.argument for edge in join_pipeline.dag.data_edges if edge.downstream == "generate_report"} == {
        "stats",
        "features",
        "validation",
    }
    assert join_pipeline.run() == [4, 3, 4]


@needs_branches
def test_conditional() -> None:
    @pipeline(name="conditional")
    def conditional_pipeline(mode: str) -> pl.LazyFrame:
        raw = extract(source)

        if mode == "full":  # noqa: SIM108  as it is mostly written
            result = transform(raw)
        else:
            result = clean(raw)

        save(result)
        return result

    SAVED.clear()
    assert {"transform", "clean"} < set(conditional_pipeline.analyze().dag.nodes)
    assert conditional_pipeline.analyze(mode="quick").dag.nodes == ("extract", "clean", "save")
    result = conditional_pipeline.execute(params={"mode": "quick"})
    assert (result.states["transform"], result.states["clean"]) == ("excluded", "success")
    conditional_pipeline.run(params={"mode": "full"})
    assert SAVED == [9, 20]


def test_dynamic() -> None:
    @pipeline(name="dynamic")
    def dynamic_pipeline() -> list[int]:
        # Get list of files to process
        files = list_files(source)

        # Process each file in parallel
        results = []
        for file in files:
            result = process_file(file)
            results.append(result)

        # Combine results
        final = combine_results(results)
        return final  # noqa: RET504  as it is mostly written

    assert dynamic_pipeline.dag.nodes == ("list_files", "process_file", "combine_results")
    assert dynamic_pipeline.run() == [1, 2, 3]


def test_multi_output() -> None:
    @pipeline(name="multi_output")
    def ml_pipeline() -> list[int]:
        raw = extract(source)
        train, test = split_data(raw)

        # Use both outputs
        model = train_model(train)
        metrics = evaluate_model(model, test)

        return metrics  # noqa: RET504  as it is mostly written

    dag = ml_pipeline.analyze().dag
    assert dag.nodes == ("extract", "split_data", "train_model", "evaluate_model")
    assert set(dag.edges) == {
        ("extract", "split_data"),
        ("split_data", "train_model"),
        ("split_data", "evaluate_model"),
        ("train_model", "evaluate_model"),
    }
    assert ml_pipeline.run() == [3, 1]


def test_static_analysis_says_tasks_edges_resources_and_sources() -> None:
    @pipeline(name="etl")
    def etl_pipeline() -> pl.LazyFrame:
        raw = extract(source)
        cleaned = clean(raw)
        result = transform(cleaned)
        return result  # noqa: RET504  as it is mostly written

    analysis = etl_pipeline.analyze()
    assert analysis.method == "static"
    assert analysis.dag.nodes == ("extract", "clean", "transform")
    assert analysis.dag.edges == (("extract", "clean"), ("clean", "transform"))
    assert analysis.executors == {"extract": local_exec, "clean": lambda_exec, "transform": local_exec}
    assert analysis.data_sources == (source,)


def test_what_source_does_not_tell_is_tracked() -> None:
    def get_tasks_from_database() -> Any:  # noqa: ANN401  rows of something
        return Path(__file__).read_text(encoding="utf-8").split()[:2]

    @pipeline(name="dynamic")
    def complex_pipeline() -> list[int]:
        tasks = get_tasks_from_database()  # Can't analyze statically

        results = []
        for task_config in tasks:
            result = process_file(task_config)
            results.append(result)

        return combine_results(results)

    analysis = complex_pipeline.run(mode="analyze")
    assert analysis.method == "dynamic"
    assert len(analysis.dag.nodes) == 3
    assert set(analysis.dag.upstream("combine_results")) == set(analysis.dag.nodes[:2])


def test_a_task_is_a_function_where_no_body_runs() -> None:
    assert process_file("abc") == 3
    assert vars(process_file)["__name__"] == "process_file"
    assert split_data.__doc__ == "Split data into train and test sets."


def test_an_executor_is_no_text() -> None:
    with pytest.raises(TypeError, match=r"@resource\.task\(\)"):

        @task(executor="databricks")  # type: ignore[call-overload,untyped-decorator]  # what is tested
        def wrong() -> None: ...
