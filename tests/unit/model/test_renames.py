from typing import Any

from lakewright.model.described_job import DescribedJob, DescribedTask
from lakewright.model.renames import renamed_jobs, renamed_tasks


def task(key: str, function: str = "", *needs: str, **fields: str) -> DescribedTask:
    called = {"function": function} if function else {}
    return DescribedTask(key=key, fields={**called, **fields}, needs=dict.fromkeys(needs, ""))


def job(*tasks: DescribedTask) -> DescribedJob:
    return DescribedJob(key="daily", fields={}, tasks=tasks)


def of_keys(*keys: str) -> dict[str, Any]:
    return {"tasks": [{"task_key": key} for key in keys]}


def test_a_job_whose_tasks_are_those_of_one_that_went_has_another_name() -> None:
    before = {"nightly": of_keys("a", "b"), "kept": of_keys("a", "b"), "gone": of_keys("c")}
    after = {"daily": of_keys("b", "a"), "kept": of_keys("a", "b")}
    assert renamed_jobs(before, after) == {"daily": "nightly"}


def test_two_jobs_that_look_alike_are_not_told_apart() -> None:
    before = {"one": of_keys("a"), "two": of_keys("a")}
    assert renamed_jobs(before, {"three": of_keys("a")}) == {}


def test_a_task_that_is_all_that_another_was_is_that_one() -> None:
    old = job(task("clean", "m:clean", retries="2"), task("other", "m:clean", retries="0"))
    new = job(task("tidy", "m:clean", retries="2"), task("other", "m:clean", retries="0"))
    assert renamed_tasks(old, new) == {"clean": "tidy"}


def test_else_its_function_says_so() -> None:
    assert renamed_tasks(job(task("a", "m:clean", retries="1")), job(task("b", "m:clean", retries="2"))) == {"a": "b"}


def test_else_its_place_between_the_others() -> None:
    old = job(task("load", "m:load"), task("clean", "m:clean", "load"), task("report", "m:report", "clean"))
    new = job(task("load", "m:load"), task("tidy", "m:tidy", "load"), task("report", "m:report", "tidy"))
    assert renamed_tasks(old, new) == {"clean": "tidy"}


def test_a_task_in_the_same_place_of_another_module_is_another() -> None:
    old = job(task("load", "m:load"), task("clean", "m:clean", "load"))
    new = job(task("load", "m:load"), task("tidy", "other:tidy", "load"))
    assert renamed_tasks(old, new) == {}


def test_a_chain_is_followed_from_what_is_known() -> None:
    old = job(task("a", "m:a"), task("b", "m:b", "a"), task("c", "m:c", "b"))
    new = job(task("x", "m:a"), task("y", "m:why", "x"), task("c", "m:c", "y"))
    assert renamed_tasks(old, new) == {"a": "x", "b": "y"}


def test_of_several_that_could_be_meant_none_is() -> None:
    old = job(task("a", "m:load", retries="1"))
    new = job(task("b", "m:load", retries="2"), task("c", "m:load", retries="3"))
    assert renamed_tasks(old, new) == {}
