"""Databricks pipelines from plain Python functions: write tasks, run the DAG anywhere, deploy it as a bundle.

>>> from lakewright import job, task
>>> @task
... def extract() -> list[int]:
...     return [1, 2, 3]
>>> @task
... def total(values: list[int]) -> int:
...     return sum(values)
>>> @job
... def daily() -> int:
...     return total(extract())
>>> daily.dag.edges
(('extract', 'total'),)
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.authoring.bucket import Bucket as Bucket
    from lakewright.authoring.bucket import Destination as Destination
    from lakewright.authoring.bucket import Source as Source
    from lakewright.authoring.declaring import task as task
    from lakewright.authoring.parameters import job_start_date as job_start_date
    from lakewright.authoring.task import TaskFunction as TaskFunction
    from lakewright.errors.base import LakewrightError as LakewrightError
    from lakewright.errors.running import TaskFailedError as TaskFailedError
    from lakewright.execution.context import context as context
    from lakewright.execution.result import RunResult as RunResult
    from lakewright.execution.values import get_dbutils as get_dbutils
    from lakewright.execution.values import get_task_value as get_task_value
    from lakewright.execution.values import set_task_value as set_task_value
    from lakewright.io.base import IoManager as IoManager
    from lakewright.io.file import FileIo as FileIo
    from lakewright.io.memory import MemoryIo as MemoryIo
    from lakewright.model.compute import existing_cluster as existing_cluster
    from lakewright.model.compute import job_cluster as job_cluster
    from lakewright.model.compute import serverless as serverless
    from lakewright.model.retry import Retry as Retry
    from lakewright.model.trigger import Continuous as Continuous
    from lakewright.model.trigger import Cron as Cron
    from lakewright.model.trigger import FileArrival as FileArrival
    from lakewright.model.trigger import Periodic as Periodic
    from lakewright.pipelines.analysis import Analysis as Analysis
    from lakewright.pipelines.declaring import pipeline as pipeline
    from lakewright.pipelines.job import Job as Job
    from lakewright.pipelines.job import job as job
    from lakewright.pipelines.pipeline import Pipeline as Pipeline
    from lakewright.pipelines.provider import Provider as Provider

__version__ = "0.1.0"

_HOMES = {
    "Analysis": "lakewright.pipelines.analysis",
    "Bucket": "lakewright.authoring.bucket",
    "Continuous": "lakewright.model.trigger",
    "Cron": "lakewright.model.trigger",
    "Destination": "lakewright.authoring.bucket",
    "FileArrival": "lakewright.model.trigger",
    "FileIo": "lakewright.io.file",
    "IoManager": "lakewright.io.base",
    "Job": "lakewright.pipelines.job",
    "LakewrightError": "lakewright.errors.base",
    "MemoryIo": "lakewright.io.memory",
    "Periodic": "lakewright.model.trigger",
    "Pipeline": "lakewright.pipelines.pipeline",
    "Provider": "lakewright.pipelines.provider",
    "Retry": "lakewright.model.retry",
    "RunResult": "lakewright.execution.result",
    "Source": "lakewright.authoring.bucket",
    "TaskFailedError": "lakewright.errors.running",
    "TaskFunction": "lakewright.authoring.task",
    "context": "lakewright.execution.context",
    "existing_cluster": "lakewright.model.compute",
    "get_dbutils": "lakewright.execution.values",
    "get_task_value": "lakewright.execution.values",
    "job": "lakewright.pipelines.job",
    "job_cluster": "lakewright.model.compute",
    "job_start_date": "lakewright.authoring.parameters",
    "pipeline": "lakewright.pipelines.declaring",
    "serverless": "lakewright.model.compute",
    "set_task_value": "lakewright.execution.values",
    "task": "lakewright.authoring.declaring",
}

__all__ = [*_HOMES, "__version__"]  # noqa: PLE0604  computed from the one table of names


def __getattr__(name: str) -> object:
    """A public name, imported from its home when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        message = f"module 'lakewright' has no attribute '{name}'"
        raise AttributeError(message)
    # `importlib` is not needed by programs that never ask for a name.
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
