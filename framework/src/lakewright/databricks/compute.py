"""Where tasks run, as fields of a job and of its tasks."""

from __future__ import annotations

import json
from typing import TypeAlias

from lakewright.model.compute import ExistingCluster, JobCluster, Serverless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from lakewright.model.compute import Compute
    from lakewright.model.job import JobSettings
    from lakewright.model.task import Task

Json: TypeAlias = "dict[str, object]"

# Without these a cluster that has no workers waits for some.
# Source: databricks/cli, bundle/config/validate/single_node_cluster.go.
SINGLE_NODE = {
    "spark_conf": {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"},
    "custom_tags": {"ResourceClass": "SingleNode"},
}

# Source: Databricks, "Install libraries from a package repository": requirements.txt files, Databricks Runtime 15.0.
_FIRST_WITH_REQUIREMENTS = 15

COMPUTE_FIELDS = ("existing_cluster_id", "new_cluster", "job_cluster_key", "environment_key")


def task_compute(compute: Compute, settings: JobSettings) -> Json:
    """The fields of a task that say where it runs and with which wheels.

    On serverless the wheels belong to the environment. There the platform retries on its own unless told not to, so
    that `retries=n` would not mean n.
    """
    if isinstance(compute, Serverless):
        return {"environment_key": environment_key(compute), "disable_auto_optimization": True}
    listed = _libraries(compute, settings)
    wheels = {"libraries": listed} if listed else {}
    if isinstance(compute, ExistingCluster):
        return {"existing_cluster_id": compute.cluster_id, **wheels}
    return {"job_cluster_key": compute.name, **wheels}


def environment_key(compute: Serverless) -> str:
    """The name under which a job's tasks share an environment."""
    return f"serverless_{compute.environment_version}"


def environments(computes: Iterable[Compute], settings: JobSettings) -> list[Json]:
    """The serverless environments of a job, each once.

    Their dependencies are lines for pip. What is pinned is all there is: nothing may come from an index beside it.
    """
    pinned = settings.pinned
    dependencies = ["--no-index", *pinned.wheels] if pinned else settings.libraries
    distinct = dict.fromkeys(compute for compute in computes if isinstance(compute, Serverless))
    return [
        {
            "environment_key": environment_key(compute),
            "spec": {"environment_version": compute.environment_version, "dependencies": list(dependencies)},
        }
        for compute in distinct
    ]


def _libraries(compute: Compute, settings: JobSettings) -> list[Json]:
    """The libraries of a task on a cluster: one file for pip where the runtime reads it, else wheel by wheel."""
    pinned = settings.pinned
    if pinned is None:
        return [{"whl": path} for path in settings.libraries]
    if isinstance(compute, JobCluster) and _takes_requirements(compute):
        return [{"requirements": pinned.requirements}]
    return [{"whl": path} for path in pinned.wheels]


def _takes_requirements(compute: JobCluster) -> bool:
    major = compute.spark_version.partition(".")[0]
    return major.isdecimal() and int(major) >= _FIRST_WITH_REQUIREMENTS


def job_clusters(computes: Iterable[Compute]) -> list[Json]:
    """The clusters that a job makes, each once."""
    distinct = dict.fromkeys(compute for compute in computes if isinstance(compute, JobCluster))
    return [{"job_cluster_key": compute.name, "new_cluster": new_cluster(compute)} for compute in distinct]


def new_cluster(compute: JobCluster) -> Json:
    """The description of a cluster; what the user says of a field counts, and adds to Spark's settings and the tags."""
    described: dict[str, Any] = {
        "spark_version": compute.spark_version,
        "node_type_id": compute.node_type,
        "data_security_mode": "SINGLE_USER",
        **_size(compute.workers),
    }
    for field, value in json.loads(compute.databricks).items():
        described[field] = {**described[field], **value} if isinstance(described.get(field), dict) else value
    return described


def _size(workers: int | tuple[int, int]) -> Json:
    if isinstance(workers, tuple):
        return {"autoscale": {"min_workers": workers[0], "max_workers": workers[1]}}
    return {"num_workers": workers, **(SINGLE_NODE if workers == 0 else {})}


def names_compute(task: Task) -> bool:
    """Whether a task's own Databricks fields say where it runs."""
    return any(field in json.loads(task.settings.databricks) for field in COMPUTE_FIELDS)
