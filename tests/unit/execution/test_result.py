"""What a run gave: a mapping, a status, errors at the user's own line."""

from pathlib import Path

import pytest

from lakewright import Retry, TaskFailedError, job, task
from lakewright.errors.running import NoResultError
from tests.unit.execution.runs import Runs


@task
def number() -> int:
    return 1


@task
def double(value: int) -> int:
    return 2 * value


@task
def fail(_value: int) -> int:
    message = "no file today"
    raise ValueError(message)


@task
def tidy() -> None: ...


@job
def good() -> dict[str, object]:
    value = number()
    return {"twice": double(value), "constants": [1, "a"], "none": None}


@job
def bad() -> int:
    value = fail(number())
    tidy.after(value).options(run_if="all_done")()
    return double(value)


@job
def handled() -> None:
    tidy.after(fail(number())).options(run_if="one_failed")()


def test_a_result_maps_keys_to_values_in_declaration_order(run: Runs) -> None:
    result = run(good)
    assert dict(result) == {"number": 1, "double": 2}
    assert (len(result), list(result), "number" in result) == (2, ["number", "double"], True)


def test_the_value_is_that_of_the_body_with_data_in_place_of_outputs(run: Runs) -> None:
    assert run(good).value == {"twice": 2, "constants": [1, "a"], "none": None}


def test_a_job_that_returns_nothing_has_no_value(run: Runs) -> None:
    @job
    def daily() -> None:
        number()

    assert run(daily).value is None


def test_tasks_that_did_not_succeed_are_absent_and_say_why(run: Runs) -> None:
    result = run(bad)
    assert dict(result) == {"number": 1, "tidy": None}
    with pytest.raises(NoResultError, match="task 'fail' has no result: it is failed"):
        result["fail"]
    with pytest.raises(NoResultError, match="task 'double' has no result: it is upstream_failed"):
        result["double"]
    with pytest.raises(KeyError):
        result["double"]
    assert result.get("double") is None
    assert "double" not in result


def test_a_key_that_no_task_has_is_an_error_with_a_suggestion(run: Runs) -> None:
    with pytest.raises(NoResultError, match="no task 'nubmer' in this run; did you mean 'number'"):
        run(good)["nubmer"]


def test_failures_are_in_the_result_and_raised_on_request_only(run: Runs) -> None:
    result = run(bad)
    assert result.status == "failed"
    assert str(result.outcomes["fail"].error) == "no file today"
    for ask in (result.raise_for_status, lambda: result.value):
        with pytest.raises(TaskFailedError) as caught:
            ask()
        assert str(caught.value) == f"{bad.dag.task('fail').location}: task 'fail' failed: ValueError: no file today"
        assert isinstance(caught.value.__cause__, ValueError)
        assert (caught.value.key, caught.value.attempts) == ("fail", 1)


def test_the_error_names_the_line_of_the_call_in_the_body() -> None:
    location = bad.dag.task("fail").location
    assert location is not None
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    assert location.file.endswith("test_result.py")
    assert lines[location.line - 1].strip() == "value = fail(number())"


def test_a_run_that_went_well_raises_nothing(run: Runs) -> None:
    run(good).raise_for_status()


def test_run_raises_what_execute_keeps(run: Runs) -> None:
    assert run(bad).status == "failed"
    with pytest.raises(TaskFailedError):
        bad.run()


def test_a_handled_failure_is_a_failure_here_and_none_for_the_platform(run: Runs) -> None:
    result = run(handled)
    assert (result.status, result.leaf_status) == ("failed", "success")


def test_a_failure_above_leaves_that_did_not_run_is_one_for_the_platform_too(run: Runs) -> None:
    result = run(bad)
    assert (result.status, result.leaf_status) == ("failed", "failed")


def test_states_attempts_and_times_are_kept(run: Runs) -> None:
    @job
    def daily() -> int:
        return fail.options(retries=Retry(2, delay=0))(number())

    result = run(daily)
    assert result.states == {"number": "success", "fail": "failed"}
    assert [outcome.attempts for outcome in result.outcomes.values()] == [1, 3]
    assert all(len(outcome.seconds) == outcome.attempts for outcome in result.outcomes.values())
    assert 0 < sum(result.outcomes["fail"].seconds) <= result.seconds


def test_a_result_shows_itself_in_one_line(run: Runs) -> None:
    assert repr(run(bad, run_id="r1")) == "<run 'r1' of 'bad': failed, 2 of 4 tasks succeeded>"
    assert repr(run(good, run_id="r1")) == "<run 'r1' of 'good': success, 2 of 2 tasks succeeded>"
