from datetime import date

import pytest

from lakewright import job, pipeline, task
from lakewright.errors.authoring import AuthoringError, CallError, ParameterError, SettingError

seen: list[str] = []


@task
def rows(day: date) -> list[int]:
    return list(range(day.day))


@task(retries=3)
def total(values: list[int]) -> int:
    return sum(values)


@task
def note(text: str) -> None:
    seen.append(text)


@job
def needy(day: date = date(2026, 11, 3)) -> int:
    found = rows(day)
    while len(found) < 5:
        found = found + found
    for each in found[:1]:
        note.after(found).named(f"n{each}")(f"{each}")
    return total.options(retries=1)(found) + sum(total.map([[1], [2]]))


def test_a_body_that_needs_values_runs_as_plain_python_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    seen.clear()
    assert needy.run(eager=True) == 9
    assert seen == ["0"]
    assert "no outputs are kept" in caplog.text


def test_parameters_are_read_as_for_any_run() -> None:
    assert needy.run(eager=True, params={"day": "2026-11-02"}) == 7
    with pytest.raises(ParameterError, match="has no parameter 'dya'; did you mean 'day'"):
        needy.run(eager=True, params={"dya": "2026-11-02"})


def test_nothing_falls_back_to_it() -> None:
    with pytest.raises(AuthoringError, match="`while`"):
        needy.run()


def test_what_a_task_raises_comes_out_unchanged() -> None:
    @task
    def fails() -> None:
        message = "as planned"
        raise ZeroDivisionError(message)

    @job
    def failing() -> None:
        fails()

    with pytest.raises(ZeroDivisionError, match="as planned"):
        failing.run(eager=True)


@pipeline
def doubled(values: list[int], times: int = 1) -> list[int]:
    for _ in range(times):
        values = values + values
    note("doubled")
    return values


four_times = doubled.bind(times=2)


@job
def needy_of_a_part(day: date = date(2026, 11, 3)) -> int:
    return total(four_times(rows(day)))


def test_a_pipeline_that_is_called_runs_as_plain_python_too() -> None:
    seen.clear()
    assert needy_of_a_part.run(eager=True) == 4 * (0 + 1 + 2)
    assert seen == ["doubled"]


def test_a_call_of_a_pipeline_is_checked_as_in_a_trace() -> None:
    @job
    def wrong() -> None:
        doubled(values=[1], tims=2)  # type: ignore[call-arg]  # what is tested

    with pytest.raises(CallError, match="there is no parameter 'tims'; did you mean 'times'"):
        wrong.run(eager=True)


def test_outside_of_a_body_a_pipeline_is_still_not_called() -> None:
    needy_of_a_part.run(eager=True)
    with pytest.raises(SettingError, match="'doubled' is not called"):
        doubled([1])
