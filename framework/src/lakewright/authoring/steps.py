"""Tasks of the framework's own, which loops and branches add to a DAG."""

from __future__ import annotations

from lakewright.authoring.task import TaskFunction


def given(value: list[object]) -> list[object]:
    """The value of a job parameter, as the output of a task."""
    return value


def decide(operator: str, left: object, right: object) -> bool:
    """How a comparison comes out that the platform cannot make itself."""
    from lakewright.authoring.conditions import answer

    return answer(operator, left, right)


def compared(left: str, right: str) -> bool:
    """What a condition task stands for where a function is asked for: the platform compares, and calls nothing."""
    return left == right


def decider(name: str) -> TaskFunction[[str, object, object], bool]:
    """The task that decides a comparison."""
    return TaskFunction(decide, name=name)


def listed_parameter(name: str) -> TaskFunction[[list[object]], list[object]]:
    """The task that gives the value of a list parameter."""
    return TaskFunction(given, name=name)
