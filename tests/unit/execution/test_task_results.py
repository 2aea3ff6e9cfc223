import pytest

from lakewright.errors.running import MissingOutputError
from lakewright.execution.task_results import TaskResults

DONE = {"extract": [1, 2], "clean": None}
# The nearest first, as they are found.
UPSTREAM = ("clean", "failed", "extract")


def record(task: str) -> object:
    if task not in DONE and task != "elsewhere":
        raise MissingOutputError(task, run_id="r1", why="it is failed")
    return task


RESULTS = TaskResults({"day": "2013-01-31", "clean": "given"}, upstream=lambda: UPSTREAM, record=record, read=DONE.get)


def test_results_come_by_name_and_go_before_what_was_given() -> None:
    assert (RESULTS["extract"], RESULTS["clean"], RESULTS["day"]) == ([1, 2], None, "2013-01-31")


def test_what_failed_and_what_is_not_upstream_is_absent() -> None:
    assert "failed" not in RESULTS
    assert RESULTS.get("elsewhere", "absent") == "absent"
    with pytest.raises(KeyError, match="failed"):
        RESULTS["failed"]


def test_they_are_listed_with_the_farthest_first_each_once() -> None:
    assert list(RESULTS) == ["day", "clean", "extract"]
    assert len(RESULTS) == 3
    assert repr(RESULTS) == "<results of day, clean, extract>"


def test_nothing_is_handed_on_by_setting_it() -> None:
    with pytest.raises(TypeError, match=r"context\['x'\] cannot be set: what a task hands on is what it returns"):
        RESULTS["x"] = 1
