"""The references that the bundle (`${…}`) and the platform (`{{…}}`) fill in.

Sources: Databricks, "What is a dynamic value reference?" and "Substitutions and variables in bundles".
"""

from __future__ import annotations

import json
from typing import Final

from lakewright.model.binding import Constant, ParameterValue
from lakewright.model.invocation import ITEM, parameter_reference
from lakewright.model.names import resource_key
from lakewright.model.values import TAG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT: Final = "/Volumes/${var.catalog}/${var.schema}/${var.volume}"

_RUN: Final[Mapping[str, str]] = {
    "run_id": "{{job.run_id}}",
    "attempt": "{{task.execution_count}}",
    "target": "${bundle.target}",
    "root": ROOT,
    "data": "${var.data}",
    "catalog": "${var.catalog}",
    "schema": "${var.schema}",
}


ITEM_REFERENCE: Final = "{{input}}"


def task_value(task: str, name: str) -> str:
    """The value that a task has set; keys that are no identifiers are quoted.

    >>> task_value("load", "lw_items"), task_value("load-all", "lw_items")
    ('{{tasks.load.values.lw_items}}', '{{tasks.`load-all`.values.lw_items}}')
    """
    return f"{{{{tasks.{_quoted(task)}.values.{name}}}}}"


def references(parameters: Iterable[str]) -> dict[str, str]:
    """The reference for each value of an invocation."""
    return {**_RUN, ITEM: ITEM_REFERENCE, **{parameter_reference(name): job_parameter(name) for name in parameters}}


def job_parameter(name: str) -> str:
    """The value of a job parameter; names that are no identifiers are quoted.

    >>> job_parameter("month"), job_parameter("a-b")
    ('{{job.parameters.month}}', '{{job.parameters.`a-b`}}')
    """
    return f"{{{{job.parameters.{_quoted(name)}}}}}"


def job_id(name: str) -> str:
    """The id of a job of the same bundle.

    >>> job_id("daily-sales EU")
    '${resources.jobs.daily_sales_EU.id}'
    """
    return f"${{resources.jobs.{resource_key(name)}.id}}"


def parameter_text(binding: Constant | ParameterValue) -> str:
    """The text that a job parameter is given.

    >>> parameter_text(Constant('{"~":"date","v":"2013-01-31"}')), parameter_text(Constant("null"))
    ('2013-01-31', '')
    """
    if isinstance(binding, ParameterValue):
        return job_parameter(binding.name)
    value = json.loads(binding.encoded)
    if isinstance(value, dict) and TAG in value:
        value = value["v"][-1] if value[TAG] == "Enum" else value["v"]
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _quoted(name: str) -> str:
    return name if name.isidentifier() else f"`{name}`"
