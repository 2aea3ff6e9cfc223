import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from lakewright import Bucket, Provider, TaskFunction, job, serverless, task
from lakewright.config import (
    AwsConfig,
    AzureConfig,
    AzureFunctionConfig,
    CloudFunctionConfig,
    DatabricksConfig,
    EC2Config,
    GcpConfig,
    LambdaConfig,
    LocalConfig,
    SparkConfig,
)
from lakewright.config.base import ProviderConfig
from lakewright.databricks.jobs import job_definition
from lakewright.errors.authoring import SettingError
from lakewright.model.target import TargetValues
from lakewright.model.validation import validate

AWS: Final = Provider(config=AwsConfig(region="us-east-1"))
LOCAL: Final = AWS.local()
FUNCTIONS: Final = AWS.serverless(config=LambdaConfig(memory=1024))
MACHINE: Final = AWS.vm(config=EC2Config(instance_type="t3.medium"))
CLUSTER: Final = AWS.cluster(config=DatabricksConfig(cluster_id="cluster-123"))


@LOCAL.task
def extract(start: int) -> int:
    """Where a number comes from."""
    return start


@FUNCTIONS.task(retries=2, name="tidy")
def clean(number: int, *, by: int = 1) -> int:
    return number + by


@CLUSTER.task()
def predict(number: int) -> int:
    return number * 2


@job
def mixed(start: int = 3) -> int:
    return predict(clean(extract(start)))


@job
def on_databricks(start: int = 3) -> int:
    return predict(extract(start))


def test_a_resource_knows_its_kind_its_provider_and_its_configuration() -> None:
    made = (LOCAL, FUNCTIONS, MACHINE, CLUSTER)
    assert [resource.kind for resource in made] == ["local", "serverless", "vm", "cluster"]
    assert all(resource.provider is AWS for resource in made)
    assert FUNCTIONS.config == LambdaConfig(memory=1024)
    assert Provider(AwsConfig(region="us-east-1")).local() == LOCAL


def test_a_task_keeps_what_its_function_says_of_itself_and_knows_its_resource() -> None:
    assert (vars(extract)["__name__"], extract.__doc__) == ("extract", "Where a number comes from.")
    assert str(inspect.signature(clean)) == "(number: int, *, by: int = 1) -> int"
    assert [each.resource for each in (extract, clean, predict)] == [LOCAL, FUNCTIONS, CLUSTER]
    assert all(isinstance(each, TaskFunction) for each in (extract, clean, predict))
    assert (clean.name, clean.settings.retry.retries) == ("tidy", 2)
    assert clean.named("again").options(retries=0).resource is FUNCTIONS


def nothing() -> None: ...


def test_a_task_on_a_resource_takes_what_any_task_takes() -> None:
    settings = LOCAL.task(timeout=5, retries=1, cache=True)(nothing).settings
    assert (settings.timeout, settings.retry.retries, settings.cache) == (5, 1, True)
    bare = LOCAL.task(nothing).settings
    assert (bare.timeout, bare.retry.retries, bare.cache) == (None, 0, False)


def test_outside_of_a_body_a_task_on_a_resource_is_its_function() -> None:
    assert predict(clean(extract(3), by=2)) == 10


def test_one_job_mixes_resources_and_runs_here_whatever_they_are(tmp_path: Path) -> None:
    assert mixed.execute(target=TargetValues(root=str(tmp_path))).value == 8


def test_the_dag_knows_where_each_task_is_meant_to_run() -> None:
    resources = [node.settings.resource for node in mixed.dag.tasks]
    assert [str(resource) for resource in resources] == [
        "local of aws",
        "serverless (LambdaConfig) of aws",
        "cluster (DatabricksConfig) of aws",
    ]
    assert '"config":"LambdaConfig","settings":{"memory":1024,' in mixed.dag.to_json()


def test_a_cluster_of_databricks_is_the_compute_of_its_tasks_and_local_that_of_the_job() -> None:
    definition: Any = job_definition(on_databricks.definition)
    assert [each.get("existing_cluster_id", each.get("environment_key")) for each in definition["tasks"]] == [
        "serverless_5",
        "cluster-123",
    ]
    assert validate(on_databricks.definition) == ()


def test_a_job_cannot_be_deployed_with_a_task_that_databricks_cannot_start() -> None:
    (finding,) = validate(mixed.definition)
    assert finding.code == "foreign-resource"
    wanted = "task 'tidy' runs on serverless (LambdaConfig) of aws, which a Databricks job cannot start"
    assert finding.message == wanted
    assert finding.location is not None
    assert finding.location.line == inspect.getsourcelines(mixed.body.function)[1] + 2
    assert "@pipeline" in finding.hint


@pytest.mark.parametrize(
    ("config", "uri"),
    [
        (AwsConfig(region="eu-west-1"), "s3://lake/raw/a.csv"),
        (AzureConfig(storage_account="acme"), "abfss://lake@acme.dfs.core.windows.net/raw/a.csv"),
        (GcpConfig(project="acme"), "gs://lake/raw/a.csv"),
        (DatabricksConfig(), "/Volumes/{catalog}/{schema}/lake/raw/a.csv"),
        (LocalConfig(), "{data}/lake/raw/a.csv"),
        (LocalConfig(root="samples/"), "{data}/samples/lake/raw/a.csv"),
        (LocalConfig(root=Path("/mnt")), "/mnt/lake/raw/a.csv"),
        (LocalConfig(root="{root}/exports"), "{root}/exports/lake/raw/a.csv"),
    ],
)
def test_the_address_of_a_bucket_is_that_of_its_cloud(config: ProviderConfig, uri: str) -> None:
    bucket = Provider(config).bucket(bucket="lake", path="raw/a.csv")
    assert (bucket.uri, bucket.format) == (uri, "csv")


def test_a_volume_can_lie_in_another_catalog() -> None:
    assert Provider(DatabricksConfig()).bucket("main.raw.landing").uri == "/Volumes/main/raw/landing/"


def test_a_bucket_takes_options_beside_those_of_its_cloud() -> None:
    bucket = AWS.bucket("lake", "raw", format="delta", options={"aws_endpoint_url": "http://127.0.0.1:9000"})
    assert bucket == Bucket(
        "s3://lake/raw", "delta", {"aws_endpoint_url": "http://127.0.0.1:9000", "aws_region": "us-east-1"}
    )


def test_a_local_bucket_is_a_file(tmp_path: Path) -> None:
    frame = pl.DataFrame({"value": [1, None]})
    (tmp_path / "lake").mkdir()
    frame.write_parquet(tmp_path / "lake" / "data.parquet")
    bucket = Provider(LocalConfig(root=tmp_path)).bucket(bucket="lake", path="data.parquet")
    assert bucket.scan().collect().equals(frame)
    assert bucket.get_uri() == str(tmp_path / "lake" / "data.parquet")


@pytest.mark.parametrize(
    ("environment", "config"),
    [
        ({}, LocalConfig()),
        ({"LAKEWRIGHT_PROVIDER": "local", "LAKEWRIGHT_LOCAL_ROOT": "/mnt"}, LocalConfig(root="/mnt")),
        ({"LAKEWRIGHT_PROVIDER": "AWS", "AWS_REGION": "eu-west-1"}, AwsConfig(region="eu-west-1")),
        (
            {"LAKEWRIGHT_PROVIDER": "aws", "AWS_REGION": "", "AWS_DEFAULT_REGION": "us-west-2", "AWS_ACCOUNT_ID": "42"},
            AwsConfig(region="us-west-2", account_id="42"),
        ),
        ({"LAKEWRIGHT_PROVIDER": "gcp", "GOOGLE_CLOUD_PROJECT": "acme"}, GcpConfig(project="acme")),
        (
            {"LAKEWRIGHT_PROVIDER": "azure", "AZURE_STORAGE_ACCOUNT_NAME": "acme"},
            AzureConfig(storage_account="acme"),
        ),
        ({"LAKEWRIGHT_PROVIDER": "databricks"}, DatabricksConfig()),
    ],
)
def test_a_provider_can_come_from_the_environment(environment: Mapping[str, str], config: ProviderConfig) -> None:
    assert Provider.from_env(environment) == Provider(config)


def test_the_environment_is_that_of_the_process_unless_another_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEWRIGHT_PROVIDER", "aws")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert Provider.from_env().config == AwsConfig(region="eu-west-1")


WRONG: Final[Mapping[str, Callable[[], object]]] = {
    "Provider(): config=None is not one of AwsConfig": lambda: Provider(None),  # type: ignore[arg-type]
    "Provider(): config='aws' is not one of AwsConfig": lambda: Provider("aws"),  # type: ignore[arg-type]
    "Provider(): config=LambdaConfig(memory=512": lambda: Provider(LambdaConfig()),  # type: ignore[arg-type]
    "Provider.serverless(): AzureFunctionConfig is of azure, and this provider is of aws": lambda: AWS.serverless(
        AzureFunctionConfig()
    ),
    "Provider.serverless(): CloudFunctionConfig is of gcp": lambda: AWS.serverless(CloudFunctionConfig()),
    "Provider.vm(): config=LambdaConfig(": lambda: AWS.vm(LambdaConfig()),  # type: ignore[arg-type]
    "Provider.cluster(): config=None is not one of DatabricksConfig": lambda: AWS.cluster(None),  # type: ignore[arg-type]
    "bucket='a/b' is not the name of a bucket": lambda: AWS.bucket("a/b"),
    "bucket='' is not the name of a bucket": lambda: AWS.bucket(""),
    "bucket='a.b' is not a volume, or catalog.schema.volume": lambda: Provider(DatabricksConfig()).bucket("a.b"),
    "path='../a' is not a path inside the bucket": lambda: AWS.bucket("lake", "../a"),
    "path='/a' is not a path inside the bucket": lambda: AWS.bucket("lake", "/a"),
    "unknown format 'parkett'": lambda: AWS.bucket("lake", format="parkett"),
    "the option 'aws_secret_access_key', which is a secret": lambda: AWS.bucket(
        "lake", options={"aws_secret_access_key": "x"}
    ),
    "a task on a resource got compute=": lambda: LOCAL.task(compute=serverless()),
    "options() got compute=, and the task's resource": lambda: predict.options(compute=serverless()),
    "got an unknown setting 'retry'": lambda: LOCAL.task(retry=2)(nothing),  # type: ignore[call-overload]
    "executor='databricks' is not one of serial, threads, processes": lambda: task(executor="databricks")(nothing),  # type: ignore[call-overload]
    "LAKEWRIGHT_PROVIDER=asw is no provider; did you mean 'aws'?": lambda: Provider.from_env(
        {"LAKEWRIGHT_PROVIDER": "asw"}
    ),
    "the environment has no AWS_REGION or AWS_DEFAULT_REGION": lambda: Provider.from_env(
        {"LAKEWRIGHT_PROVIDER": "aws"}
    ),
}


@pytest.mark.parametrize("message", WRONG)
def test_what_cannot_be_is_refused_with_its_line(message: str) -> None:
    with pytest.raises(TypeError) as refused:
        WRONG[message]()
    assert isinstance(refused.value, SettingError)
    assert message in refused.value.message
    assert refused.value.location is not None
    assert refused.value.location.file.endswith("test_provider.py")


def test_an_executor_that_is_a_place_is_told_of_resources() -> None:
    with pytest.raises(TypeError, match=r"@resource\.task\(\)"):
        task(executor="databricks")(nothing)  # type: ignore[call-overload]


@pytest.mark.parametrize("executor", ["serial", "threads", "processes", None])
def test_an_executor_says_how_this_machine_runs_a_task(executor: Any) -> None:  # noqa: ANN401  each of the literals
    assert task(executor=executor)(nothing).settings.executor == executor
    assert LOCAL.task(executor=executor)(nothing).settings.executor == executor


def test_spark_runs_on_any_cloud() -> None:
    config = SparkConfig(master="spark://host:7077", conf={"spark.executor.memory": "4g"})
    assert [Provider(cloud).cluster(config).kind for cloud in (LocalConfig(), GcpConfig(project="acme"))] == [
        "cluster",
        "cluster",
    ]
    assert "spark.executor.memory" in AWS.cluster(config).value.settings


CODE: Final = """
import sys
sys.path.insert(0, {folder!r})
from tests.unit.pipelines.test_provider import mixed
from lakewright.model.target import TargetValues
assert mixed.execute(target=TargetValues(root={root!r})).value == 8
print(*sorted({{"boto3", "botocore", "azure", "google", "databricks.sdk"}} & set(sys.modules)))
"""


def test_a_local_run_loads_no_library_of_a_cloud(tmp_path: Path) -> None:
    code = CODE.format(folder=str(Path(__file__).parents[3]), root=str(tmp_path))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("", "")
