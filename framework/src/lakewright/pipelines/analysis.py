"""What can be said of a pipeline without running a task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lakewright.authoring.parameters import parameters_of
from lakewright.authoring.static.body import as_read
from lakewright.errors.base import LakewrightError
from lakewright.pipelines.arguments import checked_values, with_defaults
from lakewright.pipelines.provider import ExecutionResource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.authoring.body import Body
    from lakewright.authoring.tracing import Trace
    from lakewright.model.dag import Dag
    from lakewright.model.storage import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A pipeline as it is written.

    Attributes:
        dag: its tasks and what flows between them.
        executors: the resources that tasks are bound to, by task key; a plain `@task` has none.
        method: `static`: told from the source of the body, which was not run; `dynamic`: the body was traced.
        reason: why its source did not tell; empty if it did.

    >>> from lakewright import pipeline, task
    >>> @task
    ... def load(day: str) -> list[str]: ...
    >>> @pipeline
    ... def daily(day: str) -> list[str]:
    ...     return load(day)
    >>> found = daily.analyze(day="2013-01-31")
    >>> found.dag.nodes, found.method
    (('load',), 'static')
    """

    dag: Dag
    executors: Mapping[str, ExecutionResource]
    method: Literal["static", "dynamic"]
    reason: str = ""

    @property
    def data_sources(self) -> tuple[Storage, ...]:
        """The buckets that it reads."""
        return self.dag.sources

    @property
    def data_sinks(self) -> tuple[Storage, ...]:
        """The buckets that it writes to."""
        return self.dag.sinks


def analysed(body: Body, given: Mapping[str, object]) -> Analysis:
    """What the source of a body tells, or, where it does not tell, tracing it.

    Args:
        body: of the pipeline.
        given: values of its parameters: conditions on them are decided, and only what follows is part of the DAG.

    Raises:
        AuthoringError: the body does something that no DAG can say.
        ParameterError: no such parameter, or a value that is not of its type.
    """
    if given:
        body = body.specialised(checked_values(body, given, parameters_of(body.function, job=body.name)))
    try:
        return _told(as_read(body).trace(), given, method="static")
    except LakewrightError as error:
        # Whatever is wrong with the body, tracing says it best.
        return _told(body.trace(), given, method="dynamic", reason=error.message)


def _told(
    trace: Trace, given: Mapping[str, object], *, method: Literal["static", "dynamic"], reason: str = ""
) -> Analysis:
    resources = {key: function.resource for key, function in trace.functions.items()}
    executors = {key: resource for key, resource in resources.items() if isinstance(resource, ExecutionResource)}
    dag = with_defaults(trace.dag, given) if given else trace.dag
    return Analysis(dag=dag, executors=executors, method=method, reason=reason)
