"""Where a task runs on the platform: exactly one of serverless, a job cluster, an existing cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

# Source: Databricks release notes of the runtimes and of the serverless environment versions, November 2026.
PYTHON_OF_ENVIRONMENT: Final = {"1": "3.10", "2": "3.11", "3": "3.12", "4": "3.12", "5": "3.12"}
PYTHON_OF_RUNTIME: Final = {"14.3": "3.10", "15.4": "3.11", "16.4": "3.12", "17.3": "3.12"}


@dataclass(frozen=True, slots=True)
class Serverless:
    """Serverless compute with an environment version, which fixes the Python."""

    environment_version: str = "5"

    @property
    def python(self) -> str | None:
        """The Python that tasks run with; None for a version this release does not know."""
        return PYTHON_OF_ENVIRONMENT.get(self.environment_version)


@dataclass(frozen=True, slots=True)
class JobCluster:
    """A cluster that is made for the run and shared by the tasks that name it."""

    name: str
    spark_version: str
    node_type: str
    workers: int | tuple[int, int]
    databricks: str = "{}"

    @property
    def python(self) -> str | None:
        """The Python that tasks run with; None for a runtime this release does not know."""
        return PYTHON_OF_RUNTIME.get(".".join(self.spark_version.split(".")[:2]))


@dataclass(frozen=True, slots=True)
class ExistingCluster:
    """An all-purpose cluster that is already there."""

    cluster_id: str

    @property
    def python(self) -> str | None:
        """Unknown: the cluster is made elsewhere."""
        return None


Compute: TypeAlias = Serverless | JobCluster | ExistingCluster
KINDS: Final = (Serverless, JobCluster, ExistingCluster)


def serverless(environment_version: str = "5") -> Serverless:
    """Serverless compute.

    Args:
        environment_version: `"1"` (Python 3.10), `"2"` (3.11), `"3"` to `"5"` (3.12).

    >>> serverless("2").python
    '3.11'
    """
    return Serverless(str(environment_version))


def existing_cluster(cluster_id: str) -> ExistingCluster:
    """An all-purpose cluster by its id."""
    if not cluster_id:
        message = "existing_cluster() needs the cluster's id"
        raise ValueError(message)
    return ExistingCluster(cluster_id)


def job_cluster(
    spark_version: str,
    node_type: str,
    *,
    workers: int | tuple[int, int] = 1,
    name: str = "main",
    databricks: dict[str, object] | None = None,
) -> JobCluster:
    """A cluster of the run's own.

    Args:
        spark_version: the runtime, such as `"16.4.x-scala2.12"`.
        node_type: the cloud's machine type.
        workers: a number, or `(least, most)` for autoscaling; 0 is a single node.
        name: tasks whose clusters have one name share one cluster.
        databricks: any other field of Databricks' `new_cluster`, by its own name.

    >>> job_cluster("16.4.x-scala2.12", "Standard_D4ds_v5").python
    '3.12'
    """
    # The JSON codec is only needed where a cluster is described.
    from lakewright.model.values import canonical

    least, most = workers if isinstance(workers, tuple) else (workers, workers)
    if not 0 <= least <= most:
        message = f"job_cluster(workers={workers!r}): workers is a number, 0 or more, or (least, most)"
        raise ValueError(message)
    return JobCluster(name, spark_version, node_type, workers, canonical(databricks or {}))
