"""Where a task runs on the platform: exactly one of serverless, a job cluster, an existing cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from lakewright.errors.authoring import SettingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """A cluster that is made for the run and shared by the tasks that name it.

    Attributes:
        workers: a number, or least and most.
        databricks: any other field of `new_cluster`, as JSON.
    """

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
    """An all-purpose cluster by its id.

    Raises:
        SettingError: the id is empty or no text.

    >>> existing_cluster("1120-084512-a1b2c3").cluster_id
    '1120-084512-a1b2c3'
    """
    return ExistingCluster(_text("existing_cluster()", "cluster_id", cluster_id))


def job_cluster(
    spark_version: str,
    node_type: str,
    *,
    workers: int | tuple[int, int] = 1,
    name: str = "main",
    databricks: Mapping[str, object] | None = None,
) -> JobCluster:
    """A cluster of the run's own.

    Args:
        spark_version: the runtime, such as `"16.4.x-scala2.12"`.
        node_type: the cloud's machine type.
        workers: a number, or `(least, most)` for autoscaling; 0 is a single node.
        name: tasks whose clusters have one name share one cluster.
        databricks: any other field of Databricks' `new_cluster`, by its own name.

    Raises:
        SettingError: a value that cannot be.

    >>> job_cluster("16.4.x-scala2.12", "Standard_D4ds_v5").python
    '3.12'
    """
    # The JSON codec is only needed where a cluster is described.
    from lakewright.model.values import is_json, to_text

    owner = "job_cluster()"
    if not _is_count_or_range(workers):
        raise SettingError.wrong(owner, "workers", workers, wanted="a whole number, 0 or more, or (least, most)")
    fields = dict(databricks or {})
    if not is_json(fields):
        raise SettingError.wrong(owner, "databricks", databricks, wanted="a dict of fields with JSON values")
    return JobCluster(
        _text(owner, "name", name),
        _text(owner, "spark_version", spark_version),
        _text(owner, "node_type", node_type),
        workers,
        to_text(fields),
    )


def _is_count_or_range(workers: object) -> bool:
    match workers:
        case (int(least), int(most)):
            return 0 <= least <= most
        case int():
            return workers >= 0
        case _:
            return False


def _text(owner: str, name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SettingError.wrong(owner, name, value, wanted="a str that is not empty")
    return value
