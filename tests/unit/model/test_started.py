from dataclasses import replace
from typing import Final

from lakewright.errors.base import Location
from lakewright.model.binding import Argument, Binding, Constant, Output, ParameterValue
from lakewright.model.dag import Dag
from lakewright.model.job import JobDefinition
from lakewright.model.parameter import Parameter, ParameterType
from lakewright.model.reference import Reference
from lakewright.model.started import unstartable
from lakewright.model.task import Task, TaskSettings
from lakewright.model.validation import validate_all

CALL: Final = Location("jobs.py", 7)
MONTH: Final = Parameter(name="month", type=ParameterType(kind="int"))


def starting(name: str, starts: str, **given: Binding) -> JobDefinition:
    """A job with a task that starts another one."""
    arguments = tuple(Argument(parameter, binding) for parameter, binding in given.items())
    first = Task(key="load", function=Reference("jobs", "load"))
    task = Task(
        key="start",
        function=Reference("jobs", f"{starts}.start"),
        arguments=arguments,
        settings=TaskSettings(starts=starts),
        location=CALL,
    )
    return JobDefinition(name=name, dag=Dag(name=name, tasks=(first, task)))


DAILY: Final = JobDefinition(
    name="daily", dag=Dag(name="daily", tasks=(Task(key="load", function=Reference("jobs", "load")),))
)
MONTHLY: Final = replace(DAILY, name="monthly", dag=replace(DAILY.dag, name="monthly", parameters=(MONTH,)))


def messages(*jobs: JobDefinition) -> list[str]:
    return [finding.message for finding in unstartable(jobs)]


def test_a_job_that_is_deployed_along_can_be_started_with_constants_and_parameters() -> None:
    assert messages(starting("outer", "daily"), DAILY) == []
    assert messages(starting("outer", "monthly", month=Constant("2")), MONTHLY) == []
    assert messages(starting("outer", "monthly", month=ParameterValue("m")), MONTHLY) == []


def test_a_job_that_is_not_deployed_along_is_a_finding_at_the_call() -> None:
    (finding,) = validate_all([starting("outer", "dayly"), DAILY])
    assert finding.code == "started-job"
    assert finding.message == "task 'start' starts job 'dayly', which is not deployed with it; did you mean 'daily'?"
    assert finding.location == CALL


def test_an_output_cannot_be_given_to_a_run_of_its_own() -> None:
    assert messages(starting("outer", "monthly", month=Output("load")), MONTHLY) == [
        "task 'start' starts job 'monthly' with 'month', which is known only while the job runs"
    ]


def test_a_parameter_without_a_default_needs_a_value() -> None:
    assert messages(starting("outer", "monthly"), MONTHLY) == [
        "task 'start' starts job 'monthly' without a value for its parameter 'month'"
    ]


def test_jobs_that_start_each_other_would_never_end() -> None:
    assert messages(starting("a", "b"), starting("b", "a")) == [
        "job 'a' starts itself, by jobs that it starts: it would never end",
        "job 'b' starts itself, by jobs that it starts: it would never end",
    ]
