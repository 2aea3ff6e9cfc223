"""Which failed attempts are followed by another one, and when; time is what the test says."""

from dataclasses import replace
from pathlib import Path

from lakewright import Retry, job, task
from lakewright.errors.raised import Raised
from lakewright.errors.running import ProcessFailedError, TimedOutError
from lakewright.execution.attempts import Ended
from lakewright.execution.retrying import Retries
from lakewright.model.target import TargetValues
from lakewright.pipelines.arguments import plan


@task
def step() -> int:
    return 1


@job
def daily() -> None:
    step.named("flaky").options(retries=Retry(3, delay=10, backoff=3))()
    step.named("steady").options(retries=Retry(1, delay=25))()
    step.named("once")()
    step.named("choosy").options(retries=Retry(9, on=OSError))()
    step.named("chancy").options(retries=Retry(9, delay=100, jitter=0.5))()


def retries(tmp_path: Path, **tried: int) -> Retries:
    planned = plan(daily.body, {}, target=TargetValues(root=str(tmp_path)))
    return Retries(replace(planned, tried=tried))


def failed(key: str, attempt: int = 1) -> Ended:
    return Ended(key, attempt, 0.1, error=ConnectionError())


def test_as_many_attempts_follow_as_the_task_asks_for(tmp_path: Path) -> None:
    waiting = retries(tmp_path)
    assert [waiting.follows(failed("flaky", attempt)) for attempt in (1, 3, 4)] == [True, True, False]
    assert not waiting.follows(failed("once"))
    assert not waiting.follows(Ended("flaky", 1, 0.1))


def test_attempts_of_an_earlier_process_are_not_counted(tmp_path: Path) -> None:
    waiting = retries(tmp_path, flaky=4)
    assert waiting.follows(failed("flaky", 5))
    assert waiting.put(failed("flaky", 5), now=0.0) == 10


def test_an_attempt_is_due_when_its_wait_is_over_and_waits_grow(tmp_path: Path) -> None:
    waiting = retries(tmp_path)
    assert waiting.wait(now=100.0) is None
    assert waiting.put(failed("flaky"), now=100.0) == 10
    assert waiting.due(now=109.9) is None
    assert waiting.wait(now=104.0) == 6
    following = waiting.due(now=110.0)
    assert following is not None
    assert (following.key, following.attempt) == ("flaky", 2)
    assert not waiting
    assert [waiting.put(failed("flaky", attempt), now=0.0) for attempt in (2, 3)] == [30, 90]


def test_the_earliest_is_due_first_whoever_failed_first(tmp_path: Path) -> None:
    waiting = retries(tmp_path)
    waiting.put(failed("steady"), now=0.0)
    waiting.put(failed("flaky"), now=1.0)
    due = [waiting.due(now=100.0), waiting.due(now=100.0)]
    assert [following and following.key for following in due] == ["flaky", "steady"]


def test_a_wait_that_is_over_is_no_negative_wait(tmp_path: Path) -> None:
    waiting = retries(tmp_path)
    waiting.put(failed("flaky"), now=0.0)
    assert waiting.wait(now=500.0) == 0


def test_what_is_dropped_is_told_and_waits_no_more(tmp_path: Path) -> None:
    waiting = retries(tmp_path)
    waiting.put(failed("flaky"), now=0.0)
    assert [following.key for following in waiting.drop()] == ["flaky"]
    assert waiting.due(now=100.0) is None


def test_only_errors_that_the_task_names_are_followed(tmp_path: Path) -> None:
    waiting = retries(tmp_path)
    raised = Raised("", ("requests.Timeout", "OSError", "Exception"))
    found = (ConnectionError(), ValueError(), TimedOutError("late"), ProcessFailedError("", raised=raised))
    assert [waiting.follows(Ended("choosy", 1, 0.1, error=error)) for error in found] == [True, False, True, True]
    assert not waiting.follows(Ended("choosy", 1, 0.1, error=ProcessFailedError("it died")))


def test_a_wait_that_is_left_to_chance_is_shorter_by_that(tmp_path: Path) -> None:
    chances = iter((0.0, 0.5, 1.0))
    planned = plan(daily.body, {}, target=TargetValues(root=str(tmp_path)))
    waiting = Retries(replace(planned, chance=lambda: next(chances)))
    assert [waiting.put(failed("chancy"), now=0.0) for _ in range(3)] == [100, 75, 50]
    assert waiting.put(failed("flaky"), now=0.0) == 10


def test_chance_is_a_number_from_0_to_1(tmp_path: Path) -> None:
    planned = plan(daily.body, {}, target=TargetValues(root=str(tmp_path)))
    assert all(0 <= planned.chance() < 1 for _ in range(100))
