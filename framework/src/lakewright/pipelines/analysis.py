"""What can be said of a pipeline without running a task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lakewright.pipelines.provider import ExecutionResource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.authoring.call import AnyTask
    from lakewright.model.dag import Dag
    from lakewright.model.storage import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A pipeline as it is written.

    Attributes:
        dag: its tasks and what flows between them.
        executors: the resources that tasks are bound to, by task key; a plain `@task` has none.
        method: `dynamic`: the body was traced.
    """

    dag: Dag
    executors: Mapping[str, ExecutionResource]
    method: Literal["dynamic"] = "dynamic"

    @property
    def data_sources(self) -> tuple[Storage, ...]:
        """The buckets that it reads."""
        return self.dag.sources

    @property
    def data_sinks(self) -> tuple[Storage, ...]:
        """The buckets that it writes to."""
        return self.dag.sinks


def traced(dag: Dag, functions: Mapping[str, AnyTask]) -> Analysis:
    """What tracing a body has told.

    Args:
        dag: what it describes.
        functions: the task functions behind its keys.
    """
    resources = {key: function.resource for key, function in functions.items()}
    bound = {key: resource for key, resource in resources.items() if isinstance(resource, ExecutionResource)}
    return Analysis(dag=dag, executors=bound)
