"""Configurations of all clouds check themselves where they are written."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright import config
from lakewright.config import (
    AwsConfig,
    AzureConfig,
    AzureFunctionConfig,
    AzureVMConfig,
    CloudFunctionConfig,
    ComputeEngineConfig,
    DatabricksConfig,
    DataprocConfig,
    EC2Config,
    EMRConfig,
    GcpConfig,
    LambdaConfig,
    LocalConfig,
    SparkConfig,
)
from lakewright.errors.authoring import SettingError
from lakewright.model.compute import Compute, ExistingCluster, JobCluster, Serverless

NEEDED: Final[Mapping[str, Mapping[str, Any]]] = {
    "AwsConfig": {"region": "us-east-1"},
    "AzureConfig": {"storage_account": "lake"},
    "AzureFunctionConfig": {},
    "AzureStorageConfig": {},
    "AzureVMConfig": {"size": "Standard_D4ds_v5"},
    "CloudFunctionConfig": {},
    "ComputeEngineConfig": {"machine_type": "e2-standard-4"},
    "DatabricksConfig": {},
    "DataprocConfig": {"image_version": "2.2-debian12", "machine_type": "e2-standard-4"},
    "EC2Config": {"instance_type": "t3.medium"},
    "EMRConfig": {"release": "emr-7.9.0", "instance_type": "m5.xlarge"},
    "GcpConfig": {"project": "sales"},
    "GcsConfig": {},
    "LambdaConfig": {},
    "LocalConfig": {},
    "S3Config": {},
    "SparkConfig": {"master": "spark://host:7077"},
}


@pytest.mark.parametrize("name", config.__all__)
def test_a_configuration_is_a_frozen_value(name: str) -> None:
    kind = getattr(config, name)
    made = kind(**NEEDED[name])
    assert (made, hash(made)) == (kind(**NEEDED[name]), hash(kind(**NEEDED[name])))
    with pytest.raises(FrozenInstanceError):
        setattr(made, fields(made)[0].name, "x")


@pytest.mark.parametrize("name", config.__all__)
def test_a_configuration_is_told_by_keyword_only(name: str) -> None:
    with pytest.raises(TypeError, match="positional argument"):
        getattr(config, name)("x")


WRONG: Final[Mapping[str, Callable[[], object]]] = {
    "AwsConfig(): region='' is not text": lambda: AwsConfig(region=""),
    "AwsConfig(): account_id=12 is not text": lambda: AwsConfig(region="x", account_id=12),  # type: ignore[arg-type]
    "AzureConfig(): storage_account=None is not text": lambda: AzureConfig(storage_account=None),  # type: ignore[arg-type]
    "GcpConfig(): project=' ' is not text": lambda: GcpConfig(project=" "),
    "LocalConfig(): root=1 is not a folder": lambda: LocalConfig(root=1),  # type: ignore[arg-type]
    "LambdaConfig(): memory=64 is not a whole number, 128 to 10,240": lambda: LambdaConfig(memory=64),
    "LambdaConfig(): memory='1024' is not a whole number": lambda: LambdaConfig(memory="1024"),  # type: ignore[arg-type]
    "LambdaConfig(): timeout=901 is not a whole number, 1 to 900": lambda: LambdaConfig(timeout=901),
    "LambdaConfig(): python='2.7' is not one of 3.10": lambda: LambdaConfig(python="2.7"),
    "AzureFunctionConfig(): timeout=True is not a whole": lambda: AzureFunctionConfig(timeout=True),
    "CloudFunctionConfig(): memory=0 is not a whole number, 1 or more": lambda: CloudFunctionConfig(memory=0),
    "EC2Config(): image='' is not text": lambda: EC2Config(instance_type="t3.medium", image=""),
    "ComputeEngineConfig(): machine_type=''": lambda: ComputeEngineConfig(machine_type=""),
    "AzureVMConfig(): size=''": lambda: AzureVMConfig(size=""),
    "EMRConfig(): workers=0": lambda: EMRConfig(release="emr-7.9.0", instance_type="m5.xlarge", workers=0),
    "DataprocConfig(): workers=1.5": lambda: DataprocConfig(image_version="2", machine_type="x", workers=1.5),  # type: ignore[arg-type]
    "SparkConfig(): master=''": lambda: SparkConfig(master=""),
    "SparkConfig(): conf={'a': 1} is not a dict of text": lambda: SparkConfig(master="yarn", conf={"a": 1}),  # type: ignore[dict-item]
    "DatabricksConfig(): cluster_id=''": lambda: DatabricksConfig(cluster_id=""),
    "more than one place to run": lambda: DatabricksConfig(cluster_id="c", environment_version="4"),
    "needs both spark_version and node_type": lambda: DatabricksConfig(spark_version="16.4.x-scala2.12"),
    "workers=-1 is not a whole number": lambda: DatabricksConfig(spark_version="16.4", node_type="x", workers=-1),
}


@pytest.mark.parametrize("message", WRONG)
def test_what_cannot_be_is_refused_with_its_line(message: str) -> None:
    with pytest.raises(SettingError) as refused:
        WRONG[message]()
    assert message in refused.value.message
    assert refused.value.location is not None
    assert refused.value.location.file.endswith("test_configs.py")
    assert isinstance(refused.value, TypeError)


@pytest.mark.parametrize(
    ("made", "compute"),
    [
        (DatabricksConfig(), Serverless()),
        (DatabricksConfig(environment_version="4"), Serverless("4")),
        (DatabricksConfig(cluster_id="c"), ExistingCluster("c")),
        (
            DatabricksConfig(spark_version="16.4.x-scala2.12", node_type="m5.large", workers=(1, 4), name="big"),
            JobCluster("big", "16.4.x-scala2.12", "m5.large", (1, 4)),
        ),
    ],
)
def test_a_place_on_databricks_is_a_compute(made: DatabricksConfig, compute: Compute) -> None:
    assert made.compute == compute


def test_a_change_of_what_was_given_changes_no_configuration() -> None:
    conf = {"spark.executor.memory": "4g"}
    made = SparkConfig(master="yarn", conf=conf)
    conf.clear()
    assert made.conf == {"spark.executor.memory": "4g"}


CODE: Final = """
import sys
from lakewright.config import AwsConfig
print(*sorted(name for name in sys.modules if name.startswith("lakewright.config.")))
"""


def test_a_configuration_is_imported_with_its_own_cloud_only() -> None:
    environment = {"PYTHONPATH": str(Path(__file__).parents[3] / "framework" / "src")}
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["lakewright.config.aws", "lakewright.config.base"]


def test_a_name_that_there_is_not_is_told() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'AwsKonfig'"):
        config.AwsKonfig  # noqa: B018  asking is the test
    assert dir(config) == config.__all__
