from lakewright.errors.authoring import DuplicateKeyError
from lakewright.errors.base import Location
from lakewright.model.diagnostics import Finding, findings_of


def test_a_finding_is_one_line_with_its_place_and_code() -> None:
    finding = Finding(code="no-task", message="job 'daily' has no task", location=Location("jobs.py", 3))
    assert str(finding) == "jobs.py:3: error: job 'daily' has no task [no-task]"


def test_an_error_that_stops_a_check_is_a_finding() -> None:
    error = DuplicateKeyError("twice", location=Location("jobs.py", 3), hint="Name one otherwise.")
    assert Finding.from_error(error) == Finding(
        code="duplicate-key", message="twice", location=Location("jobs.py", 3), hint="Name one otherwise."
    )


def test_all_that_stops_a_check_at_the_same_time_is_found() -> None:
    error = DuplicateKeyError("twice")
    error.more = (DuplicateKeyError("thrice"),)
    assert [each.message for each in findings_of(error)] == ["twice", "thrice"]
