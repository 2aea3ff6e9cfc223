"""The public API as users get it wrong. Never run.

Each comment says which error a checker must find on its line: both checkers report a comment that is not needed.
"""

import polars as pl

from lakewright import Provider, job, job_cluster, pipeline, task
from lakewright.config import AwsConfig, EC2Config, LambdaConfig
from lakewright.orchestration import Pipeline, Task, step


@task
def load(month: int) -> pl.DataFrame:
    return pl.DataFrame({"month": [month]})


@task
def double(number: int) -> int:
    return 2 * number


@job
def frame_where_a_number_is_wanted() -> int:
    return double(load(1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@job
def number_where_text_is_promised() -> str:
    return double(1)  # type: ignore[return-value]  # pyright: ignore[reportReturnType]


@job
def argument_that_is_missing() -> int:
    return double()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@job
def argument_that_does_not_exist() -> int:
    return double(1, times=2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@job
def wrong_argument_behind_named() -> int:
    return double.named("x")("2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@job
def wrong_argument_behind_after() -> int:
    return double.after(load(1))("2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@job
def wrong_argument_behind_options() -> int:
    return double.options(retries=1)("2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@task(retry=2)  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportCallIssue]
def unknown_setting_of_a_task() -> None: ...


@task(retries="2")  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportArgumentType]
def wrong_setting_of_a_task() -> None: ...


@job(max_concurent_runs=2)  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportCallIssue]
def unknown_setting_of_a_job() -> None: ...


@job(schedule="0 6 * * *")  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportArgumentType]
def schedule_as_text() -> None: ...


job_cluster(spark_version="16.4.x-scala2.12")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
double.options(retry=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
number_where_text_is_promised.run().append(1)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]

provider = Provider(config=AwsConfig(region="us-east-1"))
functions = provider.serverless(config=LambdaConfig(memory=1024))


@functions.task
def on_functions(number: int) -> int:
    return number


on_functions("2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Provider(config=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Provider(config=LambdaConfig())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
provider.serverless(EC2Config(instance_type="t3.medium"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
LambdaConfig(memory="1024")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
LambdaConfig(1024)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
provider.bucket(bucket="lake", options={"aws_region": 1})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]


@functions.task(executor="databricks")  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportArgumentType]
def a_place_as_executor() -> None: ...


@pipeline(nam="x")  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportCallIssue]
def unknown_setting_of_a_pipeline() -> None: ...


@job
def wrong_argument_of_a_part() -> int:
    return frame_where_a_number_is_wanted(1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@job
def output_of_a_part_that_is_of_another_type() -> int:
    return double(number_where_text_is_promised())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@job
def wrong_argument_of_a_job_that_is_started() -> None:
    argument_that_is_missing.as_task(1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@pipeline
def mode_that_there_is_not() -> int:
    return double(1)


mode_that_there_is_not.run(mode="cluod")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


@step(retry=1)  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportCallIssue]
def unknown_setting_of_a_step() -> None: ...


Task("total", 5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Pipeline("etl").add_task(sum)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
