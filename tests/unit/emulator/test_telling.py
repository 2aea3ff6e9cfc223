"""What an isolated run tells."""

from typing import Final

import pytest

from lakewright.emulator.outcomes import Attempt, Outcome
from lakewright.emulator.telling import Teller
from lakewright.execution.events import TaskEvent
from lakewright.model.states import State
from lakewright.text.exceptions import said

FAILED: Final = Attempt(number=3, state=State.FAILED, seconds=0.5, reason="it printed nothing (exit code 1)")


@pytest.fixture
def told() -> list[TaskEvent]:
    return []


@pytest.fixture
def tell(told: list[TaskEvent]) -> Teller:
    """A run whose earlier processes have tried `a` and `loop` twice."""
    return Teller(told.append, {"a": 2, "loop": 2})


def test_the_end_of_a_task_is_that_of_its_last_attempt(tell: Teller, told: list[TaskEvent]) -> None:
    tell.started("a", 3)
    tell.retrying("a", FAILED, 1.5)
    tell.ended("a", Outcome(state=State.FAILED, attempts=(FAILED,), reason=FAILED.reason))
    assert [(each.kind, each.attempt, each.seconds, each.wait) for each in told] == [
        ("started", 3, 0.0, 0.0),
        ("retrying", 3, 0.5, 1.5),
        ("ended", 3, 0.5, 0.0),
    ]
    assert told[2].reason == ""
    assert told[2].error
    assert said(told[2].error) == "ProcessFailedError: it printed nothing (exit code 1)"


def test_a_loop_or_condition_that_started_says_how_it_came_out(tell: Teller, told: list[TaskEvent]) -> None:
    tell.started("loop")
    tell.ended("loop", Outcome(state=State.SUCCESS, reason="3 iterations", took=2.0))
    assert [(each.attempt, each.seconds, each.summary, each.reason) for each in told] == [
        (3, 0.0, "", ""),
        (3, 2.0, "3 iterations", ""),
    ]


def test_a_task_that_did_not_run_says_why(tell: Teller, told: list[TaskEvent]) -> None:
    tell.ended("b", Outcome(state=State.UPSTREAM_FAILED, reason="upstream failed: a"))
    assert [(each.kind, each.state, each.reason) for each in told] == [
        ("ended", State.UPSTREAM_FAILED, "upstream failed: a")
    ]


def test_a_task_that_an_earlier_process_has_done_names_its_attempt(tell: Teller, told: list[TaskEvent]) -> None:
    tell.ended("a", Outcome(state=State.SUCCESS, reason="done before", rows=7))
    assert [(each.attempt, each.rows, each.reason, each.error) for each in told] == [(2, 7, "done before", None)]
