from dataclasses import replace
from typing import Final

from lakewright.errors.base import Location
from lakewright.model.reference import Reference
from lakewright.model.states import Rule
from lakewright.model.task import DEFAULT_RULE, DEFAULTS, EXECUTORS, Task, When

TASK: Final = Task(key="clean", function=Reference("flights.tasks", "clean"), location=Location("jobs.py", 3))


def test_the_line_of_a_call_makes_no_other_task_of_it() -> None:
    assert replace(TASK, location=Location("jobs.py", 4)) == TASK
    assert hash(TASK) == hash(replace(TASK, location=None))


def test_a_task_that_says_nothing_runs_once_after_all_its_parents_have_succeeded() -> None:
    assert TASK.settings is DEFAULTS
    assert (DEFAULTS.retry.retries, DEFAULTS.timeout, DEFAULTS.cache) == (0, None, False)
    assert Rule(DEFAULTS.run_if) is Rule(DEFAULT_RULE) is Rule.ALL_SUCCESS
    assert DEFAULTS.executor not in EXECUTORS


def test_an_outcome_has_the_words_of_the_platform() -> None:
    assert [When("decide", outcome).text for outcome in (True, False)] == ["true", "false"]
