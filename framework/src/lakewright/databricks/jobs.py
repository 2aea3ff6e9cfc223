"""A whole job definition."""

from __future__ import annotations

import json
from typing import TypeAlias

from lakewright.databricks.compute import environments, job_clusters
from lakewright.databricks.tasks import compute_of, task_definition
from lakewright.databricks.triggers import trigger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.job import JobDefinition

Json: TypeAlias = "dict[str, object]"


def job_definition(job: JobDefinition) -> Json:
    """A job as the platform takes it; equal jobs give equal definitions, in the same order.

    Args:
        job: a job without findings (`model.validation`).
    """
    settings = job.settings
    computes = [compute for task in job.dag.tasks if (compute := compute_of(job, task))]
    definition: Json = {
        "name": job.name,
        "description": settings.description,
        "tags": dict(settings.tags),
        "max_concurrent_runs": settings.max_concurrent_runs,
        "timeout_seconds": max(1, round(settings.timeout)) if settings.timeout else None,
        **trigger(settings.schedule),
        "parameters": [
            {"name": parameter.name, "default": parameter.default or ""} for parameter in job.dag.parameters
        ],
        "job_clusters": job_clusters(computes),
        "environments": environments(computes, settings),
        "tasks": [task_definition(job, task) for task in job.dag.tasks],
        **json.loads(settings.databricks),
    }
    return {field: value for field, value in definition.items() if value not in (None, "", [], {})}
