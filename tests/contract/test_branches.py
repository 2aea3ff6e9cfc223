"""Branches: a run here, one of the generated definition, and Python itself give the same."""

# Bodies are written as users write them, and typed as if tasks ran.
# mypy: disable-error-code="unreachable"
# ruff: noqa: SIM108

from enum import Enum
from typing import Any, Final, Literal

import pytest

from lakewright import job
from tests.branches import needs_branches
from tests.contract.both import both, definition_of
from tests.contract.composed_tasks import (
    doubled,
    is_long,
    joined,
    length,
    names,
    numbers,
    shown,
    tidied,
    worded,
)

pytestmark = needs_branches


MODES: Final = ("full", "quick", "other")


class Speed(Enum):
    FAST = "f"
    SLOW = "s"


@job
def ways(mode: str = "full", text: str = "a bb") -> str:
    words = names(text)
    if mode == "full":
        result = joined(words, 1)
    elif mode == "quick":
        result = shown(mode)
    else:
        result = worded(text)
    return joined(result, mode)


@pytest.mark.parametrize("mode", MODES)
def test_only_the_tasks_of_the_way_that_is_gone_run(mode: str) -> None:
    gave = both(ways, mode=mode)
    assert gave.value == ways.body.function(mode, "a bb")
    ran = {key for key, state in gave.states.items() if state == "success"}
    assert {"joined", "shown", "worded"} & ran == {{"full": "joined", "quick": "shown"}.get(mode, "worded")}
    assert set(gave.states.values()) == {"success", "excluded"}


@pytest.mark.parametrize("text", ["a", "a bb ccc"])
def test_a_body_branches_on_what_a_task_gives(text: str) -> None:
    @job
    def measured(text: str) -> str:
        count = length(text)
        if count > 4:
            found = shown(count)
        else:
            found = worded(text)
        if is_long(found):
            return joined(found, "long")
        return found

    assert both(measured, text=text).value == measured.body.function(text)


@pytest.mark.parametrize(
    ("left", "right"), [("true", "true"), ("true", "false"), ("false", "true"), ("false", "false")]
)
def test_and_or_not_and_nested_conditions_are_those_of_python(left: str, right: str) -> None:
    @job
    def logic(left: bool, right: bool) -> tuple[Any, ...]:  # noqa: FBT001  parameters of a job
        base = numbers(2)
        either = shown("either") if left or right else shown("neither")
        if left and not right:
            base = numbers(3)
        elif right:
            if left:
                return joined(either), joined(base)
            base = numbers(4)
        return joined(either, 1), joined(base)

    assert both(logic, left=left, right=right).value == logic.body.function(left == "true", right == "true")


@pytest.mark.parametrize("number", ["-1", "0", "5", "10", "11"])
def test_numbers_are_compared_as_numbers_and_in_and_chains_work(number: str) -> None:
    @job
    def compared(number: int) -> str:
        if 0 <= number < 10:
            found = shown("digit")
        elif number in (-1, 11):
            found = shown("near")
        else:
            found = shown("far")
        return joined(found)

    assert both(compared, number=number).value == compared.body.function(int(number))


@pytest.mark.parametrize("speed", ["FAST", "SLOW"])
def test_parameters_with_few_values_are_not_explored_beyond_them(speed: str) -> None:
    @job
    def bounded(speed: Speed, level: Literal["low", "high"] = "low") -> str:
        if speed == Speed.FAST:
            found = shown("fast")
        elif speed == Speed.SLOW:
            found = shown("slow")
        else:
            message = "there is no other"
            raise ValueError(message)
        match level:
            case "low":
                return joined(found)
            case "high":
                return joined(found, "!")

    keys = [task.key for task in bounded.dag.tasks if task.operator]
    assert len(keys) == len(set(keys)) == 3
    assert both(bounded, speed=speed).value == bounded.body.function(Speed[speed])


@pytest.mark.parametrize("mode", MODES)
def test_a_side_without_a_task_is_the_outcome_itself(mode: str) -> None:
    @job
    def sided(mode: str) -> str:
        found = numbers(2)
        if mode == "full":
            found = numbers(3)
        return joined(found)

    assert both(sided, mode=mode).value == sided.body.function(mode)
    gate = next(task for task in definition_of(sided)["tasks"] if task["task_key"].startswith("gate_"))
    assert gate["run_if"] == "NONE_FAILED"
    assert {"task_key": "if_mode_is_full", "outcome": "false"} in gate["depends_on"]


@pytest.mark.parametrize("mode", MODES)
def test_branches_and_loops_go_together(mode: str) -> None:
    @job
    def looped(mode: str, text: str = "a bb") -> str:
        words = names(text)
        found = []
        for word in words:
            if mode == "full":
                number = length(word)
            else:
                number = length(word, plus=10)
            found.append(doubled(number))
        if mode == "quick":
            found = [doubled(number) for number in found]
        return joined(found)

    assert both(looped, mode=mode).value == looped.body.function(mode)


@pytest.mark.parametrize("mode", ["full", "xquick"])
def test_a_failure_on_one_way_stops_what_joins_and_spares_the_other(mode: str) -> None:
    @job
    def failing(mode: str) -> str:
        if mode == "full":
            found = length("fine")
        else:
            found = length("xbroken")
        tidied.after(found)()
        return joined(found)

    gave = both(failing, mode=mode)
    assert gave.states["joined"] == ("success" if mode == "full" else "upstream_failed")
    assert gave.states["tidied"] == "success"


def test_a_condition_that_fails_lets_neither_way_run() -> None:
    @job
    def unsure(text: str) -> str:
        if length("") > 0:
            return shown("first")
        if length(text) > 3:
            return shown("second")
        return shown("third")

    gave = both(unsure, text="x")
    assert {gave.states[key] for key in gave.states if key.startswith("shown")} <= {"excluded", "upstream_failed"}


@pytest.mark.parametrize("text", ["", "x", "abc"])
def test_try_finally_and_early_returns_are_one_call_at_their_place(text: str) -> None:
    @job
    def tried(text: str) -> str:
        try:
            if text == "x":
                return joined("early")
            found = shown(text)
        finally:
            worded("finally")
        return joined(found)

    assert [key for key in tried.dag.nodes if key.startswith("worded")] == ["worded"]
    assert both(tried, text=text).value == tried.body.function(text)


def test_the_three_conditions_of_the_platform_start_no_task() -> None:
    @job
    def direct(mode: str, number: int, speed: Speed) -> None:
        if mode == "full":
            shown(1)
        if number >= 3:
            shown(2)
        if is_long("a"):
            shown(3)
        if speed == Speed.FAST:
            shown(4)

    tasks = {task["task_key"]: task for task in definition_of(direct)["tasks"]}
    conditions = {key: task["condition_task"] for key, task in tasks.items() if "condition_task" in task}
    assert conditions == {
        "if_mode_is_full": {"op": "EQUAL_TO", "left": "{{job.parameters.mode}}", "right": "full"},
        "if_number_at_least_3": {"op": "GREATER_THAN_OR_EQUAL", "left": "{{job.parameters.number}}", "right": "3"},
        "if_is_long": {"op": "EQUAL_TO", "left": "{{tasks.is_long.values.lw_truth}}", "right": "true"},
        "if_speed_is_Speed_FAST": {
            "op": "EQUAL_TO", "left": "{{tasks.decide_speed_is_Speed_FAST.values.lw_truth}}", "right": "true",
        },
    }  # fmt: skip
    assert not any("environment_key" in tasks[key] for key in conditions)
