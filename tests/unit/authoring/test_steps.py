import pytest

from lakewright.authoring.step import Step
from lakewright.authoring.steps import compared, decide, decider, given, listed_parameter
from lakewright.errors.authoring import SettingError
from tests.branches import needs_branches
from tests.unit.authoring.sample_tasks import load
from tests.unit.authoring.traced import dag_of


def test_a_decision_is_what_python_answers() -> None:
    assert decide("in", 1, [1, 2])
    assert decide("truth", "", None) is False
    assert decider("decide_month")("<", 1, 2)


def test_a_list_parameter_is_handed_on_as_it_is() -> None:
    assert given([1, "a"]) == [1, "a"]
    assert listed_parameter("files").name == "files"


def test_a_condition_compares_texts() -> None:
    assert compared("a", "a")
    assert not compared("1", "1.0")


def test_steps_are_told_apart_by_what_they_are_not_by_what_they_hold() -> None:
    assert Step("a", None) != Step("a", None)


@needs_branches
def test_a_rule_of_its_own_behind_a_condition_is_refused() -> None:
    def body(month: int) -> None:
        if month == 1:
            load.options(run_if="all_done")(1)

    with pytest.raises(SettingError, match="run_if='all_done' and stands behind a condition"):
        dag_of(body)


def test_a_rule_of_its_own_without_a_condition_is_kept() -> None:
    def body() -> None:
        load.after(load(1)).options(run_if="all_done")(2)

    dag = dag_of(body)
    assert dag.task("load__2").settings.run_if == "all_done"
