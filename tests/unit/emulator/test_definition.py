"""When another attempt follows, and which tasks decide."""

import pytest

from lakewright.emulator.definition import UNLIMITED, EmulatedJob, EmulatedTask, Process, Retries
from lakewright.model.judging import Need
from lakewright.model.states import State


def task(key: str, *needs: str) -> EmulatedTask:
    return EmulatedTask(key=key, work=Process(()), needs=tuple(Need(need) for need in needs))


def test_the_interval_counts_from_the_start_of_the_failed_attempt() -> None:
    retries = Retries(more=2, interval=5.0)
    assert retries.wait(1, State.FAILED, seconds=2.0) == 3.0
    assert retries.wait(2, State.FAILED, seconds=9.0) == 0.0


def test_no_attempt_follows_the_last() -> None:
    assert Retries(more=2).wait(3, State.FAILED, seconds=0.0) is None
    assert Retries().wait(1, State.FAILED, seconds=0.0) is None


@pytest.mark.parametrize("asked", [False, True])
def test_a_timeout_is_followed_by_another_attempt_only_where_asked_for(*, asked: bool) -> None:
    wait = Retries(more=1, on_timeout=asked).wait(1, State.TIMED_OUT, seconds=1.0)
    assert (wait is not None) == asked


def test_unlimited_retries_end_here() -> None:
    retries = Retries(more=None)
    assert retries.wait(UNLIMITED, State.FAILED, seconds=0.0) == 0.0
    assert retries.wait(UNLIMITED + 1, State.FAILED, seconds=0.0) is None


def test_leaves_are_the_tasks_that_no_other_needs() -> None:
    job = EmulatedJob(name="daily", tasks=(task("a"), task("b", "a"), task("c", "a"), task("d", "c")))
    assert job.leaves == ("b", "d")
