from dataclasses import replace

from lakewright.errors.base import Location
from lakewright.model.dag import Dag
from lakewright.model.job import JobDefinition, JobSettings


def test_a_job_that_says_nothing_has_the_wheels_of_its_bundle_and_one_run_at_a_time() -> None:
    settings = JobDefinition(name="daily", dag=Dag(name="daily")).settings
    assert settings == JobSettings()
    assert (settings.libraries, settings.max_concurrent_runs, settings.schedule) == (("./dist/*.whl",), 1, None)


def test_the_line_of_a_job_makes_no_other_definition_of_it() -> None:
    job = JobDefinition(name="daily", dag=Dag(name="daily"), location=Location("jobs.py", 3))
    assert job == replace(job, location=Location("jobs.py", 9))
    assert job != replace(job, settings=JobSettings(timeout=60.0))
