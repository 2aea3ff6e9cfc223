"""When the tasks of an isolated run that stops do not start any more."""

import asyncio
import time
from typing import Final

import pytest

from lakewright.emulator.stopping import Stop
from lakewright.model.states import Rule

LONG: Final = 60.0
FOR_FAILURES: Final = (Rule.ALL_DONE, Rule.ONE_FAILED, Rule.ALL_FAILED)


def test_a_run_that_does_not_stop_reaches_nothing() -> None:
    stop = Stop()
    assert (stop.reason, [stop.reaches(rule) for rule in Rule]) == ("", [False] * len(Rule))


def test_after_a_failure_only_what_is_there_for_failures_starts() -> None:
    stop = Stop()
    stop.ask("cancelled: a failed", everything=False)
    assert {rule for rule in Rule if not stop.reaches(rule)} == set(FOR_FAILURES)
    assert stop.reason == "cancelled: a failed"


def test_a_person_stops_everything_also_after_a_failure_has() -> None:
    stop = Stop()
    stop.ask("cancelled: a failed", everything=False)
    stop.ask("cancelled: the run was interrupted", everything=True)
    assert all(stop.reaches(rule) for rule in Rule)
    assert stop.reason == "cancelled: the run was interrupted"


@pytest.mark.parametrize(("rule", "waits"), [(Rule.ALL_SUCCESS, False), (Rule.ALL_DONE, True)])
def test_a_pause_ends_once_the_task_would_not_start_any_more(rule: Rule, *, waits: bool) -> None:
    async def paused() -> float:
        stop = Stop()
        asyncio.get_running_loop().call_later(0.01, lambda: stop.ask("cancelled", everything=False))
        started = time.monotonic()
        await stop.pause(rule, 0.3 if waits else LONG)
        return time.monotonic() - started

    took = asyncio.run(paused())
    assert (took >= 0.3) is waits
    assert took < LONG
