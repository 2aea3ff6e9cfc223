"""Findings become diagnostics; errors keep jobs out."""

from lakewright import job, task
from lakewright.databricks.pydabs import resources
from lakewright.errors.base import Location
from lakewright.model.diagnostics import Finding
from lakewright.model.names import resource_key


@task
def load() -> int:
    return 1


@job(name="daily sales (EU)")
def daily() -> int:
    return load()


def test_a_job_is_added_under_a_key_made_of_its_name() -> None:
    found = resources([daily.definition], [])
    assert list(found.jobs) == ["daily_sales_EU"] == [resource_key(daily.name)]


def test_an_error_is_a_diagnostic_at_its_line_and_no_job_is_added() -> None:
    finding = Finding(code="no-task", message="job has no task", location=Location("jobs.py", 7), hint="Call one.")
    found = resources([daily.definition], [finding])
    (diagnostic,) = found.diagnostics.items
    assert diagnostic.as_dict() == {
        "severity": "error",
        "summary": "job has no task [no-task]",
        "detail": "Call one.",
        "location": {"file": "jobs.py", "line": 7, "column": 1},
    }
    assert not found.jobs


def test_a_warning_lets_the_jobs_through() -> None:
    found = resources([daily.definition], [Finding(code="w", message="m", severity="warning")])
    assert [each.severity.value for each in found.diagnostics.items] == ["warning"]
    assert found.jobs
