"""Databricks: on any cloud, as a place to run; by itself, as a place of volumes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from lakewright.authoring.callsite import located
from lakewright.config.base import DATABRICKS, ClusterConfig, ProviderConfig, ServerlessConfig
from lakewright.errors.authoring import SettingError
from lakewright.model.compute import Serverless, existing_cluster, job_cluster

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.compute import Compute

_CLUSTER: Final = ("cluster_id", "spark_version", "node_type")
_LEVELS: Final = 3  # catalog, schema, volume


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabricksConfig(ProviderConfig, ServerlessConfig, ClusterConfig):
    """Where tasks run on Databricks: on a cluster by its id, on one that is made for the run, or serverless.

    Hosts, catalogs and principals stand in `targets.yml`. As the configuration of a provider, its buckets are volumes:
    `bucket="landing"` in the target's catalog and schema, `bucket="main.raw.landing"` in others.

    Attributes:
        cluster_id: of a cluster that is there already.
        spark_version: the runtime of a cluster that is made for the run.
        node_type: its machine type.
        workers: a number, or `(least, most)`; 0 is a single node.
        name: tasks whose clusters have one name share one cluster.
        environment_version: of serverless compute.

    Raises:
        SettingError: a value that cannot be, or two places to run at once.

    >>> DatabricksConfig(cluster_id="1120-abc").compute
    ExistingCluster(cluster_id='1120-abc')
    >>> DatabricksConfig().uri("landing", "raw.csv")
    '/Volumes/{catalog}/{schema}/landing/raw.csv'
    """

    cloud: ClassVar[str] = DATABRICKS

    cluster_id: str | None = None
    spark_version: str | None = None
    node_type: str | None = None
    workers: int | tuple[int, int] = 1
    name: str = "main"
    environment_version: str | None = None

    def __post_init__(self) -> None:
        self.check_texts(optional=(*_CLUSTER, "environment_version"))
        made = self.spark_version is not None or self.node_type is not None
        given = [self.cluster_id is not None, made, self.environment_version is not None]
        if sum(given) > 1:
            hint = "Give cluster_id, or spark_version and node_type, or environment_version."
            raise located(SettingError("DatabricksConfig() names more than one place to run", hint=hint))
        if made and (self.spark_version is None or self.node_type is None):
            raise located(SettingError("DatabricksConfig(): a cluster needs both spark_version and node_type"))
        try:
            # What is wrong with a cluster is told where it is configured.
            _ = self.compute
        except SettingError as error:
            raise located(error) from None

    @property
    def compute(self) -> Compute:
        """What tasks on it run on; serverless where no cluster is named."""
        if self.cluster_id is not None:
            return existing_cluster(self.cluster_id)
        if self.spark_version is not None and self.node_type is not None:
            return job_cluster(self.spark_version, self.node_type, workers=self.workers, name=self.name)
        return Serverless() if self.environment_version is None else Serverless(self.environment_version)

    def uri(self, bucket: str, path: str) -> str:
        """The path in a volume."""
        levels = bucket.split(".")
        if len(levels) not in {1, _LEVELS}:
            wanted = "a volume, or catalog.schema.volume"
            raise located(SettingError.wrong("Provider.bucket()", "bucket", bucket, wanted=wanted))
        catalog, schema, volume = levels if len(levels) == _LEVELS else ("{catalog}", "{schema}", bucket)
        return f"/Volumes/{catalog}/{schema}/{volume}/{path}"
