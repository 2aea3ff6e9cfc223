from typing import Any

import pytest

from lakewright.errors.authoring import SettingError
from lakewright.model.retry import NO_RETRY, Retry


def test_the_wait_grows_up_to_its_limit() -> None:
    retry = Retry(9, delay=2, backoff=3, max_delay=10)
    assert [retry.wait(failures) for failures in (1, 2, 3, 1_000_000)] == [2, 6, 10, 10]


def test_a_backoff_of_one_waits_the_same_each_time() -> None:
    retry = Retry(2, delay=0.5, backoff=1)
    assert [retry.wait(failures) for failures in (1, 2)] == [0.5, 0.5]


def test_by_default_nothing_is_tried_again() -> None:
    assert NO_RETRY.retries == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"retries": -1}, "Retry: retries=-1 is not a whole number, 0 or more"),
        ({"retries": 1.5}, "Retry: retries=1.5 is not a whole number"),
        ({"retries": True}, "Retry: retries=True is not a whole number"),
        ({"retries": 1, "delay": -1}, "Retry: delay=-1 is not a number, 0 or more"),
        ({"retries": 1, "backoff": "2"}, "Retry: backoff='2' is not a number"),
        ({"retries": 1, "max_delay": float("nan")}, "Retry: max_delay=nan is not a number"),
        ({"retries": 1, "delay": True}, "Retry: delay=True is not a number"),
    ],
)
def test_a_wrong_number_is_refused_where_it_is_written(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        Retry(**wrong)
