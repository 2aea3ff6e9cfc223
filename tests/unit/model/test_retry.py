from dataclasses import replace
from json import JSONDecodeError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ({"retries": 1, "jitter": 1.1}, "Retry: jitter=1.1 is not a number from 0 to 1"),
        ({"retries": 1, "jitter": -0.1}, "Retry: jitter=-0.1 is not a number from 0 to 1"),
        ({"retries": 1, "on": 7}, "Retry: on=7 is not a class of exceptions, the name of one"),
        ({"retries": 1, "on": int}, "Retry: on=<class 'int'> is not a class of exceptions"),
        ({"retries": 1, "on": "not a name"}, "Retry: on='not a name' is not a class of exceptions"),
        ({"retries": 1, "on": ("OSError", "ConectionError")}, "no exception of Python's own; did you mean 'Connection"),
    ],
)
def test_what_cannot_be_is_refused_where_it_is_written(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        Retry(**wrong)


@given(
    st.builds(Retry, st.just(9), delay=st.floats(0, 100), backoff=st.floats(0, 9), jitter=st.floats(0, 1)),
    st.integers(1, 9),
    st.floats(0, 1),
)
def test_chance_shortens_a_wait_by_no_more_than_its_part(retry: Retry, failures: int, chance: float) -> None:
    steady = replace(retry, jitter=0.0).wait(failures)
    assert steady * (1 - retry.jitter) <= retry.wait(failures, chance) <= steady <= retry.max_delay


def test_classes_and_their_names_are_the_same() -> None:
    named = Retry(2, on=("ConnectionError", "json.decoder.JSONDecodeError"))
    assert Retry(2, on=(ConnectionError, JSONDecodeError)) == named
    assert hash(Retry(2, on=(ConnectionError, JSONDecodeError))) == hash(named)
    assert Retry(2, on=ConnectionError) == Retry(2, on="ConnectionError")


def test_without_a_choice_it_follows_whatever_was_raised() -> None:
    assert Retry(2).follows(["KeyError"])
    assert not Retry(2, on=OSError).follows(["KeyError", "LookupError"])
