# Bodies are typed as if tasks ran.
# mypy: disable-error-code="unreachable,comparison-overlap"
from enum import Enum
from typing import Literal

import pytest

from lakewright.authoring.body import Body
from lakewright.authoring.choices import values_of
from lakewright.errors.authoring import LoopError
from lakewright.model.parameter import ParameterType
from tests.branches import needs_branches
from tests.unit.authoring.sample_tasks import clean, lists, load
from tests.unit.authoring.traced import dag_of

pytestmark = needs_branches


class Level(Enum):
    LOW = "low"
    HIGH = "high"


def test_types_of_few_values_are_known() -> None:
    assert values_of(ParameterType(kind="bool")) == [True, False]
    assert values_of(ParameterType(kind="literal", choices=("a", "b"), optional=True)) == ["a", "b", None]
    assert values_of(ParameterType(kind="int")) == []


def test_a_value_that_is_ruled_out_is_not_asked_again() -> None:
    def body(level: Level, mode: Literal["a", "b"]) -> None:
        if level == Level.LOW:
            load(1)
        elif level == Level.HIGH:
            load(2)
        else:
            load.named("never")(3)
        if mode == "a" or mode == "b":  # noqa: PLR1714  two questions
            load.named("always")(4)

    dag = dag_of(body)
    assert "never" not in dag.nodes
    assert dag.task("always").when == ()


def test_the_same_question_has_one_answer_on_a_way() -> None:
    def body(month: int) -> None:
        rows = load(month)
        if month > 6:
            rows = clean(rows)
        if month > 6:
            clean(rows)

    dag = dag_of(body)
    assert [key for key in dag.nodes if key.startswith("if_")] == ["if_month_above_6"]


def test_values_that_are_given_decide_before_anything_is_asked() -> None:
    def body(month: int, last: int, mode: str) -> None:
        if month < last and mode == "full":
            load.named("one")(1)
        else:
            load.named("other")(2)

    known = Body(body, name="daily", known={"month": 1, "last": 2})
    assert known.trace().dag.nodes == ("if_mode_is_full", "one", "other")
    assert known.specialised({"mode": "quick"}).trace().dag.nodes == ("other",)


def test_a_condition_on_an_element_is_refused() -> None:
    def body() -> None:
        for rows in lists([1]):
            if rows == [1]:
                clean(rows)

    with pytest.raises(LoopError, match="a condition on the element of a loop"):
        dag_of(body)
