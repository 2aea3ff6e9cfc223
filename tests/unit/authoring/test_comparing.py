# Bodies are typed as if tasks ran.
# mypy: disable-error-code="unreachable,comparison-overlap"
from collections.abc import Callable
from typing import Any

import pytest

from lakewright import task
from tests.branches import needs_branches
from tests.unit.authoring.sample_tasks import load
from tests.unit.authoring.traced import dag_of

pytestmark = needs_branches


@task
def is_big(rows: list[int]) -> bool:
    return bool(rows)


@task
def count(rows: list[int]) -> int:
    return len(rows)


def text(mode: str) -> None:
    if mode == "full":
        load(1)


def number(month: int) -> None:
    if month >= 7:
        load(1)


def output() -> None:
    if count(load(1)) > 5:
        load(2)


def truth() -> None:
    if is_big(load(1)):
        load(2)


PLATFORM: dict[Callable[..., Any], str] = {
    text: "EQUAL_TO",
    number: "GREATER_THAN_OR_EQUAL",
    output: "GREATER_THAN",
    truth: "EQUAL_TO",
}


@pytest.mark.parametrize("body", PLATFORM, ids=lambda body: body.__name__)
def test_the_platforms_own_comparisons_are_conditions_alone(body: Callable[..., Any]) -> None:
    dag = dag_of(body)
    (condition,) = [each for each in dag.tasks if each.operator]
    assert condition.operator == PLATFORM[body]
    assert not any(key.startswith("decide_") for key in dag.nodes)


def reference(mode: str) -> None:
    if mode == "{{job.id}}":
        load(1)


def ordered_text(mode: str) -> None:
    if mode < "m":
        load(1)


def optional(month: int | None = None) -> None:
    if month > 7:  # type: ignore[operator]  # as users may write it
        load(1)


DECIDED = [reference, ordered_text, optional]


@pytest.mark.parametrize("body", DECIDED, ids=lambda body: body.__name__)
def test_all_others_are_decided_by_a_task_whose_output_is_tested(body: Callable[..., Any]) -> None:
    dag = dag_of(body)
    decide, condition, *_ = dag.nodes
    assert decide.startswith("decide_")
    assert dag.upstream(condition) == (decide,)
    assert dag.task(condition).operator == "EQUAL_TO"
