"""Tasks of the framework's own, which loops and branches add to a DAG."""

from __future__ import annotations

from lakewright.authoring.task import TaskFunction


def given(value: list[object]) -> list[object]:
    """The value of a job parameter, as the output of a task."""
    return value


def listed_parameter(name: str) -> TaskFunction[[list[object]], list[object]]:
    """The task that gives the value of a list parameter."""
    return TaskFunction(given, name=name)
