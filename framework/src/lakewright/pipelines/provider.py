"""Providers, and the resources that they make: where tasks run, as values that tasks are bound to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, ParamSpec, TypeVar, overload

from lakewright.authoring.bucket import Bucket
from lakewright.authoring.callsite import located
from lakewright.authoring.declaring import task
from lakewright.config.base import ClusterConfig, ProviderConfig, ServerlessConfig, VmConfig
from lakewright.errors.authoring import SettingError
from lakewright.model.resource import Resource
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from typing_extensions import Unpack

    from lakewright.authoring.settings import TaskOptions
    from lakewright.authoring.task import TaskFunction
    from lakewright.config.base import ResourceConfig
    from lakewright.config.stores import StoreConfig
    from lakewright.model.resource import Kind

P = ParamSpec("P")
R = TypeVar("R")

VARIABLE: Final = "LAKEWRIGHT_PROVIDER"
# Each by the name under which it is imported, when the environment asks for it.
_CONFIGS: Final = {
    "aws": "AwsConfig",
    "azure": "AzureConfig",
    "databricks": "DatabricksConfig",
    "gcp": "GcpConfig",
    "local": "LocalConfig",
}
_KINDS: Final[Mapping[Kind, tuple[type[ResourceConfig], str]]] = {
    "serverless": (ServerlessConfig, "LambdaConfig(…), AzureFunctionConfig(…), CloudFunctionConfig(…)"),
    "vm": (VmConfig, "EC2Config(…), AzureVMConfig(…), ComputeEngineConfig(…)"),
    "cluster": (ClusterConfig, "DatabricksConfig(…), SparkConfig(…), EMRConfig(…), DataprocConfig(…)"),
}


@dataclass(frozen=True, slots=True)
class Provider:
    """One cloud, or this machine: makes the resources that tasks run on and the buckets that they use.

    Args:
        config: which cloud: `AwsConfig(…)`, `AzureConfig(…)`, `GcpConfig(…)`, `DatabricksConfig(…)`, `LocalConfig(…)`.

    Raises:
        SettingError: it is no configuration of a provider.

    >>> from lakewright.config import AwsConfig, LambdaConfig
    >>> provider = Provider(config=AwsConfig(region="us-east-1"))
    >>> provider.bucket(bucket="data-lake", path="raw/data.parquet").uri
    's3://data-lake/raw/data.parquet'
    >>> functions = provider.serverless(config=LambdaConfig(memory=1024))
    >>> @functions.task(retries=2)
    ... def double(number: int) -> int:
    ...     return 2 * number
    >>> double(21)
    42
    """

    config: ProviderConfig

    def __post_init__(self) -> None:
        config: object = self.config
        if not isinstance(config, ProviderConfig):
            wanted = "one of AwsConfig(…), AzureConfig(…), GcpConfig(…), DatabricksConfig(…), LocalConfig(…)"
            raise located(SettingError.wrong("Provider()", "config", config, wanted=wanted))

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None) -> Provider:
        """The provider that the environment names: `LAKEWRIGHT_PROVIDER`, and the variables of its cloud.

        Args:
            environment: variables; by default those of the process.

        Raises:
            SettingError: it names none that there is, or a variable is missing.

        >>> Provider.from_env({"LAKEWRIGHT_PROVIDER": "aws", "AWS_REGION": "eu-west-1"}).config
        AwsConfig(region='eu-west-1', account_id=None)
        """
        import os

        from lakewright import config as configs

        given = os.environ if environment is None else environment
        name = given.get(VARIABLE, "local").lower()
        if name not in _CONFIGS:
            raise located(SettingError(f"{VARIABLE}={name} is no provider{did_you_mean(name, _CONFIGS)}"))
        kind: type[ProviderConfig] = getattr(configs, _CONFIGS[name])
        return cls(kind.from_env(given))

    def local(self) -> ExecutionResource:
        """The process that runs the pipeline; in a deployed job, the job's own compute."""
        return ExecutionResource("local", self)

    def serverless(self, config: ServerlessConfig) -> ExecutionResource:
        """Functions that the cloud runs on demand.

        Raises:
            SettingError: a configuration of something else, or of another cloud.
        """
        return self._resource("serverless", config)

    def vm(self, config: VmConfig) -> ExecutionResource:
        """A virtual machine.

        Raises:
            SettingError: a configuration of something else, or of another cloud.
        """
        return self._resource("vm", config)

    def cluster(self, config: ClusterConfig) -> ExecutionResource:
        """A cluster; of Databricks and Spark on any cloud.

        Raises:
            SettingError: a configuration of something else, or of another cloud.
        """
        return self._resource("cluster", config)

    def bucket(
        self,
        bucket: str,
        path: str = "",
        *,
        format: str = "",  # noqa: A002  the word users know
        config: StoreConfig | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Bucket:
        """A place of data.

        Args:
            bucket: its name: of a bucket, a container, a volume or a folder.
            path: of the object or the folder in it.
            format: `parquet`, `csv`, `ndjson`, `json` or `delta`; by default as the path ends.
            config: how the store is found: `S3Config(…)`, `AzureStorageConfig(…)`, `GcsConfig(…)`, as the cloud has it.
            options: of the store's client, as polars takes them; they go before all others.

        Raises:
            SettingError: a name, path, format or option that cannot be.
        """
        self.config.check_place(bucket, path)
        store = self._store(config).options() if config is not None else {}
        return Bucket(self.config.uri(bucket, path), format, {**self.config.options(), **store, **(options or {})})

    def _store(self, config: object) -> StoreConfig:
        # Most buckets need none.
        from lakewright.config.stores import StoreConfig

        cloud = self.config.cloud
        if not isinstance(config, StoreConfig) or config.cloud != cloud:
            choices = "S3Config(…), AzureStorageConfig(…) or GcsConfig(…), as the provider's cloud has it"
            wanted = f"{choices}; this one is of {cloud}"
            raise located(SettingError.wrong("Provider.bucket()", "config", config, wanted=wanted))
        return config

    def _resource(self, kind: Kind, config: ResourceConfig) -> ExecutionResource:
        wanted, choices = _KINDS[kind]
        if not isinstance(config, wanted):
            raise located(SettingError.wrong(f"Provider.{kind}()", "config", config, wanted=f"one of {choices}"))
        cloud = self.config.cloud
        if config.clouds and cloud not in config.clouds:
            owner = config.clouds[0]
            message = f"Provider.{kind}(): {type(config).__name__} is of {owner}, and this provider is of {cloud}"
            hint = f"Make it with a provider of {owner}: one pipeline may use several."
            raise located(SettingError(message, hint=hint))
        return ExecutionResource(kind, self, config)


@dataclass(frozen=True, slots=True)
class ExecutionResource:
    """A place to run tasks; `@resource.task` binds them to it.

    Attributes:
        kind: `local`, `serverless`, `vm` or `cluster`.
        provider: whose it is.
        config: how it is made; None for `local`.
    """

    kind: Kind
    provider: Provider
    config: ResourceConfig | None = None

    @property
    def value(self) -> Resource:
        """The resource as a DAG knows it."""
        # The JSON codec is only needed where something is configured.
        from lakewright.model.values import encode, to_text

        config = self.config
        return Resource(
            kind=self.kind,
            cloud=self.provider.config.cloud,
            config=type(config).__name__ if config else "",
            settings=to_text(encode(config.to_json())) if config else "{}",
            compute=config.compute if config else None,
        )

    @overload
    def task(self, function: Callable[P, R], /) -> TaskFunction[P, R]: ...
    @overload
    def task(
        self, /, *, name: str = ..., **options: Unpack[TaskOptions]
    ) -> Callable[[Callable[P, R]], TaskFunction[P, R]]: ...
    def task(
        self, function: Callable[P, R] | None = None, /, **settings: Any
    ) -> TaskFunction[P, R] | Callable[[Callable[P, R]], TaskFunction[P, R]]:
        """Make a function a task that runs on this resource; otherwise as `@task`.

        Args:
            function: given when the decorator is used bare.
            **settings: as `@task` takes them, without `compute`.

        Raises:
            SettingError: a setting that does not exist, or whose value cannot be.
        """
        if "compute" in settings:
            message = "a task on a resource got compute=, and the resource says where it runs"
            raise located(SettingError(message, hint="Leave compute out, or take @task."))
        if function is not None:
            return task(function, **settings).bound_to(self.value, self)
        make = task(**settings)
        return lambda decorated: make(decorated).bound_to(self.value, self)
