# Bodies are typed as if tasks ran.
# mypy: disable-error-code="unreachable,comparison-overlap"
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, TypedDict

import pytest

from lakewright.authoring.conditions import IN, TRUTH, Comparison, answer, is_comparable
from lakewright.errors.authoring import HandleError
from lakewright.model.binding import Constant, ParameterValue
from tests.branches import needs_branches
from tests.unit.authoring.sample_tasks import load, two
from tests.unit.authoring.traced import dag_of


class Level(Enum):
    LOW = "low"


class Row(TypedDict):
    rows: list[int]


@pytest.mark.parametrize(
    "annotation", [int, str | None, list[date], dict[str, Decimal], tuple[int, ...], Literal["a"], Level, Row, bytes]
)
def test_what_is_json_or_as_good_can_be_compared(annotation: object) -> None:
    assert is_comparable(annotation)


@pytest.mark.parametrize("annotation", [object, None, Any, list[object], set[int], int | set[int]])
def test_anything_else_cannot(annotation: object) -> None:
    assert not is_comparable(annotation)


def test_answers_are_those_of_python() -> None:
    assert answer("<=", 1, 1)
    assert answer(IN, 2, [1, 2])
    assert not answer(TRUTH, [], None)
    assert not answer("==", "1", 1)


def test_a_comparison_reads_as_its_author_would_write_it() -> None:
    assert str(Comparison("==", ParameterValue("mode"), Constant('"full"'))) == "mode == 'full'"
    assert str(Comparison(TRUTH, ParameterValue("mode"), Constant("null"))) == "mode"


def test_a_condition_can_be_tested_and_nothing_else() -> None:
    def body(month: int) -> None:
        two(f"{month == 1}")

    with pytest.raises(HandleError, match="'month == 1' is known only when the job runs"):
        dag_of(body)


@needs_branches
def test_not_equal_is_the_other_outcome_of_equal() -> None:
    def body(month: int) -> None:
        if month != 1:
            load(1)

    dag = dag_of(body)
    (when,) = dag.task("load").when
    assert when.outcome is False
    assert dag.task(when.task).description == "month == 1"
