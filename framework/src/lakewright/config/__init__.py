"""Configurations of clouds and of what runs in them, for `Provider`.

>>> from lakewright.config import AwsConfig, LambdaConfig
>>> AwsConfig(region="us-east-1"), LambdaConfig(memory=1024)
(AwsConfig(region='us-east-1', account_id=None), LambdaConfig(memory=1024, timeout=900, python='3.12'))
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.config.aws import AwsConfig as AwsConfig
    from lakewright.config.aws import EC2Config as EC2Config
    from lakewright.config.aws import EMRConfig as EMRConfig
    from lakewright.config.aws import LambdaConfig as LambdaConfig
    from lakewright.config.azure import AzureConfig as AzureConfig
    from lakewright.config.azure import AzureFunctionConfig as AzureFunctionConfig
    from lakewright.config.azure import AzureVMConfig as AzureVMConfig
    from lakewright.config.databricks import DatabricksConfig as DatabricksConfig
    from lakewright.config.gcp import CloudFunctionConfig as CloudFunctionConfig
    from lakewright.config.gcp import ComputeEngineConfig as ComputeEngineConfig
    from lakewright.config.gcp import DataprocConfig as DataprocConfig
    from lakewright.config.gcp import GcpConfig as GcpConfig
    from lakewright.config.local import LocalConfig as LocalConfig
    from lakewright.config.spark import SparkConfig as SparkConfig
    from lakewright.config.stores import AzureStorageConfig as AzureStorageConfig
    from lakewright.config.stores import GcsConfig as GcsConfig
    from lakewright.config.stores import S3Config as S3Config

_HOMES = {
    "AwsConfig": "lakewright.config.aws",
    "AzureConfig": "lakewright.config.azure",
    "AzureFunctionConfig": "lakewright.config.azure",
    "AzureStorageConfig": "lakewright.config.stores",
    "AzureVMConfig": "lakewright.config.azure",
    "CloudFunctionConfig": "lakewright.config.gcp",
    "ComputeEngineConfig": "lakewright.config.gcp",
    "DatabricksConfig": "lakewright.config.databricks",
    "DataprocConfig": "lakewright.config.gcp",
    "EC2Config": "lakewright.config.aws",
    "EMRConfig": "lakewright.config.aws",
    "GcpConfig": "lakewright.config.gcp",
    "GcsConfig": "lakewright.config.stores",
    "LambdaConfig": "lakewright.config.aws",
    "LocalConfig": "lakewright.config.local",
    "S3Config": "lakewright.config.stores",
    "SparkConfig": "lakewright.config.spark",
}

__all__ = [*_HOMES]  # noqa: PLE0604  computed from the one table of names


def __getattr__(name: str) -> object:
    """A configuration, imported with its own cloud only: workers import what tasks stand on."""
    if name not in _HOMES:
        message = f"module 'lakewright.config' has no attribute '{name}'"
        raise AttributeError(message)
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
