from dataclasses import replace

import pytest

from lakewright.model.changes import FieldChange, TaskChange
from lakewright.project.diff import JobDiff, PipelineDiff, WheelDiff
from lakewright.project.diff_rows import Row, counted, files, rows, wheels, wheels_in_all

RETRIES = FieldChange(field="retries", old="0", new="2")


def pipeline(*jobs: JobDiff) -> PipelineDiff:
    return PipelineDiff(pipeline="flights", change="changed", jobs=jobs)


def job(*tasks: TaskChange, **more: object) -> JobDiff:
    return JobDiff(**{"job": "daily", "change": "changed", "tasks": tasks, "size": 3, **more})  # type: ignore[arg-type]  # what a test says


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (
            job(TaskChange(task="clean", change="changed", fields=(RETRIES,))),
            Row("~", "daily.clean", field="retries", old="0", new="2"),
        ),
        (
            job(
                TaskChange(
                    task="join", change="added", after=("clean",), fields=(FieldChange(field="run_if", new="x"),)
                )
            ),
            Row("+", "daily.join", "new, after", names=("clean",), new="x"),
        ),
        (job(TaskChange(task="load", change="added")), Row("+", "daily.load", "new")),
        (job(TaskChange(task="old", change="removed")), Row("−", "daily.old", "removed", is_loud=True)),
        (
            job(TaskChange(task="tidy", change="renamed", was="clean")),
            Row("→", "daily.tidy", "renamed", old="clean", new="tidy"),
        ),
        (job(fields=(RETRIES,)), Row("~", "daily", field="retries", old="0", new="2")),
        (
            job(
                change="added",
                fields=(
                    FieldChange(field="schedule.quartz_cron_expression", new="0 0 6 * * ?"),
                    FieldChange(field="schedule.timezone_id", new="UTC"),
                ),
            ),
            Row("+", "daily", "new, 3 tasks", new="0 0 6 * * ?, UTC"),
        ),
        (
            job(change="removed"),
            Row("−", "daily", "removed with its 3 tasks, its runs and its schedule", is_loud=True),
        ),
    ],
)
def test_each_change_is_a_row(change: JobDiff, row: Row) -> None:
    assert rows(pipeline(change)) == (row,)


def test_of_a_renamed_job_its_name_is_told_once() -> None:
    renamed = job(change="renamed", was="nightly", fields=(FieldChange(field="name", old="nightly", new="daily"),))
    [row] = rows(pipeline(renamed))
    assert (row.sign, row.old, row.new, row.is_loud) == ("→", "nightly", "daily", True)


def test_what_is_lost_comes_first_and_all_else_stays_in_order() -> None:
    first, lost, last = (TaskChange(task=name, change="added") for name in "abc")
    changed = pipeline(job(first, replace(lost, change="removed"), last))
    assert [row.name for row in rows(changed)] == ["daily.b", "daily.a", "daily.c"]


def test_a_job_that_is_as_before_has_no_row() -> None:
    assert rows(pipeline(job(change="same"))) == ()
    assert counted(pipeline(job(change="same"))) == "definitions as before"


def test_changes_are_counted_by_kind() -> None:
    tasks = (TaskChange(task="a", change="added"), TaskChange(task="b", change="added"))
    assert counted(pipeline(job(*tasks), job(change="removed"), job(change="renamed"))) == (
        "− 1 job removed, 1 job renamed, ~ 1 job changed, + 2 tasks added"
    )


def test_packages_come_go_and_change_with_their_sizes() -> None:
    changed = PipelineDiff(
        pipeline="flights",
        change="same",
        wheels=(
            WheelDiff(name="a", new="1", new_size=2_000_000),
            WheelDiff(name="b", old="1", old_size=900),
            WheelDiff(name="c", old="1", new="2", old_size=5_000_000, new_size=5_000_001),
            WheelDiff(name="d", old="1", new="2"),
        ),
        wheels_before=7_000_000,
        wheels_now=9_000_000,
    )
    assert wheels(changed) == (
        ("+", "a 1", "2.0 MB"),
        ("−", "b 1", "0.9 kB"),
        ("~", "c 1 → 2", "5.0 MB"),
        ("~", "d 1 → 2", ""),
    )
    assert wheels_in_all(changed) == "9.0 MB in all, 7.0 MB before"


def test_the_first_files_are_named_and_the_others_counted() -> None:
    paths = tuple("abcde")
    assert files(PipelineDiff(pipeline="x", change="same", files=paths)) == (("a", "b", "c"), 2)
    assert files(PipelineDiff(pipeline="x", change="same", files=paths[:1])) == (("a",), 0)
