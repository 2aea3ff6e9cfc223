import pytest

from lakewright.errors.running import TimedOutError
from lakewright.execution.attempts import Ended
from lakewright.model.record import CommitRecord
from lakewright.model.states import State

RECORD = CommitRecord("daily", "r1", "clean", 2, None)


@pytest.mark.parametrize(
    ("ended", "interrupted", "state"),
    [
        (Ended("clean", 1, 0.5, RECORD), False, State.SUCCESS),
        (Ended("clean", 1, 0.5, RECORD), True, State.SUCCESS),
        (Ended("clean", 1, 0.5, error=ValueError("x")), False, State.FAILED),
        (Ended("clean", 1, 0.5, error=TimedOutError("too long")), False, State.TIMED_OUT),
        (Ended("clean", 1, 0.5, error=KeyboardInterrupt()), False, State.FAILED),
        (Ended("clean", 1, 0.5, error=KeyboardInterrupt()), True, State.CANCELLED),
    ],
)
def test_what_was_raised_and_whether_the_user_asked_say_how_a_task_has_ended(
    ended: Ended, state: State, *, interrupted: bool
) -> None:
    assert ended.state(interrupted=interrupted) is state


def test_an_outcome_has_the_seconds_of_all_attempts_and_the_record_of_the_last() -> None:
    outcome = Ended("clean", 2, 0.25, RECORD).outcome((0.5, 0.25), cache="its inputs are not kept", interrupted=False)
    assert (outcome.state, outcome.attempts, outcome.last_attempt) == (State.SUCCESS, 2, 2)
    assert (outcome.record, outcome.cache) == (RECORD, "its inputs are not kept")


def test_an_iteration_is_called_by_its_index() -> None:
    assert [Ended("clean", 1, 0.5, iteration=index).name for index in (None, 0, 3)] == ["clean", "clean.0", "clean.3"]
