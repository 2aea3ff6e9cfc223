from datetime import date, datetime, timezone
from enum import Enum
from pathlib import Path
from typing import Any, Final, Literal

import pytest

from lakewright import job, job_start_date, task
from lakewright.errors.authoring import ParameterError, TraceError
from lakewright.errors.running import RunError
from lakewright.model.target import TargetValues
from lakewright.pipelines.arguments import check, new_run_id, parameter_texts, plan

NOW: Final = datetime(2026, 11, 20, 23, 30, tzinfo=timezone.utc)


class Carrier(Enum):
    UNITED = "UA"


@task
def seen(values: list[Any]) -> list[Any]:
    return values


@job
def daily(
    month: int,
    *,
    day: date = job_start_date(),
    mode: Literal["full", "quick"] = "full",
    carrier: Carrier = Carrier.UNITED,
    limits: list[int] = [1],  # noqa: B006  as users write it
    maybe: int | None = None,
) -> list[Any]:
    return seen([month, day, mode, carrier, limits, maybe])


@job
def nothing() -> None:
    """No task."""


def texts(**given: object) -> dict[str, str]:
    return parameter_texts(daily.body, given, now=NOW)


def test_every_parameter_has_a_text_given_or_by_default() -> None:
    assert texts(month=2, carrier=Carrier.UNITED, maybe=5) == {
        "month": "2",
        "day": "2026-11-20",
        "mode": "full",
        "carrier": "UNITED",
        "limits": "[1]",
        "maybe": "5",
    }


def test_a_value_may_be_given_as_its_text() -> None:
    as_text = texts(month="2", day="2013-01-31", limits="[3]", carrier="UNITED", maybe="")
    assert as_text == texts(month=2, day=date(2013, 1, 31), limits=[3], carrier=Carrier.UNITED, maybe=None)


def test_values_reach_the_run_in_their_types(tmp_path: Path) -> None:
    planned = plan(daily.body, {"month": "2", "day": "2013-01-31"}, target=TargetValues(root=str(tmp_path)))
    assert planned.parameters == {
        "month": 2,
        "day": date(2013, 1, 31),
        "mode": "full",
        "carrier": Carrier.UNITED,
        "limits": [1],
        "maybe": None,
    }


WRONG: Final[dict[str, dict[str, object]]] = {
    "job 'daily' has no parameter 'mont'; did you mean 'month'?": {"mont": 1},
    "parameter 'month': 'two' is not of type int": {"month": "two"},
    "parameter 'month': 1.5 is not of type int": {"month": 1.5},
    "parameter 'month': True is not of type int": {"month": True},
    "parameter 'month': None is not of type int": {"month": None},
    "parameter 'month': '' is not of type int": {"month": ""},
    "parameter 'day': '31.1.2013' is not of type date": {"day": "31.1.2013"},
    "parameter 'mode': 'fulll' is not of type 'full' or 'quick'": {"mode": "fulll"},
    "parameter 'carrier': 'UA' is not of type Carrier": {"carrier": "UA"},
    "parameter 'limits': {'a': 1} is not of type list": {"limits": {"a": 1}},
    "parameter 'limits': [datetime.date(2013, 1, 31)] is not of type list": {"limits": [date(2013, 1, 31)]},
}


@pytest.mark.parametrize("message", WRONG)
def test_a_wrong_parameter_is_told_with_the_line_of_the_job(message: str) -> None:
    for refuse in (lambda given: check(daily.body, given), lambda given: texts(**{"month": 1, **given})):
        with pytest.raises(ParameterError) as caught:
            refuse(WRONG[message])
        assert caught.value.message == message
        assert caught.value.location == daily.body.location


def test_a_parameter_without_value_and_default_is_told_with_the_way_out() -> None:
    with pytest.raises(ParameterError, match="job 'daily' needs a value for parameter 'month'\n  Give it: -p month=…"):
        texts()


def test_a_parameter_of_a_job_without_any_is_told_so() -> None:
    with pytest.raises(ParameterError, match="job 'nothing' has no parameter 'month'; it has none"):
        check(nothing.body, {"month": 1})


def test_run_ids_sort_by_time_and_differ() -> None:
    first, second = new_run_id(NOW), new_run_id(NOW)
    assert first != second
    assert first[:15] == second[:15] == "20261120-233000"


def test_a_job_without_tasks_does_not_run() -> None:
    with pytest.raises(TraceError, match="job 'nothing' has no task\n  Call at least one @task") as caught:
        nothing.execute()
    assert caught.value.location == nothing.body.location


@pytest.mark.parametrize("run_id", ["a/b", "..", "a b"])
def test_a_run_id_that_is_no_folder_is_refused(run_id: str, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="may hold only letters"):
        daily.execute(params={"month": 1}, run_id=run_id, target=TargetValues(root=str(tmp_path)))
    assert list(tmp_path.iterdir()) == []
