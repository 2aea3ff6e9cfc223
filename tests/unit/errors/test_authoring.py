import pytest

from lakewright.errors.authoring import CycleError, ParameterError, SettingError, UnknownTaskError, shown
from lakewright.errors.base import LakewrightError, Location


def test_an_unknown_setting_is_told_the_one_it_means() -> None:
    error = SettingError.unknown("@job on 'daily'", "max_concurent_runs", known=["max_concurrent_runs", "tags"])
    assert (
        str(error) == "@job on 'daily' got an unknown setting 'max_concurent_runs'; did you mean 'max_concurrent_runs'?"
    )


@pytest.mark.parametrize("kind", [LakewrightError, TypeError, ValueError])
def test_a_wrong_setting_is_caught_as_what_python_would_raise(kind: type[Exception]) -> None:
    with pytest.raises(kind, match="retries='two' is not a number"):
        raise SettingError.wrong("@task on 'clean'", "retries", "two", wanted="a number")


def test_an_unknown_task_is_no_quoted_key() -> None:
    error = UnknownTaskError("claen", known=["clean"], job="daily", location=Location("jobs.py", 14))
    assert str(error) == "jobs.py:14: no task 'claen' in job 'daily'; did you mean 'clean'?"


def test_a_cycle_is_shown_as_the_path_that_closes_it() -> None:
    assert "load -> clean -> load" in str(CycleError(["load", "clean"]))


def test_a_parameter_of_a_job_without_any_is_told_so() -> None:
    assert (
        str(ParameterError.unknown("day", job="daily", known=[])) == "job 'daily' has no parameter 'day'; it has none"
    )


def test_a_long_value_is_cut() -> None:
    assert len(shown("a" * 1000)) == 80
    assert shown([1]) == "[1]"
