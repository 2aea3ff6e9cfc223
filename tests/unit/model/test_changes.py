import copy
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright import Cron, Job, job, task
from lakewright.databricks.jobs import job_definition
from lakewright.model.changes import FieldChange, JobChange, TaskChange, compare

Definition = dict[str, Any]


@task
def load(day: int) -> int:
    return day


@task
def clean(rows: int) -> int:
    return rows


@task
def scrub(rows: int) -> int:
    return rows


@task
def report(rows: int, *more: int) -> int:
    return rows + sum(more)


def definition(described: Job[..., Any]) -> Definition:
    return job_definition(described.definition)


@job(name="daily")
def before(day: int = 1) -> int:
    return report(clean(load(day)))


BEFORE: Final = definition(before)


def change(after: Job[..., Any], *, old: Definition = BEFORE) -> JobChange:
    """What has changed of the one job."""
    (compared,) = compare({"daily": old}, {"daily": definition(after)})
    return compared.change


def field(name: str, old: str | None, new: str | None) -> FieldChange:
    return FieldChange(field=name, old=old, new=new)


def test_equal_definitions_are_the_same() -> None:
    assert change(before) == JobChange(job="daily", change="same", size=3)


def test_a_field_is_told_with_what_it_was() -> None:
    @job(name="daily", schedule=Cron("0 6 * * *"), tags={"team": "ops"})
    def after(day: int = 2) -> int:
        return report(clean.options(retries=2)(load(day)))

    found = change(after)
    assert found.change == "changed"
    assert found.fields == (
        field("parameter day", "1", "2"),
        field("schedule.pause_status", None, "UNPAUSED"),
        field("schedule.quartz_cron_expression", None, "0 0 6 * * ?"),
        field("schedule.timezone_id", None, "UTC"),
        field("tags.team", None, "ops"),
    )
    assert found.tasks == (TaskChange(task="clean", change="changed", fields=(field("retries", "0", "2"),)),)


def test_a_new_task_is_told_with_what_it_comes_after() -> None:
    @job(name="daily")
    def after(day: int = 1) -> int:
        rows = clean(load(day))
        return report(rows, scrub(rows))

    scrubbed, reported = change(after).tasks
    assert (scrubbed.task, scrubbed.change, scrubbed.after) == ("scrub", "added", ("clean",))
    assert field("function", None, f"{__name__}:scrub") in scrubbed.fields
    assert (reported.task, reported.change) == ("report", "changed")
    assert field("after", "clean", "clean, scrub") in reported.fields


def test_a_removed_task_is_told_and_what_came_after_it_hangs_elsewhere() -> None:
    @job(name="daily")
    def after(day: int = 1) -> int:
        return report(load(day))

    reported, cleaned = change(after).tasks
    assert cleaned == TaskChange(task="clean", change="removed", after=("load",))
    assert field("after", "clean", "load") in reported.fields


def test_a_renamed_task_is_no_removed_and_new_one_and_no_other_task_has_changed() -> None:
    @job(name="daily")
    def after(day: int = 1) -> int:
        return report(clean.named("tidy")(load(day)))

    assert change(after).tasks == (TaskChange(task="tidy", change="renamed", was="clean"),)


def test_a_task_renamed_with_its_function_is_known_by_its_place() -> None:
    @job(name="daily")
    def after(day: int = 1) -> int:
        return report(scrub(load(day)))

    (renamed,) = change(after).tasks
    assert (renamed.task, renamed.was, renamed.change) == ("scrub", "clean", "renamed")
    assert renamed.fields == (field("function", f"{__name__}:clean", f"{__name__}:scrub"),)


def test_several_renamed_tasks_in_a_row_are_known() -> None:
    @job(name="daily")
    def after(day: int = 1) -> int:
        return report.named("c")(clean.named("b")(load.named("a")(day)))

    assert [(each.task, each.was, each.fields) for each in change(after).tasks] == [
        ("a", "load", ()),
        ("b", "clean", ()),
        ("c", "report", ()),
    ]


def test_what_could_be_two_things_is_no_rename() -> None:
    @job(name="daily")
    def old(day: int = 1) -> None:
        load.named("a")(day)
        load.named("b")(day)

    @job(name="daily")
    def new(day: int = 1) -> None:
        load.named("c")(day)
        load.named("d")(day)

    found = change(new, old=definition(old))
    assert [(each.task, each.change) for each in found.tasks] == [
        ("c", "added"),
        ("d", "added"),
        ("a", "removed"),
        ("b", "removed"),
    ]


def test_jobs_come_and_go() -> None:
    found = compare({"gone": BEFORE}, {"new": {**BEFORE, "tasks": BEFORE["tasks"][:1]}})
    assert [(each.change.job, each.change.change, each.change.size) for each in found] == [
        ("new", "added", 1),
        ("gone", "removed", 3),
    ]


def test_a_job_with_the_tasks_of_one_that_went_is_renamed() -> None:
    (found,) = compare({"daily": BEFORE}, {"nightly": {**BEFORE, "name": "nightly"}})
    assert found.change == JobChange(
        job="nightly", change="renamed", was="daily", fields=(field("name", "daily", "nightly"),), size=3
    )


@pytest.mark.parametrize("digest", ["0" * 64, ""])
def test_digests_of_definitions_make_no_noise(digest: str) -> None:
    after = copy.deepcopy(BEFORE)
    for each in after["tasks"]:
        parameters = each["python_wheel_task"]["parameters"]
        parameters[1] = parameters[1].partition('"digest"')[0] + f'"digest":"{digest}"}}'
    (found,) = compare({"daily": BEFORE}, {"daily": after})
    assert found.change.change == "same"


def test_a_parameter_of_another_type_is_told() -> None:
    @job(name="daily")
    def old(day: str = "1") -> None:
        load(day)  # type: ignore[arg-type]  # as if the annotation had been another

    @job(name="daily")
    def new(day: int = 1) -> None:
        load(day)

    assert change(new, old=definition(old)).tasks == (
        TaskChange(task="load", change="changed", fields=(field("type of day", "str", "int"),)),
    )


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Jobs of some tasks of other kinds, each after some of those before it."""
    keys = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=5))
    tasks = []
    for number, key in enumerate(keys):
        parents = draw(st.sets(st.sampled_from(keys[:number]))) if number else ()
        settings = draw(st.dictionaries(st.sampled_from(["max_retries", "timeout_seconds"]), st.integers(0, 3)))
        needs = [{"task_key": parent} for parent in sorted(parents)]
        tasks.append(
            {"task_key": key, "depends_on": needs, "sql_task": {"query": draw(st.sampled_from("xyz"))}, **settings}
        )
    return {"name": "daily", "tasks": tasks}


@given(old=definitions(), new=definitions())
def test_every_task_is_told_of_once_and_what_is_told_is_all(old: Definition, new: Definition) -> None:
    (compared,) = compare({"daily": old}, {"daily": new})
    tasks = compared.change.tasks
    was = {each["task_key"] for each in old["tasks"]}
    now = {each["task_key"] for each in new["tasks"]}
    told = [each.task for each in tasks]
    assert len(told) == len(set(told))
    came = {each.task for each in tasks if each.change == "added"}
    went = {each.task for each in tasks if each.change == "removed"}
    renamed = {each.was: each.task for each in tasks if each.change == "renamed"}
    assert came | set(renamed.values()) == now - was
    assert went | set(renamed) == was - now
    assert (compared.change.change == "same") == (compare({"daily": new}, {"daily": old})[0].change.change == "same")


@given(same=definitions())
def test_nothing_differs_from_itself(same: Definition) -> None:
    (compared,) = compare({"daily": same}, {"daily": copy.deepcopy(same)})
    assert compared.change.change == "same"
