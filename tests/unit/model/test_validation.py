from dataclasses import replace
from typing import Final

import pytest

from lakewright.errors.base import Location
from lakewright.model.compute import Compute, ExistingCluster, JobCluster, Serverless
from lakewright.model.dag import Dag
from lakewright.model.job import JobDefinition, JobSettings
from lakewright.model.parameter import Parameter, ParameterType
from lakewright.model.reference import Reference
from lakewright.model.task import Task, TaskSettings
from lakewright.model.trigger import Cron
from lakewright.model.validation import errors, validate, validate_all

HERE: Final = Location("jobs.py", 3)
CALL: Final = Location("jobs.py", 7)
CLUSTER: Final = JobCluster("main", "16.4.x-scala2.12", "m5.large", 1)


def task(key: str = "clean", *, compute: Compute | None = None, databricks: str = "{}") -> Task:
    settings = TaskSettings(compute=compute, databricks=databricks)
    return Task(key=key, function=Reference("flights.tasks", "clean"), settings=settings, location=CALL)


def parameter(name: str, default: str | None) -> tuple[Parameter, ...]:
    return (Parameter(name=name, type=ParameterType(kind="str"), default=default),)


def job(
    *tasks: Task, name: str = "daily", settings: JobSettings | None = None, parameters: tuple[Parameter, ...] = ()
) -> JobDefinition:
    dag = Dag(name=name, tasks=tasks or (task(),), parameters=parameters)
    return JobDefinition(name=name, dag=dag, settings=settings or JobSettings(), location=HERE)


def test_a_sound_job_has_no_findings() -> None:
    settings = JobSettings(schedule=Cron("0 6 * * *"), compute=CLUSTER, tags=(("team", "ops"),))
    assert validate(job(task(), task("load"), settings=settings, parameters=parameter("day", "2013-01-31"))) == ()


def hidden(name: str, *, job_name: str = "daily", module: str = "flights.jobs") -> JobDefinition:
    """A job with a task that is defined inside a function."""
    found = replace(task(), function=Reference("flights.jobs", name))
    return replace(job(found), function=Reference(module, job_name))


WRONG: Final = {
    "job-name": job(name="ä" * 2049),
    "task-key": job(task("a b")),
    "no-task": replace(job(), dag=Dag(name="daily")),
    "too-many-tasks": job(*(task(f"t{number}") for number in range(1001))),
    "too-many-tags": job(settings=JobSettings(tags=tuple((f"tag{number}", "") for number in range(26)))),
    "description": job(settings=JobSettings(description="a" * 27_701)),
    "concurrent-runs": job(settings=JobSettings(max_concurrent_runs=1001)),
    "parameter-name": job(parameters=parameter("größe", "1")),
    "parameter-default": job(settings=JobSettings(schedule=Cron("0 6 * * *")), parameters=parameter("day", None)),
    "parameters": job(parameters=parameter("text", "ä" * 5000)),
    "triggers": job(settings=JobSettings(schedule=Cron("0 6 * * *"), databricks='{"continuous": {}}')),
    "two-computes": job(task(compute=CLUSTER, databricks='{"existing_cluster_id": "x"}')),
    "serverless-libraries": job(task(databricks='{"libraries": []}')),
    "hidden-task": hidden("helper.<locals>.clean"),
    "cluster-name": job(task(compute=CLUSTER), task("load", compute=replace(CLUSTER, workers=2))),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_the_platform_would_refuse_is_found_with_its_line(code: str) -> None:
    (finding,) = validate(WRONG[code])
    assert finding.code == code
    assert finding.location in {HERE, CALL}
    assert finding.severity == "error"


@pytest.mark.parametrize(
    "right",
    [
        job(*(task(f"t{number}") for number in range(1000))),
        job(task(compute=ExistingCluster("x"), databricks='{"libraries": []}')),
        job(task(databricks='{"existing_cluster_id": "x", "libraries": []}')),
        job(task(compute=CLUSTER), task("load", compute=CLUSTER)),
        job(task(compute=Serverless("2")), settings=JobSettings(compute=CLUSTER)),
        job(parameters=parameter("day", None)),
        hidden("daily.<locals>.clean"),
        hidden("clean"),
    ],
)
def test_what_the_platform_takes_is_no_finding(right: JobDefinition) -> None:
    assert validate(right) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        hidden("daily.<locals>.clean", module="flights.others"),
        hidden("make.<locals>.daily.<locals>.clean", job_name="make.<locals>.daily"),
    ],
)
def test_a_task_that_its_own_process_could_not_find_is_a_finding(wrong: JobDefinition) -> None:
    (finding,) = validate(wrong)
    assert finding.code == "hidden-task"


def test_two_ways_to_name_a_cluster_in_the_platforms_own_words_are_two_computes() -> None:
    (finding,) = validate(job(task(databricks='{"existing_cluster_id": "x", "job_cluster_key": "y"}')))
    assert finding.message == "task 'clean' names more than one compute: existing_cluster_id, job_cluster_key"


def test_all_findings_of_all_jobs_come_at_once() -> None:
    found = validate_all([WRONG["no-task"], WRONG["two-computes"], WRONG["description"]])
    assert [finding.code for finding in found] == [
        "no-task",
        "two-computes",
        "description",
        "duplicate-job",
        "duplicate-job",
    ]


def test_a_second_job_of_one_name_is_told_where_the_first_is() -> None:
    (finding,) = validate_all([job(), replace(job(), location=Location("more.py", 9))])
    assert str(finding) == "more.py:9: error: two jobs are called 'daily' (the first is at jobs.py:3) [duplicate-job]"


def test_two_names_that_are_one_in_the_bundle_are_told_with_both() -> None:
    (finding,) = validate_all([job(name="daily-sales"), job(name="daily_sales"), job(name="daily_sales_2")])
    said = "jobs 'daily-sales' and 'daily_sales' are both 'daily_sales' in their bundle (the first is at jobs.py:3)"
    assert (finding.code, finding.message) == ("duplicate-job", said)


def test_only_errors_stop_a_deployment() -> None:
    (finding,) = validate(WRONG["no-task"])
    assert errors([finding, replace(finding, severity="warning")]) == (finding,)


@pytest.mark.parametrize(
    ("compute", "version"),
    [
        (Serverless("50"), "serverless environment version '50'"),
        (JobCluster("main", "61.4.x-scala2.12", "m5.large", 1), "runtime '61.4.x-scala2.12'"),
    ],
)
def test_a_version_that_this_release_does_not_know_is_a_warning_once(compute: Compute, version: str) -> None:
    (finding,) = validate(job(task(), task("load"), settings=JobSettings(compute=compute)))
    assert (finding.code, finding.severity, finding.location) == ("unknown-runtime", "warning", HERE)
    assert f"does not know the {version}; it knows 1" in finding.message
    (finding,) = validate(job(task(compute=compute)))
    assert finding.location == CALL


def test_a_version_that_the_bundle_gives_is_not_judged() -> None:
    assert validate(job(settings=JobSettings(compute=JobCluster("main", "${var.runtime}", "m5.large", 1)))) == ()


def test_an_alert_that_takes_all_failures_and_misses_one_is_told_to_take_one() -> None:
    made = Dag.from_edges([("load", "clean"), ("load", "parse"), ("clean", "alert"), ("parse", "alert")])
    alert = replace(made.task("alert"), settings=TaskSettings(run_if="all_failed"), location=CALL)
    (finding,) = validate(job(*made.tasks[:3], alert))
    assert str(finding) == (
        "jobs.py:7: warning: task 'alert' (run_if='all_failed') keeps silent when 'load' fails: "
        "'clean' and 'parse' do not run then, which is no failure to watch [silent-alert]"
    )
    assert finding.hint == "Let it wait for 'load' with run_if='one_failed'."


def test_failures_that_silence_an_alert_together_are_named_together() -> None:
    made = Dag.from_edges([("left", "either"), ("right", "either"), ("either", "alert")])
    tasks = [replace(each, settings=TaskSettings(run_if="one_success")) for each in made.tasks[:3]]
    alert = replace(made.task("alert"), settings=TaskSettings(run_if="one_failed"))
    (finding,) = validate(job(*tasks, alert))
    assert "keeps silent when 'left' and 'right' fail: 'either' does not run then" in finding.message


def test_a_cleanup_that_a_good_run_leaves_out_is_told() -> None:
    made = Dag.from_edges([("load", "alert"), ("alert", "clear")])
    alert = replace(made.task("alert"), settings=TaskSettings(run_if="one_failed"))
    clear = replace(made.task("clear"), settings=TaskSettings(run_if="all_done"), location=CALL)
    (finding,) = validate(job(made.task("load"), alert, clear))
    assert str(finding) == (
        "jobs.py:7: warning: task 'clear' (run_if='all_done') does not run when nothing fails: "
        "all that it waits for is excluded [skipped-cleanup]"
    )
