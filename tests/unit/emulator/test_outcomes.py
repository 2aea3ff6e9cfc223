"""What a result says."""

import pytest

from lakewright.emulator.outcomes import Attempt, IsolatedResult, Outcome
from lakewright.errors.running import TaskFailedError, TimedOutError
from lakewright.io.paths import RunPaths
from lakewright.model.states import State

DONE = Outcome(
    state=State.SUCCESS, attempts=(Attempt(number=1, state=State.SUCCESS, seconds=1.5, exit_code=0, log="a/1"),)
)
LOST = Outcome(
    state=State.FAILED,
    attempts=(
        Attempt(number=1, state=State.FAILED, log="b/1"),
        Attempt(number=2, state=State.FAILED, reason="a value is missing"),
    ),
    reason="a value is missing",
)
LATE = Outcome(state=State.TIMED_OUT, reason="did not end within 1 s")


def result(*leaves: str, **outcomes: Outcome) -> IsolatedResult:
    return IsolatedResult(job="j", paths=RunPaths("r", "j", "1"), outcomes=outcomes, leaves=leaves, seconds=1.0)


def test_a_failure_that_a_leaf_handled_is_a_success_on_the_platform_only() -> None:
    handled = result("tidy", load=LOST, tidy=DONE)
    assert (handled.status, handled.leaf_status) == ("failed", "success")
    assert handled.states == {"load": "failed", "tidy": "success"}


def test_a_run_without_failures_raises_nothing() -> None:
    result("load", load=DONE).raise_for_status()


def test_the_first_failure_is_raised_with_its_log() -> None:
    with pytest.raises(TaskFailedError, match=r"task 'load' failed after 2 attempts: .*a value is missing") as caught:
        result("load", done=DONE, load=LOST, late=LATE).raise_for_status()
    assert "log b/1" in str(caught.value)


def test_a_task_that_took_too_long_is_told_apart() -> None:
    with pytest.raises(TaskFailedError) as caught:
        result("late", late=LATE).raise_for_status()
    assert isinstance(caught.value.__cause__, TimedOutError)


def test_the_log_is_that_of_the_last_process_that_started() -> None:
    assert LOST.log == "b/1"
    assert Outcome(state=State.EXCLUDED).log == ""


def test_the_log_of_a_for_each_is_that_of_its_first_failed_iteration() -> None:
    loop = Outcome(state=State.FAILED, iterations=(DONE, LATE, LOST))
    assert loop.log == "b/1"


def test_seconds_are_those_of_each_attempt() -> None:
    assert DONE.seconds == (1.5,)
